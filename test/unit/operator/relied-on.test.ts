/** JWT mounts that were made, and not told whose tokens are good: no machine can enrol there. */
import { expect, test } from "@jest/globals";
import { fail } from "../../../src/errors/catalogue.js";
import { mountsWithoutSettings } from "../../../src/operator/fleet/relied-on.js";
import type { VaultApi } from "../../../src/vault/api.js";
import { hostsOf } from "../fleet/fleet-of.js";
import { refused } from "../../support/operator.js";

const at = (mount: string) => ({ jwt: { mount, claim: "host", audience: "vault", claims: {} } });
const denied = fail("VAULT_PERMISSION_DENIED", { path: "auth/closed/config" });
const broken = new Error("broken");

function vault() {
  const asked: string[] = [];
  const api = {
    read(path: string) {
      asked.push(path);
      if (path.includes("closed")) return Promise.reject(denied);
      if (path.includes("broken")) return Promise.reject(broken);
      return Promise.resolve(path.includes("empty") ? undefined : { data: {} });
    },
  } as unknown as VaultApi;
  return { api, asked };
}

test("any other failure is one", async () => {
  expect(await refused(mountsWithoutSettings(vault().api, { hosts: [hostsOf("pods", at("broken"))] }))).toBe(broken);
});

test("no group has tokens: nothing is asked", async () => {
  const { api, asked } = vault();
  expect(await mountsWithoutSettings(api, { hosts: [hostsOf("web")] })).toEqual([]);
  expect(asked).toEqual([]);
});

test("each mount is asked once; one that the token may not ask about is not said to have none", async () => {
  const { api, asked } = vault();
  const hosts = [
    hostsOf("pods", at("empty")),
    hostsOf("web"),
    hostsOf("jobs", at("empty")),
    hostsOf("vms", at("set")),
    hostsOf("old", at("closed")),
  ];
  expect(await mountsWithoutSettings(api, { hosts })).toEqual([{ mount: "empty", groups: ["pods", "jobs"] }]);
  expect([...asked].sort()).toEqual(["auth/closed/config", "auth/empty/config", "auth/set/config"]);
});
