/** What an error of `apply` says to run: for the file, the server and the way that it was called with. */
import { describe, expect, test } from "@jest/globals";
import { asCalled } from "../../../src/cli/verbs/apply/as-called.js";
import type { ApplyOptions } from "../../../src/cli/verbs/apply/options.js";
import { fail, type SshTrustError } from "../../../src/errors/catalogue.js";
import { hintText, typed } from "../../../src/errors/hint.js";
import { small } from "../fleet/fleet-of.js";

const address = small.vault;
const server = `the next commands have to know the server: export VAULT_ADDR=${address}`;
const usual: ApplyOptions = { file: "ssh-trust.yaml", format: "text" };

function hintOf(error: SshTrustError, options: Partial<ApplyOptions> = {}, env: Record<string, string> = {}): string {
  const called = asCalled(error, small, { ...usual, ...options }, env) as SshTrustError;
  expect(called).toMatchObject({ code: error.code, message: error.message, exit: error.exit });
  return hintText(called.hint, (run) => typed(run, "ssh-trust"));
}

test("what is not of the catalogue stays as it is", () => {
  const error = new TypeError("ours");
  expect(asCalled(error, small, usual, {})).toBe(error);
});

describe("a command of Vault's own", () => {
  const foreign = fail("FLEET_FOREIGN_ROLE", {
    mount: "m",
    roles: "a",
    look: "vault read m/roles/a",
    remove: "vault delete m/roles/a",
  });
  const commands = "look at each: vault read m/roles/a; and remove it: vault delete m/roles/a";
  test.each<[string, Partial<ApplyOptions>, Record<string, string>, string]>([
    ["is told the server, once, where none is set", {}, {}, `${server}; ${commands}`],
    [
      "is told the server of --vault",
      { vault: "http://127.0.0.1:1" },
      {},
      `${server.replace(address, "http://127.0.0.1:1")}; ${commands}`,
    ],
    ["stands alone where it goes there already", {}, { VAULT_ADDR: address }, commands],
  ])("%s", (_what, options, env, hint) => {
    expect(hintOf(foreign, options, env)).toBe(hint);
  });

  test("where there is none, the server is not spoken of", () => {
    expect(hintOf(fail("FLEET_STORE_CHANGED", { path: "x" }))).not.toContain("VAULT_ADDR");
  });
});

describe("what a token may not do", () => {
  const policy = "the policy that an operator of this file needs: ssh-trust apply --print-policy operator";
  test("the policy is named, for this file", () => {
    const denied = fail("VAULT_PERMISSION_DENIED", { path: "sys/mounts" });
    expect(hintOf(denied)).toMatch(
      new RegExp(`^use a token[^;]*; ${policy}; ${server}; [^;]*: vault token capabilities sys/mounts$`),
    );
  });

  test.each([
    ["Code: 403. Errors: * permission denied", true],
    ["connection refused", false],
  ])("by Terraform: %s", (reason, named) => {
    expect(hintOf(fail("TERRAFORM_FAILED", { command: "tofu apply", reason })).endsWith(policy)).toBe(named);
  });
});

describe("apply, with the options that say how", () => {
  const taken = fail("FLEET_NOT_OURS", { what: "the mount host-ssh" });
  test.each<[string, Partial<ApplyOptions>, string]>([
    ["none", {}, "apply --plan --adopt;"],
    ["without Terraform", { withoutTerraform: true }, "apply --plan --adopt --without-terraform;"],
  ])("%s", (_what, options, call) => {
    expect(hintOf(taken, options)).toContain(call);
  });

  test("a secret for a plan is given to a plan", () => {
    const missing = fail("FLEET_SECRET_MISSING", { what: "client secret", path: "oidc", option: "--oidc-secret-file" });
    expect(hintOf(missing, { plan: true })).toContain("apply --oidc-secret-file <file> --plan");
    expect(hintOf(missing, {})).toMatch(/apply --oidc-secret-file <file>$/);
  });

  test("what asks no server is not told one", () => {
    const options = { vault: "http://v", withoutTerraform: true } as const;
    const hint = hintOf(fail("FLEET_NOT_BY_TERRAFORM", { mount: "host-ssh" }), options);
    expect(hint).toMatch(
      /ssh-trust apply --synth terraform; the next commands have to know the server: export VAULT_ADDR=http:\/\/v; terraform/,
    );
  });
});
