/** Waiting until what was started does what it was started for. */
import { fail } from "../errors/catalogue.js";
import type { Engine } from "./engine.js";
import { inspectContainer } from "./inspect.js";
import { logOf } from "./log.js";
import { waitUntil } from "../../src/ground/wait.js";

/** A condition that a started container must meet. */
export interface Ready {
  /** What is waited for, as a person would say it. */
  readonly what: string;
  readonly seconds: number;
  /** The command to try it again with, for the hint. */
  readonly again: string;
  readonly check: () => Promise<boolean>;
  /** Milliseconds between two checks; 50 where it is left out. */
  readonly every?: number;
  readonly signal?: AbortSignal | undefined;
}

/** @throws CONTAINER_NOT_READY, with the end of its log */
export async function waitUntilReady(engine: Engine, name: string, ready: Ready): Promise<void> {
  const runs = async () => (await inspectContainer(engine, name))?.running ?? false;
  const last = { isReady: false };
  await waitUntil(async () => (last.isReady = await ready.check()) || !(await runs()), ready);
  if (last.isReady || (await ready.check())) return;
  const running = await runs();
  const log = (await logOf(engine, name, { lines: 12 })).trim();
  const waited = running ? `${String(ready.seconds)} s for ${ready.what}` : `${ready.what}, but it ended`;
  throw fail("CONTAINER_NOT_READY", { name, waited, again: ready.again, log: log === "" ? "" : `; its log ends:\n${log}` });
}
