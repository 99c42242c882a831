/** The client file: what it may say, and where it is looked for. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { clientFileText, parseClientFile, readClientFile } from "../../../src/settings/client-file.js";
import { makeCa } from "../../support/certificates.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-client-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});
const vault = "vault: https://vault.example.org:8200";

test.each<[what: string, text: string, problem: RegExp]>([
  ["no YAML", "vault: [", /Flow sequence|client file/],
  ["a text", "hello", /expected object/],
  ["nothing", "", /expected object/],
  ["no server", "namespace: a", /vault: /],
  ["an address that is none", "vault: ftp://vault.example.org", /not an http or https address/],
  ["an address with a password", "vault: https://me:secret@vault.example.org", /must not hold a password/],
  ["a key that is not known", `${vault}\ntoken: s.x`, /Unrecognized key: "token"/],
  ["no certificate", `${vault}\nca: hello`, /ca: is not a certificate/],
  ["a method that is not known", `${vault}\nsign-in: [{ method: magic, mount: a }]`, /sign-in\.0\.method/],
  ["a mount that is none", `${vault}\nsign-in: [{ method: oidc, mount: "../sys" }]`, /is not a path of Vault's/],
  ["no way at all", `${vault}\nsign-in: []`, /sign-in/],
])("refused: %s", (_, text, problem) => {
  expect(() => parseClientFile(text, "client.yaml")).toThrow(
    expect.objectContaining({ code: "CLIENT_FILE_INVALID", message: expect.stringMatching(problem) }),
  );
  expect(() => parseClientFile(text, "client.yaml")).toThrow(/the client file client\.yaml/);
});

test("what is written is read as it was", async () => {
  await makeCa(folder);
  const says = {
    vault: "https://vault.example.org:8200",
    namespace: "team-a",
    ca: await readFile(join(folder, "ca.pem"), "utf8"),
    "sign-in": [
      { method: "oidc", mount: "ssh-trust/oidc", role: "staff" },
      { method: "userpass", mount: "ssh-trust/people" },
    ],
  } as const;
  expect(parseClientFile(clientFileText({ ...says, "sign-in": [...says["sign-in"]] }), "x")).toEqual(says);
});

describe("where it is looked for", () => {
  test("one that is named comes first, and must be there", async () => {
    const named = join(folder, "named.yaml");
    await expect(readClientFile({ SSH_TRUST_CLIENT_FILE: named }, folder)).rejects.toMatchObject({ code: "CLIENT_FILE_INVALID" });
    await writeFile(named, vault);
    expect(await readClientFile({ SSH_TRUST_CLIENT_FILE: named }, folder)).toMatchObject({ file: named });
  });

  test.each([
    ["XDG_CONFIG_HOME", (at: string) => ({ XDG_CONFIG_HOME: at }), "ssh-trust/client.yaml"],
    ["~/.config", () => ({}), ".config/ssh-trust/client.yaml"],
  ])("%s", async (_, env, path) => {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), vault);
    expect(await readClientFile(env(folder), folder)).toMatchObject({ file: join(folder, path) });
  });

  test("a file in a folder's place is none", async () => {
    await writeFile(join(folder, ".config"), "");
    expect((await readClientFile({}, folder))?.file ?? "").not.toContain(folder);
  });
});
