/** What an error says to run, for the fleet file and the server that this apply was called with. */
import { isFailure, SshTrustError } from "../../../errors/catalogue.js";
import type { Hint } from "../../../errors/hint.js";
import { fleetFileName } from "../../../fleet/read-fleet-file.js";
import { shellWord } from "../../../ground/shell-word.js";
import type { ApplyOptions } from "./options.js";

/** @returns the error; where it says to run `apply`, with the options that say where */
export function asCalled(error: unknown, { file, vault, withoutTerraform }: ApplyOptions): unknown {
  if (!isFailure(error)) return error;
  const given = [
    ...(file === fleetFileName ? [] : [["--file", shellWord(file)]]),
    ...(vault === undefined ? [] : [["--vault", shellWord(vault)]]),
    ...(withoutTerraform === true ? [["--without-terraform"]] : []),
  ];
  const hint: Hint = error.hint.map((advice) => {
    const { run } = advice;
    if (typeof run !== "object" || !/^apply\b/.test(run.verb)) return advice;
    const missing = given.filter(([name = ""]) => !run.verb.includes(name));
    return { ...advice, run: { verb: [run.verb, ...missing.flat()].join(" ") } };
  });
  const { code, message, exit, fields, cause } = error;
  return new SshTrustError(code, message, hint, exit, fields, { cause });
}
