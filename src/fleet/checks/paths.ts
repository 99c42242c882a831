/** Mounts in Vault: what is ours has a place of its own. */
import { defaults, reserved } from "../defaults.js";
import { quoted, type Mistake, type Path } from "../mistakes.js";
import type { Draft } from "../reading/shape.js";
import { vaultsOwn } from "../texts.js";
import { entries } from "./items.js";

interface Mount {
  readonly path: Path;
  readonly at: string;
}

export const mistakesOfPaths = (draft: Draft): readonly Mistake[] => [...mistakesOfMounts(draft), ...mistakesOfSignIn(draft)];

function mistakesOfMounts({ mounts }: Draft): readonly Mistake[] {
  const all = (["host-ca", "user-ca"] as const).map((key): Mount => ({
    path: ["mounts", key],
    at: mounts?.[key] ?? defaults.mounts[key],
  }));
  return [
    ...all.flatMap(({ path, at }) => {
      const first = at.split("/")[0] ?? "";
      if (vaultsOwn.includes(first)) return [{ path, problem: `${quoted(at)} is in "${first}", which is Vault's own` }];
      return first === reserved.store
        ? [{ path, problem: `${quoted(at)} is where the store of the fleet is: "${reserved.store}"` }]
        : [];
    }),
    ...collisions(all, "each CA has a mount of its own"),
  ];
}

/** Below auth/. */
interface SignInMount extends Mount {
  readonly existing: boolean;
}

function mistakesOfSignIn(draft: Draft): readonly Mistake[] {
  const people = peopleSignIn(draft);
  return [
    ...people.flatMap(mistakesOfPlace),
    ...collisions(people, "each method has a path of its own"),
    ...machinesSignIn(draft).flatMap((mount) => {
      const mistakes = mistakesOfPlace(mount);
      if (mistakes.length > 0) return mistakes;
      const shared = people.find(({ at }) => overlap(at, mount.at));
      if (shared === undefined) return [];
      // Of one mount, two names that are the same are one entity, with what both may do.
      const problem = `${quoted(mount.at)} is where people sign in with ${String(shared.path[1])}: a person with a host's name could be that host`;
      return [{ path: mount.path, problem }];
    }),
  ];
}

function peopleSignIn(draft: Draft): readonly SignInMount[] {
  return entries(draft["sign-in"]).flatMap(([method, given]): SignInMount[] => {
    const key = given !== null && "existing" in given ? "existing" : "path";
    const said = given === null ? undefined : (given as Readonly<Record<string, unknown>>)[key];
    const usual = method in defaults ? defaults[method as "oidc"].path : undefined;
    const at = typeof said === "string" ? said : key === "path" ? usual : undefined;
    return at === undefined ? [] : [{ path: ["sign-in", method, key], at, existing: key === "existing" }];
  });
}

/** Two groups may have one. */
const machinesSignIn = (draft: Draft): readonly SignInMount[] =>
  entries(draft.hosts).flatMap(([group, { jwt }]): SignInMount[] =>
    jwt?.mount === undefined ? [] : [{ path: ["hosts", group, "jwt", "mount"], at: jwt.mount, existing: true }],
  );

function mistakesOfPlace({ path, at, existing }: SignInMount): readonly Mistake[] {
  if (at === "token" || at.startsWith("token/")) return [{ path, problem: `${quoted(at)} is Vault's own, for tokens` }];
  const hosts = overlap(at, reserved.hostsSignIn);
  if (hosts) return [{ path, problem: `${quoted(at)} is where hosts sign in: "${reserved.hostsSignIn}"` }];
  const ours = existing && at.split("/")[0] === reserved.store;
  return ours ? [{ path, problem: `${quoted(at)} is where ssh-trust mounts its own; what is there already is elsewhere` }] : [];
}

/** Vault mounts nothing in another mount. */
const overlap = (one: string, other: string) => `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);

const collisions = (all: readonly Mount[], rule: string): readonly Mistake[] =>
  all.flatMap(({ path, at }, index) => {
    const other = all.slice(0, index).find((earlier) => overlap(at, earlier.at));
    if (other === undefined) return [];
    const name = String(other.path[1]);
    const how =
      at === other.at ? `is that of ${name}, too` : `and that of ${name}, ${quoted(other.at)}, are one inside the other`;
    return [{ path, problem: `${quoted(at)} ${how}: ${rule}` }];
  });
