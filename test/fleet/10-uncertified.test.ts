/** Hosts that cannot be enrolled: their keys are given by an operator, and people go by them. On both servers. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { applyFleet, enrol, type AppliedFleet } from "../support/applied-fleet.js";
import { fleetText } from "../support/fleet.js";
import { ed25519 } from "../support/keys.js";
import { personAt } from "../support/person.js";
import { run, succeeds, type Ran } from "../support/project.js";
import { serverKinds } from "../support/servers.js";

jest.setTimeout(180_000);

const old = "old-1.example.org";
const path = `ssh-trust/data/uncertified/${old}`;
const [first, second] = [ed25519(1), ed25519(2)];
const line = ({ bits, sha256, kind }: typeof first) => `${String(bits)} ${sha256} ${old} (${kind})`;

describe.each(serverKinds)("%s: keys that an operator gives", (kind) => {
  let fleet: AppliedFleet;
  beforeAll(async () => {
    fleet = await applyFleet(kind, (vault) =>
      fleetText(vault).replace("session: 10h", "limits: { sign-in: 1000, sign: 1000, store: 1000 }"),
    );
    await writeFile(file("first.pub"), `${first.publicKey} root@old-1\n`);
    await writeFile(file("third.pub"), `${ed25519(3).publicKey}\n`);
    await writeFile(file("second.pub"), `${old} ${second.publicKey}\n`);
  }, 180_000);
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
  });
  const file = (name: string) => join(fleet.folder.folder, name);
  const host = (args: string, token = fleet.registrar): Promise<Ran> =>
    fleet.folder.sshTrust(["host", ...args.split(" ")], token, { VAULT_ADDR: fleet.server.address });
  const add = (keys: string, more = "", name = old) => host(`add --uncertified ${name} --keys ${keys}${more}`);
  const stored = async () => ((await fleet.server.ask(path)).body.data?.["data"] as { keys: string[] } | undefined)?.keys;

  test("refused where the host is enrolled, was enrolled or is kept out, and below no domain of the fleet", async () => {
    const web = await enrol(fleet, "example.org", "web-1", "web");
    const refused = await add("first.pub", "", "web-1.example.org");
    expect(refused).toMatchObject({ exit: 1, stdout: "", stderr: expect.stringContaining("[HOST_ENROLLED]") });
    await fleet.must("ssh-trust/data/hosts/web-1.example.org", { token: web.token, body: { options: { cas: 0 }, data: {} } });
    await fleet.must("auth/ssh-trust/hosts/example.org/role/web-1", { method: "DELETE" });
    const before = await add("first.pub", "", "web-1.example.org");
    expect(before.stderr).toContain("[HOST_ENROLLED_BEFORE]");
    expect(before.stderr).toContain("host remove web-1.example.org --may-return");
    await succeeds(host("remove --yes --may-return web-1.example.org"));
    const body = { token_policies: "ssh-trust-kept-out" };
    await fleet.must("auth/ssh-trust/hosts/example.org/role/web-1", { token: fleet.registrar, body });
    expect((await add("first.pub", "", "web-1.example.org")).stderr).toContain("it was removed, and is blocked");
    await succeeds(host("remove --yes --may-return web-1.example.org"));
    expect((await add("first.pub", "", "old-1.example.com")).stderr).toContain("[HOST_IN_NO_GROUP]");
  });

  test("refused where the keys are the fleet's CA's, or with a token that may not, whose hint says what it lacks", async () => {
    const { text } = (await fleet.must("host-ssh/public_key")).data ?? {};
    await writeFile(file("ca.pub"), String(text));
    expect((await add("ca.pub")).stderr).toContain("it is the key of a CA of the fleet");
    const policy = `path "ssh-trust/data/fleet" { capabilities = ["read"] }
path "ssh-trust/data/hosts/+" { capabilities = ["read"] }
path "auth/ssh-trust/hosts/+/role/+" { capabilities = ["read"] }`;
    await fleet.must("sys/policies/acl/older", { body: { policy } });
    const made = await fleet.must("auth/token/create-orphan", { body: { policies: ["older"], ttl: "1h" } });
    const older = await host(`add --uncertified ${old} --keys first.pub`, made.auth?.client_token);
    expect(older).toMatchObject({ exit: 1, stdout: "", stderr: expect.stringContaining("[VAULT_PERMISSION_DENIED]") });
    expect(older.stderr).toContain("apply --print-policy registrar");
    expect(await stored()).toBeUndefined();
  });

  test("are stored without a comment, shown, and listed; the same again changes nothing", async () => {
    const { exit, stdout, stderr } = await add("first.pub");
    expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout: line(first), stderr: expect.stringContaining("is registered") });
    expect(await stored()).toEqual([first.publicKey]);
    expect(await add("first.pub")).toMatchObject({ exit: 0, stdout: line(first), stderr: expect.stringContaining("already") });
    expect((await host("list")).stdout).toMatch(/^old-1\.example\.org {2}- {2}without certificates: an operator gave its keys$/m);
    const shown = (await host(`show ${old}`)).stdout;
    expect(shown).toMatch(/^an operator says\ngiven {10}[-\d]+ [:\d]+ UTC, by Vault's clock \(version 1\)$/m);
    expect(shown).toContain(`key            ED25519 ${first.sha256}`);
    expect(JSON.parse((await host(`show ${old} --format json`)).stdout)).toMatchObject({
      state: { kind: "uncertified" },
      says: null,
      registered: { version: 1, keys: [{ kind: "ED25519", bits: 256, fingerprint: first.sha256 }] },
    });
  });

  test("keep the host from being enrolled by mistake", async () => {
    const name = "web-7.example.org";
    await succeeds(add("first.pub", "", name));
    for (const args of [`add ${name} --out out`, `add ${name} web-8.example.org --out many`]) {
      const { exit, stderr } = await host(args);
      expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining("[HOST_UNCERTIFIED]") });
      expect(stderr).toContain(`host remove ${name}`);
    }
    expect((await fleet.server.ask("auth/ssh-trust/hosts/example.org/role/web-8")).status).toBe(404);
    await succeeds(host(`remove --yes ${name}`));
    await succeeds(host(`add ${name} --out web-7`));
    await succeeds(host(`remove --yes ${name}`));
  });

  test("are replaced only where that is asked for, by somebody who sees which", async () => {
    const without = await add("second.pub");
    expect(without).toMatchObject({ exit: 2, stdout: "", stderr: expect.stringContaining("nobody can be asked here") });
    expect(await stored()).toEqual([first.publicKey]);
    await using registrar = await personAt(fleet.server);
    await registrar.secret(".vault-token", fleet.registrar);
    const call = ["host", "add", "--uncertified", old, "--keys", file("second.pub")];
    const no = await registrar.atTerminal(call, [`replace the keys of ${old}? [y/N]`, "\r"]);
    expect(no).toMatchObject({ exit: 1, left: 0, shown: expect.stringContaining("nothing was changed") });
    expect(no.shown).toContain(`- ${line(first)}`);
    expect(no.shown).toContain(`+ ${line(second)}`);
    expect(await registrar.atTerminal(call, ["[y/N]", "y\r"])).toMatchObject({ exit: 0, left: 0 });
    expect(await stored()).toEqual([second.publicKey]);
    const { exit, stderr } = await add("first.pub", " --yes");
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringContaining(`the keys of ${old} were replaced`) });
    expect(stderr).toContain(`- ${line(second)}`);
  });

  test("are not replaced where somebody else was faster; one of many at the same time wins", async () => {
    await using registrar = await personAt(fleet.server);
    await registrar.secret(".vault-token", fleet.registrar);
    const raced = await registrar.atTerminal(
      ["host", "add", "--uncertified", old, "--keys", file("second.pub")],
      [
        "[y/N]",
        async () => {
          await fleet.must(path, { body: { data: { schema: 1, host: old, keys: [ed25519(3).publicKey] } } });
          return "y\r";
        },
      ],
    );
    expect(raced).toMatchObject({ exit: 1, left: 0, shown: expect.stringContaining("HOST_KEYS_CHANGED") });
    expect(await stored()).toEqual([ed25519(3).publicKey]);
    const name = "old-2.example.org";
    const ran = await Promise.all(["first.pub", "third.pub"].map((keys) => add(keys, "", name)));
    const won = ran.filter(({ exit }) => exit === 0);
    expect(won).toHaveLength(1);
    expect(ran.find(({ exit }) => exit !== 0)?.stderr).toMatch(/HOST_KEYS_CHANGED|nobody can be asked here/);
    await succeeds(host(`remove --yes ${name}`));
  });

  test("that are deleted by hand, or unreadable, are given again", async () => {
    await fleet.must(path, { method: "DELETE" });
    expect((await host("list")).stdout).not.toContain(old);
    await succeeds(add("first.pub"));
    await fleet.must(path, { body: { data: { schema: 1, host: "web-1.example.org", keys: [first.publicKey] } } });
    expect((await host(`show ${old}`)).stdout).toContain("unreadable: it says that it is web-1.example.org");
    await succeeds(add("first.pub", " --yes"));
    expect(await stored()).toEqual([first.publicKey]);
  });

  test("from standard input, as ssh-keygen made them", async () => {
    const name = "old-3.example.org";
    await succeeds(run("ssh-keygen", ["-q", "-t", "rsa", "-b", "2048", "-N", "", "-C", "", "-f", file("made")]));
    const call = ["host", "add", "--uncertified", name, "--keys", "-"];
    await using registrar = await personAt(fleet.server);
    await registrar.secret(".vault-token", fleet.registrar);
    const { exit, stdout } = await registrar.process(call, { input: await readFile(file("made.pub"), "utf8") });
    const { stdout: listed } = await run("ssh-keygen", ["-lf", file("made.pub")]);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: listed.replace("no comment", name) });
    const asked = await registrar.atTerminal(["host", "remove", name], [`remove ${name}? [y/N]`, "y\r"]);
    expect(asked).toMatchObject({ exit: 0, shown: expect.stringContaining(`the directory no longer shows the keys of ${name}`) });
    expect(asked.shown).not.toContain("nothing more is signed");
  });

  test("are gone when the host is removed, and it is a host no more", async () => {
    const { exit, stdout, stderr } = await host(`remove --yes ${old}`);
    expect({ exit, stdout, stderr }).toEqual({
      exit: 0,
      stdout: old,
      stderr: `${old} is no longer registered: the directory no longer shows its keys to anybody`,
    });
    expect((await fleet.server.ask(`ssh-trust/metadata/uncertified/${old}`)).status).toBe(404);
    expect((await host(`show ${old}`)).stderr).toContain("[HOST_UNKNOWN]");
    expect((await host(`remove --yes ${old}`)).stderr).toContain("[HOST_UNKNOWN]");
  });
});
