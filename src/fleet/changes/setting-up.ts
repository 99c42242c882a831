/** What the fleet stands on: Vault, its mounts, its limits, and where Terraform's state is kept. */
import { isDeepStrictEqual } from "node:util";
import { printable } from "../../ground/printable.js";
import type { Fleet } from "../fleet.js";
import { changes, grants, unlessSame, withdraws, type Change } from "./change.js";
import { unique } from "./compare.js";
import { inWords } from "./words.js";

const limits = { signIn: "signing in", sign: "having keys signed", store: "the store" } as const;
const mounts = { hostCa: "host CA", userCa: "user CA" } as const;

export function describeSettingUp(before: Fleet, after: Fleet): readonly Change[] {
  return [
    ...unlessSame(before.vault, after.vault, (was, now) => {
      const text = `Vault is now at ${printable(now)}, not at ${printable(was)}`;
      return isClear(now) && !isClear(was) ? grants(`${text}: tokens and passwords now go to Vault in clear`) : changes(text);
    }),
    ...unlessSame(before.namespace, after.namespace, (was, now) =>
      changes(`Vault's namespace is now ${sayNamespace(now)}, not ${sayNamespace(was)}`),
    ),
    ...keysOf(mounts).flatMap((key) =>
      unlessSame(before.mounts[key], after.mounts[key], (was, now) =>
        changes(
          `the ${mounts[key]} is now the one at the mount ${printable(now)}, not ${printable(was)}: ` +
            "if that is another CA, its key has to be trusted, and certificates have to be made again",
        ),
      ),
    ),
    ...keysOf(limits).flatMap((key) =>
      unlessSame(before.limits[key], after.limits[key], (was, now) =>
        changes(`one address may now make ${String(now)} requests a second for ${limits[key]}, not ${String(was)}`),
      ),
    ),
    ...describeDirectory(before.directory, after.directory),
    ...describeState(before.state, after.state),
  ];
}

/** Where it may be read without signing in is access: to the fleet's names and addresses. */
function describeDirectory(before: Fleet["directory"], after: Fleet["directory"]): readonly Change[] {
  const [was, now] = [before?.openTo ?? [], after?.openTo ?? []];
  const open = (range: string) => `may read the directory from ${printable(range)} without signing in`;
  return [
    ...was.filter((range) => !now.includes(range)).map((range) => withdraws(`nobody ${open(range)} any more`)),
    ...now.filter((range) => !was.includes(range)).map((range) => grants(`anybody ${open(range)}`)),
    ...unlessSame(before?.address, after?.address, (_, address) =>
      changes(address === undefined ? "the fleet has no directory any more" : `the directory is now at ${printable(address)}`),
    ),
  ];
}

const isClear = (address: string) => address.startsWith("http:");
const keysOf = <K extends string>(labels: Readonly<Record<K, string>>) => Object.keys(labels) as K[];
const sayNamespace = (name: string | undefined) => (name === undefined ? "the root" : printable(name));
const sayState = (state: Fleet["state"]) => (state === undefined ? "a file beside the fleet file" : printable(state.backend));

/** Settings by their names only: their values may be secret. */
function describeState(before: Fleet["state"], after: Fleet["state"]): readonly Change[] {
  if (before?.backend !== after?.backend)
    return [changes(`Terraform's state is now kept in ${sayState(after)}, not in ${sayState(before)}: it has to be moved`)];
  const [was, now] = [before?.settings ?? {}, after?.settings ?? {}];
  const differ = unique([...Object.keys(was), ...Object.keys(now)]).filter((key) => !isDeepStrictEqual(was[key], now[key]));
  if (differ.length === 0) return [];
  return [
    changes(
      `Terraform's state in ${sayState(after)} has other settings (${inWords(differ.map(printable))}): ` +
        "if it is then elsewhere, it has to be moved",
    ),
  ];
}
