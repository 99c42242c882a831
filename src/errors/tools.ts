/** Errors of the programs that are called, and of fetching them. */
import type { Entry, Fields } from "./entry.js";
import { docsPage, verb, type Advice } from "./hint.js";

export const toolsErrors = {
  TOOL_MISSING: {
    message: (p: Fields<"tool" | "why">) => `${p.tool} is not installed (${p.why})`,
    /** `kind`: "found" where a search of ours had found it before, "named" where the person did; otherwise it is a package's. */
    hint: (p: Readonly<{ how: Advice | readonly Advice[]; kind?: "found" | "named" }>) => p.how,
    exit: 1,
  },
  TOOL_TOO_OLD: {
    message: (p: Fields<"tool" | "version" | "needed">) => `${p.tool} is ${p.version}, but ${p.needed} or later is needed`,
    hint: (p: Readonly<{ how: Advice | readonly Advice[] }>) => p.how,
    exit: 1,
  },
  FETCH_FAILED: {
    message: (p: Fields<"what" | "reason">) => `${p.what} could not be fetched: ${p.reason}`,
    hint: () => ({ say: "check the network (and your proxy settings), then run the same command again" }),
    exit: 1,
  },
  CHECKSUM_MISMATCH: {
    message: (p: Fields<"what" | "expected" | "actual">) => `${p.what} has checksum ${p.actual}, but ${p.expected} was expected`,
    hint: () => [
      { say: "do not use it; remove the downloads", run: 'rm -rf "${XDG_CACHE_HOME:-$HOME/.cache}/ssh-trust"' },
      { say: "then run the same command again" },
    ],
    exit: 1,
  },
  OPERATOR_PACKAGES_MISSING: {
    message: (p: Fields<"missing">) =>
      `${p.missing} is not installed: it is one of the optional packages that write Terraform's configuration`,
    hint: (p: Fields<"command">) => ({ say: "install them beside this package", run: p.command }),
    exit: 1,
  },
  ROLES_FILE_MISSING: {
    message: (p: Fields<"file" | "reason">) => `the file of roles ${p.file} cannot be read: ${p.reason}`,
    hint: () => ({ say: "name a file of roles; its format is shown by", run: verb("synth --help") }),
    exit: 1,
  },
  ROLES_FILE_INVALID: {
    message: (p: Fields<"file" | "problem">) => `${p.file} does not describe SSH CAs: ${p.problem}`,
    hint: () => [
      { say: "correct the file; all that it may contain", run: docsPage("roles.md") },
      { say: "the shortest example is in", run: verb("synth --help") },
    ],
    exit: 1,
  },
  TERRAFORM_FAILED: {
    message: (p: Fields<"command" | "reason">) => `${p.command} failed: ${p.reason}`,
    hint: () => ({ say: "to see its whole output, run the same command with --debug" }),
    exit: 1,
  },
  PROVIDER_MISSING: {
    message: (p: Fields<"reason">) => `Terraform cannot find its Vault provider: ${p.reason}`,
    hint: () => ({
      say: "make sure that it can reach its registry, or name a mirror in the file of TF_CLI_CONFIG_FILE; to see what it finds now",
      run: "terraform providers",
    }),
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
