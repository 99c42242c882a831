/** People and robots sign in: what is refused, what is kept, and what ends. */
import { chmod, lstat, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { invitationText } from "../../src/people/invitation.js";
import { openSessions, type Session } from "../../src/people/session/session.js";
import { setMembers, text, type Person } from "../support/applied-fleet.js";
import { watchCommandLines } from "../support/command-lines.js";
import { openCompany, type Company } from "../support/company.js";
import { startProxy } from "../support/proxy.js";
import { personAt, type PersonAtMachine } from "../support/person.js";
import { run, sshTrustFile, type Ran } from "../support/project.js";
import { serverKinds } from "../support/servers.js";
import { tokenIssuer } from "../support/token-issuer.js";
import { codeOf, wrongCodeOf } from "../support/totp.js";

jest.setTimeout(180_000);

const refused = (ran: Ran, code: string, exit = 1, ...says: (string | RegExp)[]) => {
  expect(ran).toMatchObject({ exit, stdout: "", stderr: expect.stringContaining(`[${code}]`) });
  for (const each of says) expect(ran.stderr).toMatch(each);
};
const succeeded = (ran: Ran) => {
  expect({ exit: ran.exit, stderr: ran.stderr }).toEqual({ exit: 0, stderr: ran.stderr });
};

describe.each(serverKinds)("%s", (kind) => {
  let company: Company;
  let at: PersonAtMachine;
  beforeAll(async () => {
    company = await openCompany(kind);
  }, 180_000);
  afterAll(async () => {
    await company[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    at = await personAt(company.server);
  });
  afterEach(async () => {
    await at[Symbol.asyncDispose]();
  });

  /** What is given along, instead of questions. */
  const filesOf = async (person: Person, code = codeOf(person.otpauth, new Date())) => [
    "--password-file",
    await at.secret("password", `${person.password}\n`),
    "--code-file",
    await at.secret("code", `${code}\n`),
  ];
  const login = async (name: string, person: Person, ...more: string[]) =>
    at.sshTrust(["login", "--user", name, ...(await filesOf(person)), ...more]);
  const whoami = async () => JSON.parse((await at.sshTrust(["whoami", "--format", "json"])).stdout) as Record<string, unknown>;
  const isLive = async (token: unknown) =>
    (await company.server.ask("auth/token/lookup-self", { token: String(token) })).status === 200;

  describe("refused, and nothing is kept", () => {
    let carol: Person;
    beforeAll(async () => {
      carol = await company.add("carol");
    });
    afterEach(async () => {
      expect(await at.kept()).toEqual([]);
    });

    test("without a terminal, nobody is asked", async () => {
      refused(await at.process(["login", "--user", "carol"]), "SIGN_IN_NOT_ASKED", 2, /no terminal/, /--password-file <file>/);
      refused(await at.process(["login"]), "SIGN_IN_NOT_ASKED", 2, /the user's name is missing/, /--user <name>/);
    });

    test("a wrong password, and somebody who does not exist: told alike", async () => {
      const password = await at.secret("password", "wrong\n");
      for (const name of ["carol", "mallory"])
        refused(
          await at.sshTrust(["login", "--user", name, "--password-file", password]),
          "SIGN_IN_REFUSED",
          1,
          RegExp(`of ${name} \\(userpass\\): the name or the password is wrong`),
        );
    });

    test("the password without a code", async () => {
      const password = await at.secret("password", carol.password);
      const ran = await at.process(["login", "--user", "carol", "--password-file", password]);
      refused(ran, "SIGN_IN_NOT_ASKED", 2, /the code of the second factor is missing/, /--code-file <file>/);
    });

    test("a wrong code, and how long to wait for the next one", async () => {
      const ran = await at.sshTrust(["login", "--user", "carol", ...(await filesOf(carol, wrongCodeOf(carol)))]);
      refused(ran, "SIGN_IN_CODE_REFUSED", 1, /in \d+ s/);
    });

    test("a code that was used already", async () => {
      const walter = await company.add("walter");
      const files = await filesOf(walter);
      succeeded(await at.sshTrust(["login", "--user", "walter", ...files]));
      succeeded(await at.sshTrust(["logout"]));
      refused(await at.sshTrust(["login", "--user", "walter", ...files]), "SIGN_IN_CODE_REFUSED", 1, /used once/);
    });

    test("after five wrong codes: told to wait", async () => {
      const judy = await company.add("judy");
      const files = await filesOf(judy, wrongCodeOf(judy));
      for (let tries = 0; tries < 5; tries++)
        refused(await at.sshTrust(["login", "--user", "judy", ...files]), "SIGN_IN_CODE_REFUSED");
      refused(await login("judy", judy), "SIGN_IN_CODES_LOCKED", 1, /wait half a minute/);
    });

    test("after five wrong passwords: told apart from a mount that is not there", async () => {
      const erin = await company.add("erin");
      const wrong = await at.secret("wrong", "wrong");
      for (let tries = 0; tries < 5; tries++)
        refused(await at.sshTrust(["login", "--user", "erin", "--password-file", wrong]), "SIGN_IN_REFUSED");
      refused(await login("erin", erin), "SIGN_IN_LOCKED", 1, /without checking the password/, /15 minutes/);
    });

    test.each([
      ["a mount that is not there", ["--mount", "nowhere"], /"nowhere" \(userpass\)/],
      ["a method that is not there", ["--method", "ldap"], /"ssh-trust\/ldap" \(ldap\)/],
    ])("%s", async (_, options, says) => {
      refused(await login("carol", carol, ...options), "SIGN_IN_METHOD_MISSING", 1, says);
    });

    test.each([
      ["two names", "carol dora", "SIGN_IN_USER_INVALID"],
      ["a path", "carol/../dora", "SIGN_IN_USER_INVALID"],
      ["nothing", "", "SIGN_IN_USER_INVALID"],
      ["a control character", "carol\u001b[2J", "SIGN_IN_USER_INVALID"],
    ])("as a user: %s", async (_, name, code) => {
      const ran = await login(name, carol);
      refused(ran, code, 2);
      expect(ran.all).not.toContain("\u001b[2J");
    });

    test.each([
      ["others can read it", "carol's password", 0o644, /others can read it/],
      ["it has two lines", "one\ntwo\n", 0o600, /more than one line/],
      ["it is empty", "\n", 0o600, /it is empty/],
    ])("a password file: %s", async (_, content, mode, says) => {
      const file = await at.secret("password", content);
      await chmod(file, mode);
      refused(await at.sshTrust(["login", "--user", "carol", "--password-file", file]), "SECRET_FILE_REFUSED", 2, says);
    });

    test.each([
      ["it is empty", "\n", /it is empty/],
      ["blanks", "  \n", /6 digits/],
      ["five digits", "12345\n", /6 digits/],
      ["two lines", "123456\n654321\n", /more than one line/],
    ])("a code file, before anything is sent: %s", async (_, content, says) => {
      await using proxy = await startProxy(company.server);
      const files = [
        "--password-file",
        await at.secret("password", carol.password),
        "--code-file",
        await at.secret("code", content),
      ];
      const ran = await at.sshTrust(["login", "--user", "carol", ...files], { VAULT_ADDR: proxy.address });
      refused(ran, "SECRET_FILE_REFUSED", 2, says);
      const piped = await at.process(["login", "--user", "carol", ...files.slice(0, 3), "-"], {
        env: { VAULT_ADDR: proxy.address },
        input: content,
      });
      refused(piped, "SECRET_FILE_REFUSED", 2, says);
      expect(proxy.asked).toEqual([]);
    });

    test.each([
      ["seven digits", "1234567"],
      ["letters", "secret"],
    ])("a code of %s costs no try", async (_what, code) => {
      const files = [
        "--password-file",
        await at.secret("password", carol.password),
        "--code-file",
        await at.secret("code", code),
      ];
      await using proxy = await startProxy(company.server);
      const ran = await at.sshTrust(["login", "--user", "carol", ...files], { VAULT_ADDR: proxy.address });
      refused(ran, "SECRET_FILE_REFUSED", 2, /6 digits \(at some servers 8\)/);
      expect(proxy.asked).toEqual(["POST auth/ssh-trust/people/login/carol"]);
    });

    test("a code file with an invitation, which has none yet", async () => {
      const ran = await at.process(["login", "--invitation", "none", "--code-file", "none"]);
      refused(ran, "USAGE", 2, /--code-file does not go with --invitation/);
    });

    test("standard input for two secrets", async () => {
      refused(
        await at.process(["login", "--user", "carol", "--password-file", "-", "--code-file", "-"], { input: "x" }),
        "USAGE",
        2,
      );
    });

    test("no server is named anywhere", async () => {
      const ran = await at.sshTrust(["login", "--user", "carol"], { VAULT_ADDR: "" });
      refused(ran, "SIGN_IN_NOWHERE", 2, /--vault https/);
    });

    test("interrupted at the password: nothing is shown of it", async () => {
      const { shown, exit, left } = await at.atTerminal(
        ["login", "--user", "carol"],
        [/password of carol at \S+: /, "sesame\u0003"],
      );
      expect({ exit, left }).toEqual({ exit: 130, left: 0 });
      expect(shown).not.toContain("sesame");
    });
  });

  describe("signed in", () => {
    let name: string;
    let person: Person;
    let count = 0;
    beforeEach(async () => {
      name = `ada-${String(++count)}`;
      person = await company.add(name);
    });

    test("by files: who, where, until when; the token is in memory, for its owner alone, and in nothing else", async () => {
      const lines = watchCommandLines();
      const files = await filesOf(person);
      const running = at.process(["login", "--user", name, ...files]);
      const looking = setInterval(() => void lines.look(), 50);
      const ran = await running;
      clearInterval(looking);
      succeeded(ran);
      expect(ran.stderr).toContain(`${name} is signed in at ${company.server.address} until `);
      expect(ran.stderr).toContain("may log in to web (web-*.example.org) as deploy, ops, for 1m each");
      const [kept] = await at.kept();
      expect(kept).toMatchObject({ method: "userpass", user: name, token: expect.stringMatching(/^(hv)?s\./) });
      const file = join(at.memory, "ssh-trust");
      expect((await stat(file)).mode & 0o777).toBe(0o700);
      const secrets = [String(kept?.["token"]), person.password, codeOf(person.otpauth, new Date())];
      for (const secret of secrets) {
        expect(ran.all).not.toContain(secret);
        expect(lines.seen.join("\n")).not.toContain(secret);
      }
      await expect(lstat(join(at.home, ".vault-token"))).rejects.toThrow("ENOENT");
      const remembered = await readFile(join(at.home, ".local/state/ssh-trust/sign-in.json"), "utf8");
      for (const secret of secrets) expect(remembered).not.toContain(secret);
      expect(await whoami()).toMatchObject({
        name,
        method: "userpass",
        tokenFrom: "the last sign-in",
        rules: [{ name: "platform-web", on: "web", as: ["deploy", "ops"], seconds: 60 }],
      });
    });

    test("at a terminal: the password is not shown; what is pasted may end in a line break; a mistyped code costs a code", async () => {
      const { shown, exit, left } = await at.atTerminal(
        ["login"],
        [/user at \S+: /, "\r"],
        [/not a user's name[^]*user at \S+: /, "two names\r"],
        [/not a user's name[^]*user at \S+: /, ` ${name.toUpperCase()} \r`],
        ["password of", `\u001b[200~${person.password}\r\u001b[201~\r`],
        ...["\r", "12345\r", "abcdef\r"].map((typed) => ["authenticator app: ", typed] as const),
        [/6 digits[^]*authenticator app: /, `${wrongCodeOf(person).replace(/^.../, "$& ")}\r`],
        [/in \d+ s\s+[^]*authenticator app: /, () => `${codeOf(person.otpauth, new Date())}\r`],
      );
      expect({ exit, left, shown }).toEqual({ exit: 0, left: 0, shown });
      expect(shown).not.toContain(person.password);
      expect(await whoami()).toMatchObject({ name, entity: person.entity });
    });

    test("a password with blanks, quotes, umlauts, in either spelling of them", async () => {
      const password = ` "Käse" & 'öl' $HOME \\`;
      await company.must(`auth/ssh-trust/people/users/${name}/password`, { body: { password } });
      succeeded(await login(name, { ...person, password: password.normalize("NFD") }));
      expect(await whoami()).toMatchObject({ name });
    });

    test("again: the token of before ends", async () => {
      succeeded(await login(name, person));
      const [before] = await at.kept();
      const [token] = [String(before?.["token"])];
      const other = await company.add(`${name}-b`);
      succeeded(await login(`${name}-b`, other));
      expect([await isLive(token), (await at.kept()).length]).toEqual([false, 1]);
    });

    test("logout ends the token at Vault, and a second one says that nobody is signed in", async () => {
      succeeded(await login(name, person));
      const token = (await at.kept())[0]?.["token"];
      expect(await at.sshTrust(["logout"])).toMatchObject({ exit: 0, stderr: `logged out at ${company.server.address}` });
      expect([await isLive(token), await at.kept()]).toEqual([false, []]);
      expect(await at.sshTrust(["logout"])).toMatchObject({ exit: 0, stderr: "nobody is signed in" });
      refused(await at.sshTrust(["whoami"]), "SIGN_IN_NEEDED", 1);
    });

    test("logout while Vault does not answer: forgotten here, and that is said", async () => {
      succeeded(await login(name, person));
      const [kept] = (await at.kept()) as unknown as readonly Session[];
      await at.sshTrust(["logout"]);
      await openSessions(join(at.memory, "ssh-trust")).keep({ ...(kept as Session), address: "https://127.0.0.1:1" });
      const ran = await at.sshTrust(["logout", "--all"]);
      refused(ran, "LOGOUT_NOT_AT_VAULT", 1, /deleted here, but not revoked at Vault, where it is valid until/);
    });

    test("Vault away: the sign-in is kept", async () => {
      succeeded(await login(name, person));
      refused(await at.sshTrust(["whoami"], { VAULT_CACERT: join(at.home, "password") }), "SETTING_INVALID", 2);
      expect(await at.kept()).toHaveLength(1);
      expect(await whoami()).toMatchObject({ name });
    });

    test("VAULT_TOKEN comes first, and is named where it is not taken: nobody is asked instead", async () => {
      succeeded(await login(name, person));
      const other = await at.sshTrust(["whoami"], { VAULT_TOKEN: company.tokens.dora });
      expect(other.stdout).toMatch(/^dora, .* by the token of VAULT_TOKEN\nmay log in to db /);
      refused(await at.sshTrust(["whoami"], { VAULT_TOKEN: "s.wrong" }), "SIGN_IN_OVER", 1, /VAULT_TOKEN/, /unset VAULT_TOKEN/);
      const out = await at.sshTrust(["logout"], { VAULT_TOKEN: company.tokens.dora });
      expect(out.stderr).toContain("VAULT_TOKEN is still set");
      expect(await isLive(company.tokens.dora)).toBe(true);
    });

    test("VAULT_TOKEN is sent to no server that is only remembered", async () => {
      succeeded(await login(name, person));
      const env = { VAULT_ADDR: "", VAULT_TOKEN: company.tokens.dora };
      refused(await at.sshTrust(["whoami"], env), "SIGN_IN_TOKEN_FOR_NOBODY", 2, /export VAULT_ADDR/);
    });

    test("the client file's server comes before a later sign-in elsewhere", async () => {
      succeeded(await login(name, person));
      const [session] = await at.kept();
      const later = { ...session, address: "https://127.0.0.1:1", began: Date.now() + 1000 };
      await at.secret("x", "");
      await writeFile(join(at.memory, "ssh-trust/0000000000000000.json"), JSON.stringify(later), { mode: 0o600 });
      const file = await at.secret("client.yaml", `vault: ${company.server.address}\n`);
      const without = { VAULT_ADDR: "" };
      refused(await at.sshTrust(["whoami"], without), "VAULT_UNREACHABLE", 1);
      expect((await at.sshTrust(["whoami"], { ...without, SSH_TRUST_CLIENT_FILE: file })).stdout).toContain(name);
    });

    test("a kept sign-in that others can read or that is a link is none", async () => {
      succeeded(await login(name, person));
      const [file] = await readdir(join(at.memory, "ssh-trust"));
      const path = join(at.memory, "ssh-trust", file ?? "");
      await chmod(path, 0o644);
      refused(await at.sshTrust(["whoami"]), "SIGN_IN_NEEDED", 1);
      await chmod(path, 0o600);
      await rename(path, join(at.memory, "elsewhere.json"));
      await symlink(join(at.memory, "elsewhere.json"), path);
      refused(await at.sshTrust(["whoami"]), "SIGN_IN_NEEDED", 1);
    });

    test("a token that may not end itself: logout says that it is still valid", async () => {
      await company.must("sys/policies/acl/look", {
        body: { policy: 'path "auth/token/lookup-self" { capabilities = ["read"] }' },
      });
      const made = await company.must("auth/token/create-orphan", {
        body: { policies: ["look"], no_default_policy: true, ttl: "5m" },
      });
      const token = (made.auth as { client_token: string }).client_token;
      succeeded(await at.sshTrust(["login", "--method", "token", "--token-file", await at.secret("t", token)]));
      refused(await at.sshTrust(["logout"]), "LOGOUT_NOT_AT_VAULT", 1, /not revoked at Vault, where it is valid until/);
      expect([await isLive(token), await at.kept()]).toEqual([true, []]);
    });

    test("a token that can be renewed is renewed while it is used, and the sign-in lasts longer", async () => {
      const made = await company.must("auth/token/create-orphan", {
        body: { policies: ["default"], ttl: "10s", explicit_max_ttl: "60s" },
      });
      const token = (made.auth as { client_token: string }).client_token;
      succeeded(await at.sshTrust(["login", "--method", "token", "--token-file", await at.secret("t", token)]));
      const until = async () => Number((await at.kept())[0]?.["until"]);
      const before = await until();
      await new Promise((resolve) => setTimeout(resolve, 5200));
      await at.process(["known-hosts"]);
      expect(await until()).toBeGreaterThan(before + 1000);
    });

    test("--token-helper: where the vault command keeps its token, and only then", async () => {
      const file = join(at.home, ".vault-token");
      succeeded(await login(name, person, "--token-helper"));
      const token = await readFile(file, "utf8");
      expect([(await stat(file)).mode & 0o777, await isLive(token)]).toEqual([0o600, true]);
      expect(await at.kept()).toEqual([]);
      expect(await whoami()).toMatchObject({ name });
      succeeded(await at.sshTrust(["logout"]));
      expect(await isLive(token)).toBe(false);
      await expect(lstat(file)).rejects.toThrow("ENOENT");
    });

    test("--token-helper: what the vault command has by now for another server is neither sent nor ended", async () => {
      succeeded(await login(name, person, "--token-helper"));
      const file = join(at.home, ".vault-token");
      await writeFile(file, company.tokens.dora);
      refused(await at.sshTrust(["whoami"]), "SIGN_IN_NEEDED", 1);
      expect((await at.sshTrust(["logout"])).stderr).toContain("its token is not here any more");
      expect([await isLive(company.tokens.dora), await readFile(file, "utf8")]).toEqual([true, company.tokens.dora]);
    });

    test("--token-helper with a helper of their own: the token goes by its standard input", async () => {
      const helper = join(at.home, "helper");
      await writeFile(
        helper,
        `#!/bin/sh\necho "$@" >>'${at.home}/calls'\ncase $1 in store) cat >'${at.home}/stored';; get) cat '${at.home}/stored';; erase) rm '${at.home}/stored';; esac\n`,
        { mode: 0o755 },
      );
      await writeFile(join(at.home, ".vault"), `# token_helper = "/nowhere"\ntoken_helper = "${helper}"\n`);
      succeeded(await login(name, person, "--token-helper"));
      expect(await whoami()).toMatchObject({ name });
      succeeded(await at.sshTrust(["logout"]));
      expect(await readFile(join(at.home, "calls"), "utf8")).toBe("store\nget\nget\nerase\n");
    });

    test("the vault command's own token is used where its server is named, and stays as it is", async () => {
      const file = await at.secret(".vault-token", company.tokens.dora);
      expect(await whoami()).toMatchObject({ name: "dora", tokenFrom: "~/.vault-token" });
      succeeded(await login(name, person));
      expect(await whoami()).toMatchObject({ name });
      succeeded(await at.sshTrust(["logout"]));
      expect(await readFile(file, "utf8")).toBe(company.tokens.dora);
    });

    test("the next time, where and how are remembered, also without the environment", async () => {
      succeeded(await login(name, person));
      succeeded(await at.sshTrust(["logout"]));
      await setMembers(company, "dba", (members) => [...members, person.entity]);
      const { exit, shown } = await at.atTerminal(
        ["login", "--vault", company.server.address],
        [RegExp(`password of ${name} at `), `${person.password}\r`],
        ["authenticator app: ", "\u0003"],
      );
      expect({ exit, shown }).toEqual({ exit: 130, shown });
      const without = { VAULT_ADDR: "", VAULT_CACERT: "" };
      const asked = await at.process(["login"], { env: without });
      refused(asked, "SIGN_IN_NOT_ASKED", 2, /the password is missing/);
    });

    test("a client file says where, how, and by which CA", async () => {
      succeeded(await login(name, person));
      const printed = await at.sshTrust(["login", "--print-client-file"]);
      expect(printed).toMatchObject({
        exit: 0,
        stdout: expect.stringContaining("- method: userpass\n    mount: ssh-trust/people"),
      });
      expect(printed.stdout).not.toContain(String((await at.kept())[0]?.["token"]));
      await using elsewhere = await personAt(company.server);
      const file = join(elsewhere.home, "client.yaml");
      await writeFile(file, printed.stdout);
      const env = { VAULT_ADDR: "", VAULT_CACERT: "", SSH_TRUST_CLIENT_FILE: file };
      const other = await company.add(`${name}-c`);
      const files = await filesOf(other);
      succeeded(await elsewhere.sshTrust(["login", "--user", `${name}-c`, ...files], env));
      const seen = await elsewhere.sshTrust(["whoami"], { VAULT_ADDR: "", VAULT_CACERT: "" });
      expect(seen.stdout).toContain(`${name}-c, signed in at ${company.server.address}`);
      await writeFile(file, "vault: ftp://x\n");
      refused(await elsewhere.sshTrust(["login"], env), "CLIENT_FILE_INVALID", 1, /vault: not an http/);
    });

    test.each([
      ["the system", "mount --bind '<file>' /etc/ssl/certs/ca-certificates.crt", {}],
      ["a folder that VAULT_CAPATH names", "mkdir '<home>/cas' && cp '<file>' '<home>/cas/'", { VAULT_CAPATH: "<home>/cas" }],
    ])("a CA that is trusted by %s", async (_, prepare, env) => {
      const filled = (words: string) => words.replaceAll("<file>", company.server.caFile).replaceAll("<home>", at.home);
      const files = (await filesOf(person)).map((word) => `'${word}'`).join(" ");
      const command = `'${process.execPath}' '${sshTrustFile}' login --user ${name} ${files}`;
      const given = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, filled(value)]));
      const inPlace = (script: string) =>
        run("unshare", ["-m", "sh", "-c", script], { cwd: at.home, env: { ...at.env, VAULT_CACERT: "", ...given } });
      if (Object.keys(given).length === 0) refused(await inPlace(command), "VAULT_TLS_FAILED");
      succeeded(await inPlace(`${filled(prepare)} && ${command}`));
    });

    test("whoever is taken out of all groups may do nothing; whoever is removed is signed in no more", async () => {
      succeeded(await login(name, person));
      await setMembers(company, "platform", (members) => members.filter((each) => each !== person.entity));
      expect((await at.sshTrust(["whoami"])).stdout).toMatch(/in no group of people of the fleet there/);
      refused(await at.sshTrust(["login", "--print-client-file"]), "SIGN_IN_WITHOUT_GROUP", 1);
      await company.must(`identity/entity/id/${person.entity}`, { body: { disabled: true } });
      refused(await at.sshTrust(["whoami"]), "SIGN_IN_OVER", 1);
      const asked = await at.process(["login", "--print-client-file"]);
      refused(asked, "SIGN_IN_NEEDED", 1, /no longer accepts the token of the last sign-in, and there is no terminal/);
    });
  });

  describe("robots", () => {
    const issuer = tokenIssuer("https://ci.example.org");
    beforeAll(async () => {
      await company.must("sys/auth/ssh-trust/jwt", { body: { type: "jwt" } });
      await company.must("auth/ssh-trust/jwt/config", { body: issuer.config });
      await company.must("auth/ssh-trust/jwt/role/ssh-trust", {
        body: {
          role_type: "jwt",
          user_claim: "sub",
          bound_audiences: ["https://vault.example.org"],
          token_policies: ["ssh-trust-signed-in", "ssh-trust-people-platform"],
          token_ttl: 900,
        },
      });
      await company.must("sys/auth/approle", { body: { type: "approle" } });
      await company.must("auth/approle/role/robot", {
        body: { token_policies: "ssh-trust-signed-in,ssh-trust-people-platform", token_ttl: 900 },
      });
    });
    const job = (claims: object) => issuer.token({ aud: "https://vault.example.org", sub: "repo:app", ...claims });

    test.each([
      ["for another audience", { aud: "another" }, /for another, /],
      ["expired", { exp: 1000, iat: 900 }, /expired 1970/],
      ["by another issuer", { iss: "https://evil.example.org" }, /by https:\/\/evil\.example\.org/],
    ])("a token that is %s: refused, with what it claims, and without the token", async (_, claims, says) => {
      const token = job(claims);
      const ran = await at.sshTrust(["login", "--method", "jwt", "--jwt-file", await at.secret("jwt", token)]);
      refused(ran, "SIGN_IN_ROBOT_REFUSED", 1, says);
      expect(ran.all).not.toContain(token);
      expect(ran.all).not.toContain(token.split(".")[2]);
    });

    test("what is no token at all", async () => {
      refused(await at.sshTrust(["login", "--jwt-file", await at.secret("jwt", "hello")]), "SIGN_IN_ROBOT_REFUSED", 1);
    });

    test("an AppRole with a wrong secret id", async () => {
      const { data } = await company.must("auth/approle/role/robot/role-id");
      const file = await at.secret("secret-id", "wrong");
      const ran = await at.sshTrust(["login", "--role-id", text(data, "role_id"), "--secret-id-file", file]);
      refused(ran, "SIGN_IN_ROBOT_REFUSED", 1, /approle at "approle"/);
    });

    test("an AppRole: signed in", async () => {
      const { data } = await company.must("auth/approle/role/robot/role-id");
      const made = await company.must("auth/approle/role/robot/secret-id", { body: {} });
      const file = await at.secret("secret-id", text(made.data, "secret_id"));
      succeeded(await at.sshTrust(["login", "--role-id", text(data, "role_id"), "--secret-id-file", file]));
      expect(await whoami()).toMatchObject({ method: "approle", rules: [{ name: "platform-web" }] });
    });

    test("for one call, nothing is kept, and the token ends with it", async () => {
      const ran = await at.sshTrust(["login", "--print-client-file"], { SSH_TRUST_JWT: job({}) });
      expect(ran).toMatchObject({ exit: 0, stdout: expect.stringContaining("vault: https://") });
      expect(await at.kept()).toEqual([]);
      await expect(lstat(join(at.home, ".local"))).rejects.toThrow("ENOENT");
    });
  });

  describe("an invitation", () => {
    const password = "correct horse battery";
    let count = 0;

    /** As people add makes them. @param valid in seconds */
    const invite = async (change: object = {}, valid = 60) => {
      const user = `ivy-${String(++count)}`;
      const person = await company.add(user);
      await company.must("identity/mfa/method/totp/admin-destroy", {
        body: { method_id: company.facts["totp"], entity_id: person.entity },
      });
      const factor = await company.must("identity/mfa/method/totp/admin-generate", {
        body: { method_id: company.facts["totp"], entity_id: person.entity },
        wrapped: valid,
      });
      const secrets = { user, password: person.password, factor: factor.wrap_info?.token ?? "", ...change };
      const wrapped = await company.must("sys/wrapping/wrap", { body: secrets, wrapped: valid });
      const invitation = {
        vault: company.server.address,
        namespace: undefined,
        mount: "ssh-trust/people",
        user,
        until: new Date(Date.now() + valid * 1000),
        token: wrapped.wrap_info?.token ?? "",
        ca: [await readFile(company.server.caFile, "utf8")],
        serverName: undefined,
      };
      const file = await at.secret("invitation", invitationText(invitation));
      return { user, person, file, invitation };
    };
    const take = async (file: string, chosen = password) =>
      at.sshTrust(
        [
          "login",
          "--invitation",
          file,
          "--password-file",
          await at.secret("new", chosen),
          "--factor-out",
          join(at.home, "factor"),
        ],
        { VAULT_ADDR: "", VAULT_CACERT: "" },
      );
    const notOpened = async (token: string) => {
      expect((await company.server.ask("sys/wrapping/lookup", { body: { token } })).status).toBe(200);
    };

    test("a new password that cannot be used: refused, and the invitation is not opened", async () => {
      const { file, invitation } = await invite();
      refused(await take(file, "abc"), "PASSWORD_UNFIT", 2, /fewer than 8/);
      await notOpened(invitation.token);
    });

    test("that somebody opened before: an alarm, and no sign-in", async () => {
      const { file, invitation, user } = await invite();
      await company.must("sys/wrapping/unwrap", { token: invitation.token, method: "POST" });
      refused(await take(file), "INVITATION_OPENED", 1, /somebody else may be signing in as you/, RegExp(`people reset ${user}`));
      expect(await at.kept()).toEqual([]);
    });

    test("whose second factor somebody opened before: an alarm", async () => {
      const stolen = await company.must("sys/wrapping/wrap", { body: { a: "b" }, wrapped: 60 });
      await company.must("sys/wrapping/unwrap", { token: stolen.wrap_info?.token ?? "", method: "POST" });
      const { file } = await invite({ factor: stolen.wrap_info?.token });
      refused(await take(file), "INVITATION_OPENED", 1);
    });

    test("that is over", async () => {
      const { file } = await invite({}, 1);
      await new Promise((resolve) => setTimeout(resolve, 1100));
      refused(await take(file), "INVITATION_EXPIRED", 1, /expired at/);
    });

    test("that was made elsewhere, or is for somebody else", async () => {
      const forged = await invite();
      const other = await company.must("auth/token/create-orphan", { body: { policies: ["default"] }, wrapped: 60 });
      const token = other.wrap_info?.token ?? "";
      const file = await at.secret("forged", invitationText({ ...forged.invitation, token }));
      refused(await take(file), "INVITATION_INVALID", 1, /was not made by ssh-trust/);
      const holder = company.tokens.dora;
      const path = "cubbyhole/identity/mfa/method/totp/admin-generate";
      await company.must(path, { token: holder, body: { url: "otpauth://totp/x:y?secret=AAAA&issuer=x" } });
      const again = await company.must(path, { token: holder, method: "GET", wrapped: 60 });
      refused(await take((await invite({ factor: again.wrap_info?.token })).file), "INVITATION_OPENED", 1);
      const mallory = await invite({ user: "mallory" });
      refused(await take(mallory.file), "INVITATION_INVALID", 1, /and is not/);
    });

    test("a file for the second factor that is there already: refused, and the invitation is not opened", async () => {
      const { file, invitation } = await invite();
      await at.secret("factor", "mine\n");
      refused(await take(file), "FILE_NOT_WRITTEN", 1, /is there already/);
      await notOpened(invitation.token);
      expect(await readFile(join(at.home, "factor"), "utf8")).toBe("mine\n");
    });

    test("taken: the person signs in, and from then on with what they chose, and not with what was sent", async () => {
      const { file, user, person } = await invite();
      succeeded(await take(file));
      expect(await whoami()).toMatchObject({ name: user, entity: person.entity });
      const factor = join(at.home, "factor");
      expect((await stat(factor)).mode & 0o777).toBe(0o600);
      expect(await readFile(factor, "utf8")).toMatch(RegExp(`^otpauth://totp/ssh-trust:${user}%40127\\.0\\.0\\.1\\?`));
      expect((await company.password(user, person.password)).status).toBe(400);
      expect((await company.password(user, password)).status).toBe(200);
      await rm(factor);
      refused(await take(file), "INVITATION_OPENED", 1, /if you opened this one, and finished, you have a password/);
    });

    test("broken off at the code, with an invitation that is open: what that means is said, and said again", async () => {
      const { file } = await invite();
      const { shown, exit } = await at.atTerminal(
        ["login", "--invitation", file],
        ["choose a password", `${password}\r`],
        ["once more", `${password}\r`],
        ["authenticator app: ", "\u0003"],
      );
      expect(exit).toBe(130);
      expect(shown.replaceAll(/\s+/g, " ")).toContain("interrupted; the invitation is open, and cannot be opened again");
      refused(
        await take(file),
        "INVITATION_OPENED",
        1,
        /if you stopped before that, ask the person who invited you for a new one/,
      );
    });

    test("at a terminal: the picture and the key are shown there, and the code is asked for", async () => {
      const { file, user } = await invite();
      const { shown, exit, left } = await at.atTerminal(
        ["login", "--invitation", file],
        ["choose a password", "abc\r"],
        ["choose a password", `${password}\r`],
        ["once more", `${password}\r`],
        [
          "authenticator app: ",
          (all) => `${codeOf(/otpauth:\/\/\S+/.exec(all)?.[0] ?? "", new Date()).replace(/^.../, "$& ")}\r`,
        ],
      );
      expect({ exit, left, shown }).toEqual({ exit: 0, left: 0, shown });
      expect(shown).toContain("█▄▄▄█"); // a corner of the picture
      expect(shown).not.toContain(password);
      expect(await whoami()).toMatchObject({ name: user });
    });
  });
});
