/** Errors of hosts and their identities with Vault. */
import type { Entry, Fields } from "./entry.js";
import { vaultCall, verb } from "./hint.js";

export const hostsErrors = {
  HOST_NAME_INVALID: {
    message: (p: Fields<"name" | "problem">) => `"${p.name}" ${p.problem}`,
    hint: () => ({ say: "write the whole name, such as web-1.example.org" }),
    exit: 2,
  },
  HOST_IN_NO_GROUP: {
    message: (p: Fields<"name" | "groups">) => `no group of hosts has the name ${p.name} (${p.groups})`,
    hint: () => ({ say: "put it into a group of the fleet file, then apply that", run: verb("apply") }),
    exit: 1,
  },
  HOST_ENROLLED: {
    message: (p: Fields<"name">) =>
      `${p.name} is enrolled already: a second identity of that name would end what the first one may do`,
    hint: (p: Fields<"path">) => ({ say: "take another name; see which there are", run: vaultCall(`vault list ${p.path}`) }),
    exit: 1,
  },
  HOST_SIGN_IN_REFUSED: {
    message: (p: Fields<"path" | "reason">) => `Vault does not sign this host in ("${p.path}"): ${p.reason}`,
    hint: () => ({ say: "its identity was removed, or what it signs in with has expired: the host has to be enrolled again" }),
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
