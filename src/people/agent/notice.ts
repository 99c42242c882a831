/** Why nobody can log in by the agent, in a file: ssh says no more than "Permission denied", so its configuration has this told. */
import { rm } from "node:fs/promises";
import { writeFileAtomically } from "../../ground/atomic-file.js";
import { printable } from "../../ground/printable.js";

export interface Notice {
  /** @param problem undefined: somebody can log in. Nothing is thrown: where it cannot be written, nothing is told */
  tell(problem: string | undefined): void;
  /** Takes it away, after what was told before. */
  end(): Promise<void>;
}

export function openNotice(path: string): Notice {
  let told: string | undefined;
  let writing = rm(path, { force: true }).catch(() => undefined); // of an agent before this one
  return {
    tell(problem) {
      if (problem === told) return;
      told = problem;
      const write = async () => {
        if (problem === undefined) await rm(path, { force: true });
        else await writeFileAtomically(path, `ssh-trust: ${printable(problem)}\n`, 0o600);
      };
      writing = writing.then(write).catch(() => undefined);
    },
    async end() {
      writing = writing.then(() => rm(path, { force: true })).catch(() => undefined);
      await writing;
    },
  };
}
