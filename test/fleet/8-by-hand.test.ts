/** docs/fleet-by-hand.md: its commands, as somebody copies them, with each server's own program. */
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";
import { fetchHashicorpVault } from "../../lab/toolchain/go-programs.js";
import { fetchOpenBao } from "../../lab/toolchain/openbao.js";
import { readLabSettings } from "../../lab/settings/lab.js";
import { silent } from "../../src/ground/progress.js";
import { parseCertificate } from "../../src/ssh/certificate.js";
import { applyFleet, tokenOf, type AppliedFleet } from "../support/applied-fleet.js";
import { fleetText } from "../support/fleet.js";
import { serverKinds } from "../support/servers.js";
import { codeOf } from "../support/totp.js";

jest.setTimeout(180_000);
const programs = { OpenBao: fetchOpenBao, Vault: fetchHashicorpVault };

describe.each(serverKinds)("%s", (kind) => {
  let fleet: AppliedFleet;
  let blocks: readonly string[];
  let path: string;
  let etc: string;

  beforeAll(async () => {
    fleet = await applyFleet(kind, fleetText);
    const { binary } = await programs[kind](readLabSettings(), silent);
    path = join(fleet.folder.folder, "bin");
    etc = join(fleet.folder.folder, "etc");
    await Promise.all([mkdir(path), mkdir(etc)]);
    await symlink(binary, join(path, "vault"));
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(etc, "ssh_host_ed25519_key")]);
    const page = await readFile(new URL("../../docs/fleet-by-hand.md", import.meta.url), "utf8");
    blocks = [...page.matchAll(/^```bash\n([^]*?)^```$/gm)].map(([, text = ""]) => text);
  }, 300_000);
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
  });

  /** A block of the page, by what it has in it. */
  async function typed(part: string, token: string, facts: Record<string, string> = {}, input = ""): Promise<string> {
    const all = { "/etc/ssh": etc, "$HOME/.ssh/id_ed25519": join(etc, "ssh_host_ed25519_key"), ...facts };
    const found = blocks.find((block) => block.includes(part)) ?? `echo "no block has ${part}"; exit 1`;
    const script = Object.entries(all).reduce((text, [from, to]) => text.replaceAll(from, to), found);
    await writeFile(join(etc, "script"), script);
    const { env: envOf, address, caFile } = fleet.server;
    const programsFirst = `${path}:${process.env["PATH"] ?? ""}`;
    const env = { ...envOf(token), VAULT_ADDR: address, BAO_ADDR: address, PATH: programsFirst, CURL_CA_BUNDLE: caFile };
    const { stdout } = await execa("bash", ["-eu", "-o", "pipefail", join(etc, "script")], { env, input });
    return stdout;
  }
  const certificate = async (file: string) => parseCertificate((await readFile(join(etc, file), "utf8")).trim());

  test("a host: made by the registrar, it signs in, and its key is signed for its name", async () => {
    const made = (await typed("wrap-ttl", fleet.registrar)).split("\n").at(-1) ?? "";
    // Where it is no terminal that they are shown on, no line ends behind them; a role id is a UUID.
    const [roleId, wrapping] = [made.slice(0, 36), made.slice(36)];
    await typed("vault unwrap", "", { "<role id>": roleId, "<wrapping token>": wrapping });
    const signed = await certificate("ssh_host_ed25519_key-cert.pub");
    expect(signed).toMatchObject({ principals: ["web-1.example.org"] });
    expect(await readFile(join(etc, "ssh-trust-user-ca.pub"), "utf8")).toMatch(/^ssh-ed25519 /);
    expect(await readFile(join(etc, "principals/ops"), "utf8")).toBe("ops@web\n");
  });

  test("a person: made by root, who signs in with password and code, and has a key signed", async () => {
    const otpauth = (await typed("admin-generate", fleet.server.rootToken, {}, "a password\n")).split("\n").at(-1) ?? "";
    const { server, must } = fleet;
    const begun = await must("auth/ssh-trust/people/login/alice", { token: "", body: { password: "a password" } });
    const { mfa_requirement: asked } = begun.auth as unknown as {
      mfa_requirement: { mfa_request_id: string; mfa_constraints: Record<string, { any: { id: string }[] }> };
    };
    const factor = Object.values(asked.mfa_constraints)[0]?.any[0]?.id ?? "";
    const body = { mfa_request_id: asked.mfa_request_id, mfa_payload: { [factor]: [codeOf(otpauth, new Date())] } };
    const token = tokenOf((await server.ask("sys/mfa/validate", { token: "", body })).body);
    const signing = {
      "unset VAULT_TOKEN": "true", // here, it is what the sign-in gave
      "vault login": "true vault login",
      "~/.ssh/id_ed25519-cert.pub": join(etc, "alice-cert.pub"),
      "ssh deploy": "true ssh deploy",
    };
    await typed("user-ssh/sign", token, signing);
    expect(await certificate("alice-cert.pub")).toMatchObject({ principals: ["deploy@web"] });
  });

  test("a client trusts the domain's hosts", async () => {
    await typed("@cert-authority", "", { "~/.ssh/known_hosts": join(etc, "known_hosts") });
    expect(await readFile(join(etc, "known_hosts"), "utf8")).toMatch(/^@cert-authority \*\.example\.org ssh-ed25519 /);
  });
});
