/** Waiting until what was started does what it was started for. */
import { fail } from "../../src/errors/catalogue.js";
import type { Engine } from "./engine.js";
import { inspectContainer } from "./inspect.js";
import { logOf } from "./log.js";

/** A condition that a started container must meet. */
export interface Ready {
  /** What is waited for, as a person would say it. */
  readonly what: string;
  readonly seconds: number;
  /** The command to try it again with, for the hint. */
  readonly again: string;
  readonly check: () => Promise<boolean>;
}

/** @throws CONTAINER_NOT_READY, with the end of its log */
export async function waitUntil(engine: Engine, name: string, ready: Ready): Promise<void> {
  const end = Date.now() + ready.seconds * 1000;
  while (!(await ready.check())) {
    const running = (await inspectContainer(engine, name))?.running ?? false;
    if (!running || Date.now() > end) {
      const log = (await logOf(engine, name, { lines: 12 })).trim();
      const waited = running ? `${String(ready.seconds)} s for ${ready.what}` : `${ready.what}, but it ended`;
      throw fail("CONTAINER_NOT_READY", { name, waited, again: ready.again, log: log === "" ? "" : `; its log ends:\n${log}` });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
