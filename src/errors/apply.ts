/** Errors of bringing Vault to what a fleet file says. */
import type { Entry, Fields } from "./entry.js";
import { vaultCall, verb, type Advice } from "./hint.js";

export const applyErrors = {
  FLEET_OTHER_VAULT: {
    message: (p: Fields<"file" | "variable" | "given" | "wanted">) =>
      `${p.file} names ${p.wanted}, but ${p.variable} is ${p.given}`,
    hint: (p: Readonly<{ variable: string; how: Advice }>) => [
      { say: "use what the file names", run: `unset ${p.variable}` },
      p.how,
    ],
    exit: 1,
  },
  FLEET_OTHER_SERVER: {
    message: (p: Fields<"before" | "now">) => `Terraform's state belongs to ${p.before}, but this server is ${p.now}`,
    hint: () => [
      { say: "give each server a fleet file and a state of its own" },
      {
        say: "if it is the same Vault, restored or replicated, see what would change, then apply without --plan",
        run: verb("apply --plan --adopt"),
      },
    ],
    exit: 1,
  },
  FLEET_APPLY_RUNNING: {
    message: (p: Fields<"folder" | "seconds">) =>
      `another apply of this fleet is running: it has held ${p.folder} for more than ${p.seconds} s`,
    hint: () => ({ say: "wait until it has ended, then run the same command again" }),
    exit: 1,
  },
  FLEET_FOREIGN_ROLE: {
    message: (p: Fields<"mount" | "roles">) =>
      `the mount "${p.mount}" has roles that the fleet file does not define (${p.roles}): each could sign for any host or account`,
    hint: (p: Fields<"look" | "remove">) => [
      { say: "look at each", run: vaultCall(p.look) },
      { say: "and remove it", run: vaultCall(p.remove) },
    ],
    exit: 1,
  },
  FLEET_NOT_OURS: {
    /** `what` has one thing a line: they are names that others may have chosen, commas and all. */
    message: (p: Fields<"what">) => {
      const things = p.what.split("\n");
      return things.length === 1
        ? `Vault has this already, and Terraform's state does not know it: ${p.what}`
        : [`Vault has ${String(things.length)} things already that Terraform's state does not know`, ...things].join("\n");
    },
    hint: (p: Fields<"what">) => [
      ...(isFleet(p.what.split("\n"))
        ? [
            { say: "if that is another file's fleet, change that file: a server, or a namespace, has one fleet" },
            {
              say: "if this file is a copy of the one that was applied, use that one: its state is beside it, in a .tfstate file of the same name",
            },
          ]
        : [{ say: "if it is somebody else's, choose other mounts in the fleet file" }]),
      {
        say: "if the state was lost, or an apply was interrupted, see what taking it over would change",
        run: verb("apply --plan --adopt"),
      },
      { say: "and take it over", run: verb("apply --adopt") },
      { say: "if you run Terraform yourself, apply its part first, then the rest", run: verb("apply --without-terraform") },
    ],
    exit: 1,
  },
  FLEET_GROUP_TAKEN: {
    message: (p: Fields<"method" | "group" | "taken">) =>
      `the ${p.method} group "${p.group}" belongs to Vault's identity group "${p.taken}" already, and a group can belong to one only`,
    hint: (p: Fields<"method" | "group" | "taken">) => ({
      say: `in the fleet file, write "identity-group: ${p.taken}" instead of "${p.method}: ${p.group}"`,
    }),
    exit: 1,
  },
  FLEET_MOUNT_MOVED: {
    message: (p: Fields<"key" | "from" | "to">) =>
      `mounts.${p.key} is "${p.to}", but the CA's key is in the mount "${p.from}": another mount would be another CA`,
    hint: (p: Fields<"key" | "from">) => ({ say: `write "${p.key}: ${p.from}" below "mounts" in the fleet file` }),
    exit: 1,
  },
  FLEET_CA_CHANGED: {
    message: (p: Fields<"mount" | "whose" | "now" | "known">) =>
      `hosts and clients trust the ${p.whose} with the key ${p.known}, and the key in Vault's mount "${p.mount}" is now: ${p.now}`,
    hint: () => [
      {
        say: "find out who replaced it, and restore Vault from its backup: certificates signed by another key are not trusted anywhere yet",
      },
      { say: "if the old key is lost, or you replaced it, continue without it", run: verb("apply --adopt") },
    ],
    exit: 1,
  },
  FLEET_NOT_BY_TERRAFORM: {
    message: (p: Fields<"mount">) => `Terraform has not created the mount "${p.mount}" yet, which the other steps need`,
    hint: () => [
      { say: "write its configuration, and apply it", run: verb("apply --synth terraform") },
      { say: "", run: vaultCall("terraform -chdir=terraform init && terraform -chdir=terraform apply") },
    ],
    exit: 1,
  },
  FLEET_METHOD_MOVED: {
    message: (p: Fields<"method" | "from">) =>
      `this fleet created sign-in.${p.method} at "auth/${p.from}": moving it, or leaving it to Vault, would delete it with its people`,
    hint: (p: Fields<"method" | "from">) => ({
      say: `write "${p.method}: { path: ${p.from} }" below "sign-in" in the fleet file; to delete it, take it out of the file and apply first`,
    }),
    exit: 1,
  },
  FLEET_METHOD_UNKNOWN: {
    message: (p: Fields<"method" | "known">) => `this server has no plugin for sign-in.${p.method}; it has: ${p.known}`,
    hint: (p: Fields<"method">) => ({
      say: `take sign-in.${p.method} out of the fleet file (OpenBao has no ldap of its own), or have the server's operators register a plugin called "${p.method}"`,
    }),
    exit: 1,
  },
  FLEET_METHOD_MISSING: {
    message: (p: Fields<"key" | "path" | "type" | "found">) =>
      `${p.key} needs a method of type ${p.type} at "auth/${p.path}", but Vault has ${p.found} there`,
    hint: (p: Fields<"path" | "type">) => [
      { say: "list the methods, and correct the fleet file", run: vaultCall("vault auth list") },
      { say: "or create it, and configure it", run: vaultCall(`vault auth enable -path=${p.path} ${p.type}`) },
    ],
    exit: 1,
  },
  FLEET_GROUP_MISSING: {
    message: (p: Fields<"name">) => `Vault has no identity group "${p.name}", which the fleet file names`,
    hint: () => ({ say: "list the groups, and correct the fleet file", run: vaultCall("vault list identity/group/name") }),
    exit: 1,
  },
  FLEET_SECRET_MISSING: {
    message: (p: Fields<"what" | "path">) =>
      `the connection at "auth/${p.path}" must be written, but its ${p.what} was not given`,
    hint: (p: Fields<"option">) => ({
      say: "name a file with it (or - for standard input)",
      run: verb(`apply ${p.option} <file>`),
    }),
    exit: 1,
  },
  FLEET_CA_FILE_REFUSED: {
    message: (p: Fields<"key" | "file" | "problem">) => `${p.key}: ${p.file} was rejected: ${p.problem}`,
    hint: (p: Readonly<{ how: Advice }>) => p.how,
    exit: 1,
  },
  SECRET_FILE_REFUSED: {
    message: (p: Fields<"file" | "problem">) => `the secret in ${p.file} was rejected: ${p.problem}`,
    hint: (p: Readonly<{ how: Advice }>) => p.how,
    exit: 2,
  },
  FLEET_KEYS_CLAIMED: {
    message: (p: Fields<"path" | "seconds">) =>
      `other applies of this fleet have been creating its CA keys for ${p.seconds} s, one after the other ("${p.path}")`,
    hint: () => ({ say: "wait until they have ended, then run the same command again" }),
    exit: 1,
  },
  FLEET_SYNTH_TAKEN: {
    message: (p: Fields<"file">) => `"${p.file}" exists, and was not written by ssh-trust: it was left unchanged`,
    hint: () => ({ say: "name a separate folder", run: verb("apply --synth <folder>") }),
    exit: 1,
  },
  FLEET_STORE_UNKNOWN: {
    message: (p: Fields<"path">) =>
      `"${p.path}" cannot be read: a newer ssh-trust wrote it, or somebody changed it by hand; it says which keys the clients trust`,
    hint: (p: Fields<"path">) => [
      { say: "use the newer ssh-trust; to see the entry", run: vaultCall(`vault read ${p.path}`) },
      { say: "or rewrite it", run: verb("apply --adopt") },
    ],
    exit: 1,
  },
  FLEET_STORE_CHANGED: {
    message: (p: Fields<"path">) => `"${p.path}" was changed by somebody else at the same time`,
    hint: () => ({ say: "see what Vault holds now, and apply again", run: verb("apply --plan") }),
    exit: 1,
  },
} as const satisfies Record<string, Entry>;

/** Whether these things are those of a whole fleet: two that nothing in its file renames. Other mounts would be refused too. */
const isFleet = (things: readonly string[]): boolean =>
  things.includes("the mount ssh-trust") && things.includes("the policy ssh-trust-signed-in");
