/** Why a Terraform (or OpenTofu) failed, as an error of the catalogue: what it says in prose is judged here. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { fail, type SshTrustError } from "../errors/catalogue.js";
import { shellWord } from "../ground/shell-word.js";
import { inOneLine, readError, readLock } from "./machine-output.js";

export interface Failed {
  readonly binary: string;
  readonly dir: string;
  /** What it was called with, such as ["init"]. */
  readonly args: readonly string[];
  readonly stdout: string;
  /** Its standard output and error. */
  readonly all: string;
  readonly shortMessage?: string | undefined;
}

/** Where it keeps a state that its backend did not take. */
const unsaved = "errored.tfstate";

/** OpenTofu, which was told another key, none, or one for a state without; and Terraform, which knows of no encryption. */
const otherEncryption =
  /encountered (?:un)?encrypted payload without .*?configured|decryption failed for all provided methods|state file is encrypted and can ?not be read|does not have a "version" attribute/;

export function failureOf({ binary, dir, args, stdout, all, shortMessage }: Failed, cause: Error): SshTrustError {
  const [verb = ""] = args;
  const said = readError(stdout) ?? reasonIn(all);
  const reason = said || (shortMessage ?? "it failed");
  const called = { binary: shellWord(binary), dir: shellWord(dir) };
  const lock = readLock(all);
  if (lock !== undefined) return fail("STATE_LOCKED", { ...lock, ...called }, cause);
  const encryption = otherEncryption.exec(reason)?.[0];
  if (verb !== "apply" && encryption !== undefined) return fail("STATE_ENCRYPTION_OTHER", { reason: encryption }, cause);
  if (reason.startsWith("Error acquiring the state lock"))
    return fail(
      "STATE_UNREACHABLE",
      { reason: reason.replace(/ Terraform acquires a state lock .*| OpenTofu acquires .*/, "") },
      cause,
    );
  if (verb === "state" || (verb === "init" && endedAtBackend(all))) return fail("STATE_UNREACHABLE", { reason }, cause);
  if (verb === "init" && /provider/i.test(reason)) return fail("PROVIDER_MISSING", { reason }, cause);
  if (reason.startsWith("Saved plan is stale")) return fail("STATE_CHANGED", undefined, cause);
  if (verb === "apply") {
    const size = sizeOf(join(dir, unsaved));
    if (/^Failed to (save|write|persist) /.test(reason) || (said === "" && size === 0)) {
      const why = said === "" ? "the disk is full, as it seems" : reason;
      return fail("STATE_NOT_SAVED", { ...called, reason: why, file: size > 0 ? unsaved : undefined }, cause);
    }
  }
  return fail("TERRAFORM_FAILED", { command: `${binary.replace(/^.*\//, "")} ${verb}`, reason }, cause);
}

/** Init comes to the backend first, and to providers next. */
const endedAtBackend = (output: string): boolean =>
  /Initializing the backend/.test(output) && !/Initializing provider plugins/.test(output);

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? -1;

/** The first error in prose; what is for machines says nothing here. */
function reasonIn(output: string): string {
  const prose = stripVTControlCharacters(output).replaceAll(/^\{"@level".*$/gm, "");
  const [, error] = /Error: ([\s\S]*?)(?:\n\s*with |\n\s*on |\n\n\n|$)/.exec(prose) ?? [];
  return inOneLine(error ?? prose);
}
