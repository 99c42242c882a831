/** Two operators give the keys of one host at the same time: nobody writes over what they have not seen. */
import { describe, expect, test } from "@jest/globals";
import { fail } from "../../../src/errors/catalogue.js";
import { keysOf, keysToRegister } from "../../../src/host/register.js";
import { toRegister } from "../../../src/host/uncertified.js";
import { parsePublicKey } from "../../../src/ssh/public-key.js";
import type { VaultApi } from "../../../src/vault/api.js";
import { ed25519 } from "../../support/keys.js";
import { fleetOf } from "../fleet/fleet-of.js";

const name = "old-1.example.org";
const key = (seed: number) => parsePublicKey(ed25519(seed).publicKey);
const [ours, theirs] = [key(1), key(2)];
const caLine = ed25519(9).publicKey;
const stored = { schema: 1, fleet: fleetOf({}), cas: { host: [caLine], user: [caLine] } } as const;

/** A store as Vault's second version of one is: "deleted" is a version, too. */
const lateStages = [0, 1, 2, 3, "before it is stored"] as const;

function vault(before: readonly (object | "deleted")[], meanwhile: { readonly at: number; readonly keys: object }) {
  const versions = [...before];
  let asked = 0;
  const api = {
    read(path: string, schema: { parse: (value: unknown) => unknown }) {
      if (asked++ === meanwhile.at) versions.push(meanwhile.keys);
      const [last, version] = [versions.at(-1), versions.length];
      if (path.includes("/metadata/uncertified/"))
        return Promise.resolve(version === 0 ? undefined : schema.parse({ data: { current_version: version } }));
      if (!path.includes("/data/uncertified/") || last === undefined || last === "deleted") return Promise.resolve(undefined);
      const metadata = { created_time: "2026-01-31T11:00:00Z", version };
      return Promise.resolve(schema.parse({ data: { data: last, metadata } }));
    },
    write(path: string, { options, data }: { options: { cas: number }; data: object }) {
      if (options.cas !== versions.length) {
        const what = "check-and-set parameter did not match the current version";
        return Promise.reject(fail("VAULT_ANSWER_UNEXPECTED", { path, what }));
      }
      versions.push(data);
      return Promise.resolve(undefined);
    },
  } as unknown as VaultApi;
  return { api, versions, asked: () => asked };
}

describe.each([
  ["that were never given", []],
  ["that were deleted", [toRegister(name, [key(3)]), "deleted"]],
  ["that were given before", [toRegister(name, [key(3)])]],
] as const)("keys %s", (_, before) => {
  test.each(lateStages)("somebody else gives theirs before question %s", async (at) => {
    const { api, versions, asked } = vault(before, { at: at === lateStages[4] ? -1 : at, keys: toRegister(name, [theirs]) });
    const found = await keysToRegister(api, stored, name, [ours]);
    expect(asked()).toBe(4); // each of the numbers is one
    if (at === lateStages[4]) versions.push(toRegister(name, [theirs]));
    const hasSeen = keysOf(found.before).some(({ fingerprint }) => fingerprint === theirs.fingerprint);
    expect(hasSeen).toBe(at !== lateStages[4]);
    const outcome = await found.store().then(
      () => "stored",
      (error: unknown) => (error as { code?: string }).code,
    );
    const last = JSON.stringify(versions.at(-1));
    if (hasSeen) expect([outcome, last]).toEqual(["stored", JSON.stringify(toRegister(name, [ours]))]);
    else expect([outcome, last]).toEqual(["HOST_KEYS_CHANGED", JSON.stringify(toRegister(name, [theirs]))]);
  });
});
