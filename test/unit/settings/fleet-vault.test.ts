/** Which server a fleet file goes to, and what the `vault` command has to be told to go there too. */
import { describe, expect, test } from "@jest/globals";
import { exportFor, readFleetVaultSettings } from "../../../src/settings/fleet-vault.js";

const file = { file: "fleet.yaml", vault: "https://vault.example.org:8200", namespace: undefined };
const inNamespace = { ...file, namespace: "team-a" };

describe("another server or namespace than the file's is refused", () => {
  test.each<[string, typeof file | typeof inNamespace, Record<string, string>, RegExp]>([
    ["a server", file, { VAULT_ADDR: "https://other:8200" }, /names https:.*but VAULT_ADDR is https:\/\/other:8200/],
    ["a server, by OpenBao's name", file, { BAO_ADDR: "https://other:8200" }, /but BAO_ADDR is/],
    ["a namespace", inNamespace, { VAULT_NAMESPACE: "team-b" }, /names the namespace team-a, but VAULT_NAMESPACE is team-b/],
  ])("%s", (_what, named, env, message) => {
    const asked = () => readFleetVaultSettings(named, undefined, env, "/nowhere");
    expect(asked).toThrow(expect.objectContaining({ code: "FLEET_OTHER_VAULT" }));
    expect(asked).toThrow(message);
  });
});

test.each([
  ["the file", undefined, '"vault" in fleet.yaml'],
  ["the option", "http://127.0.0.1:8200", "--vault"],
])("the settings say where the address is from: %s", (_what, address, addressSource) => {
  const settings = readFleetVaultSettings(file, address, {}, "/nowhere");
  expect(settings).toMatchObject({ address: address ?? file.vault, addressSource });
});

describe("what the vault command is told", () => {
  const both = "export VAULT_ADDR=https://vault.example.org:8200 VAULT_NAMESPACE=team-a";
  test.each<[string, typeof file | typeof inNamespace, string | undefined, Record<string, string>, string | undefined]>([
    ["no server", file, undefined, {}, "export VAULT_ADDR=https://vault.example.org:8200"],
    ["another server", file, undefined, { VAULT_ADDR: "https://other" }, "export VAULT_ADDR=https://vault.example.org:8200"],
    ["the server by OpenBao's name only", file, undefined, { BAO_ADDR: file.vault }, `export VAULT_ADDR=${file.vault}`],
    [
      "the file's address, where --vault says another",
      file,
      "http://[::1]:1",
      { VAULT_ADDR: file.vault },
      "export VAULT_ADDR='http://[::1]:1'",
    ],
    ["neither server nor namespace", inNamespace, undefined, {}, both],
    ["the server without its namespace", inNamespace, undefined, { VAULT_ADDR: file.vault }, "export VAULT_NAMESPACE=team-a"],
    ["both", inNamespace, undefined, { VAULT_ADDR: `${file.vault}/`, VAULT_NAMESPACE: "team-a/" }, undefined],
    [
      "a namespace that the file leaves to the environment",
      file,
      undefined,
      { VAULT_ADDR: file.vault, VAULT_NAMESPACE: "x" },
      undefined,
    ],
  ])("where the environment has %s", (_what, named, address, env, command) => {
    expect(exportFor(named, address, env)).toBe(command);
  });
});
