/** Errors of the programs that are called, and of fetching them. */
import type { Entry, Fields } from "./entry.js";

export const toolsErrors = {
  TOOL_MISSING: {
    message: (p: Fields<"tool" | "why">) => `${p.tool} is not installed (${p.why})`,
    hint: (p: Fields<"how">) => p.how,
    exit: 1,
  },
  TOOL_TOO_OLD: {
    message: (p: Fields<"tool" | "version" | "needed">) => `${p.tool} is ${p.version}, but ${p.needed} or later is needed`,
    hint: (p: Fields<"how">) => p.how,
    exit: 1,
  },
  FETCH_FAILED: {
    message: (p: Fields<"what" | "reason">) => `${p.what} could not be fetched: ${p.reason}`,
    hint: () => "check the network (and your proxy settings), then run: npm run prepare",
    exit: 1,
  },
  CHECKSUM_MISMATCH: {
    message: (p: Fields<"what" | "expected" | "actual">) => `${p.what} has checksum ${p.actual}, but ${p.expected} was expected`,
    hint: () => "do not use it; remove the cache and fetch it again: npm run clean -- --all && npm run prepare",
    exit: 1,
  },
  TERRAFORM_FAILED: {
    message: (p: Fields<"command" | "reason">) => `${p.command} failed: ${p.reason}`,
    hint: () => "see all that it said: run the same command with --debug",
    exit: 1,
  },
  PROVIDER_MISSING: {
    message: (p: Fields<"reason">) => `Terraform cannot find its Vault provider: ${p.reason}`,
    hint: () => "have it fetched or built: npm run prepare",
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
