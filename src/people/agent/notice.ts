/**
 * Two files for plain ssh, whose configuration has a shell command print why no certificate can come: one says that the agent runs, one why
 * nobody can log in by it.
 */
import { readFile, rm } from "node:fs/promises";
import { writeFileAtomically } from "../../ground/atomic-file.js";
import { printable } from "../../ground/printable.js";
import type { AgentPlace } from "./place.js";

export interface Notice {
  /** @param problem undefined: somebody can log in. Nothing is thrown: where it cannot be written, nothing is told */
  tell(problem: string | undefined): void;
  /** The agent ends: both files go, unless they are another agent's by now. */
  end(): Promise<void>;
}

export function openNotice({ pid, notice }: Pick<AgentPlace, "pid" | "notice">, self = process.pid): Notice {
  const own = `${String(self)}\n`;
  let ended = false;
  let told: string | undefined;
  const begin = async () => {
    await writeFileAtomically(pid, own, 0o600);
    await rm(notice, { force: true }); // of an agent before this one
  };
  let writing = begin().catch(() => undefined);
  const isOurs = async () => (await readFile(pid, "utf8").catch(() => undefined)) === own;
  return {
    tell(problem) {
      if (ended || problem === told) return;
      told = problem;
      const write = async () => {
        if (!(await isOurs())) return;
        if (problem === undefined) await rm(notice, { force: true });
        else await writeFileAtomically(notice, `ssh-trust: ${printable(problem)}\n`, 0o600);
      };
      writing = writing.then(write).catch(() => undefined);
    },
    async end() {
      ended = true;
      const remove = async () => {
        if (await isOurs()) for (const each of [notice, pid]) await rm(each, { force: true });
      };
      writing = writing.then(remove).catch(() => undefined);
      await writing;
    },
  };
}
