/** What helps with the toolkit's errors in the lab, where an npm task does it. Every other error has its own hint. */
import type { ErrorCode } from "../errors/catalogue.js";
import type { SshTrustError } from "../../src/errors/failure.js";
import type { Advice, Hint } from "../../src/errors/hint.js";
import { task } from "../errors/task.js";
import { tasksOf } from "../roles.js";
import { defaultLab, inLab } from "../names.js";

type Fields = Readonly<Record<string, unknown>>;

const hints: Partial<Record<ErrorCode, (fields: Fields) => Hint>> = {
  FETCH_FAILED: () => [{ say: "check the network (and your proxy settings), then run", run: task("prepare") }],
  CHECKSUM_MISMATCH: () => [
    {
      say: "do not use it; remove the downloads, and fetch them again",
      run: `${task("clean", "--all")} && ${task("prepare")}`,
    },
  ],
  PROVIDER_MISSING: () => [{ say: "fetch or build it", run: task("prepare") }],
  VAULT_UNREACHABLE: () => [
    { say: "start the lab's own", run: task("start-vault") },
    { say: "where VAULT_ADDR names another, correct it, or use the lab's own", run: "unset VAULT_ADDR" },
  ],
  VAULT_TOKEN_MISSING: () => [
    { say: "sign in", run: "vault login" },
    { say: "or use the lab's own server", run: "unset VAULT_ADDR" },
  ],
  VAULT_TOKEN_REFUSED: () => [
    { say: "it may have expired; sign in again, or export a new VAULT_TOKEN", run: "vault login" },
    { say: "or use the lab's own server", run: "unset VAULT_ADDR" },
  ],
  VAULT_MOUNT_MISSING: ({ mount }) => make(mount, "apply"),
  VAULT_ROLE_MISSING: ({ mount }) => make(mount, "apply"),
  CA_NOT_GENERATED: ({ mount }) => make(mount, "generate"),
  VAULT_NOT_OURS: () => [{ say: "look at it first; to take it over and change it", run: task("terraform-apply-…", "--adopt") }],
  FLEET_NOT_OURS: () => [{ say: "look at it first; to take it over and change it", run: task("apply-fleet", "--adopt") }],
  FLEET_OTHER_VAULT: ({ how }) => asked(how),
  STATE_DAMAGED: ({ file }) => [
    { say: "remove it, and take over what Vault has", run: `rm ${String(file)} && ${task("apply-fleet", "--adopt")}` },
  ],
  HOST_IN_NO_GROUP: () => [
    { say: "take a name that a group has, or add this one to a group of the fleet file, then", run: task("apply-fleet") },
  ],
  HOST_ENROLLED: ({ name }) => [
    { say: "take another name" },
    {
      say: "or, if that host is gone or may lose its identity, replace it",
      run: task("cloud", `launch ${String(name).replace(/\..*$/, "")} --signed --adopt`),
    },
  ],
  KEY_FILE_MISSING: () => [
    { say: "correct the path, or create a key there", run: "ssh-keygen -t ed25519 -f <file>" },
    { say: "the lab's own keys", run: task("prepare") },
  ],
  TOOL_MISSING: ({ kind, how }) => {
    const install = {
      say: "or, as root on Debian or Ubuntu, install everything that is missing",
      run: task("prepare", "--install"),
    };
    const fetched: Advice = { say: "find or fetch it", run: task("prepare") };
    if (kind === "named") return asked(how);
    return kind === "found" ? [fetched, ...asked(how)] : [...asked(how), install];
  },
  VAULT_SIGN_DENIED: ({ mount }) => [
    { say: "ask for what the role allows, or change lab/roles.ts and apply it", run: taskFor(mount, "apply") },
  ],
};

const asked = (how: unknown): Hint => [how as Advice | readonly Advice[]].flat();

const make = (mount: unknown, what: "apply" | "generate"): Hint => [{ say: "create it", run: taskFor(mount, what) }];

/** The task of the tutorial's mount; for any other, the kind of task. */
function taskFor(mount: unknown, what: "apply" | "generate"): string {
  const tasks = Object.entries(tasksOf).find(([known]) => known === mount)?.[1];
  return task(tasks?.[what] ?? (what === "apply" ? "terraform-apply-…" : "generate-…-signing-key"));
}

/** The error's own hint, unless a task mends it. @param lab tasks are told for this one */
export function hintFor({ code, fields, hint }: SshTrustError, lab = defaultLab): Hint {
  const own = Object.entries(hints).find(([known]) => known === code)?.[1];
  return (own === undefined ? hint : own(fields)).map((advice) => told(advice, lab));
}

/** Whoever follows a hint of one lab does not mean to do it to another. */
function told({ say, run }: Advice, lab: string): Advice {
  if (run === undefined) return { say };
  return { say, run: typeof run === "string" ? inLab(lab, run) : run };
}
