/** Faults while somebody signs in, or is signed in: of the server, of what is between, of clocks, and of several at once. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { openSessions } from "../../src/people/session/session.js";
import { tokenOf, type Person } from "../support/applied-fleet.js";
import { makeCa } from "../support/certificates.js";
import { openCompany, type Company } from "../support/company.js";
import { personAt, type PersonAtMachine } from "../support/person.js";
import { run, sshTrustFile, succeeds, until, type Ran } from "../support/project.js";
import { startProxy, type Instead, type Proxy } from "../support/proxy.js";
import { serverKinds } from "../support/servers.js";
import { codeOf } from "../support/totp.js";

jest.setTimeout(180_000);

/** Where it happens: what is asked then, what somebody types, and whether they are signed in before. */
const places = [
  { place: "login's first question", asked: /^POST auth\/ssh-trust\/people\/login\//, verb: "login" },
  { place: "the code", asked: /^POST sys\/mfa\/validate$/, verb: "login" },
  { place: "the fleet, after signing in", asked: /^GET ssh-trust\/data\/fleet$/, verb: "login" },
  { place: "whoami", asked: /^GET /, verb: "whoami" },
  { place: "logout", asked: /^POST auth\/token\/revoke-self$/, verb: "logout" },
  { place: "sign, before it asks", asked: /^GET auth\/token\/lookup-self$/, verb: "sign" },
  { place: "sign", asked: /^POST user-ssh\/sign\//, verb: "sign" },
] as const;
type Place = (typeof places)[number];

const page = "<html><body>Please log in to the company's network. s.stolen</body></html>";

/** What is answered, and what is said then. */
const faults: readonly (readonly [fault: string, instead: Instead, code: string, says: RegExp])[] = [
  ["a standby, or too many requests", { status: 429 }, "VAULT_BUSY", /HTTP 429[^]*wait a moment/],
  ["503", { status: 503 }, "VAULT_BUSY", /HTTP 503/],
  ["a proxy whose server is away", { status: 502, page }, "VAULT_BUSY", /HTTP 502/],
  ["a proxy's own page", { status: 200, page }, "VAULT_ANSWER_UNEXPECTED", /no proxy in between/],
  ["a proxy that refuses", { status: 403, page }, "VAULT_ANSWER_UNEXPECTED", /HTTP 403 by another program/],
  ["a proxy that finds nothing", { status: 404, page }, "VAULT_ANSWER_UNEXPECTED", /HTTP 404 by another program/],
  ["an answer that is cut", { status: 200, body: { auth: "half" }, cut: true }, "VAULT_UNREACHABLE", /it closed the connection/],
];

/**
 * A terminal that is closed when standard input ends, and how the program at it ended, written to a file. With script(1), whoever could tell
 * ends with the terminal.
 */
const closedAtEnd = `
import os, pty, select, sys
pid, fd = pty.fork()
if pid == 0: os.execv(sys.argv[2], sys.argv[2:])
while True:
    ready, _, _ = select.select([0, fd], [], [])
    if fd in ready: os.write(1, os.read(fd, 9999))
    if 0 not in ready: continue
    typed = os.read(0, 9999)
    if typed == b"": break
    os.write(fd, typed)
os.close(fd)
_, how = os.waitpid(pid, 0)
open(sys.argv[1], "w").write(str(os.waitstatus_to_exitcode(how)))
`;

describe.each(serverKinds)("%s", (kind) => {
  let company: Company;
  let key: string;
  let proxy: Proxy;
  const opened: AsyncDisposable[] = [];
  let count = 0;

  beforeAll(async () => {
    company = await openCompany(kind);
    key = join(company.folder.folder, "id_ed25519");
    await succeeds(run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]));
    proxy = await startProxy(company.server);
  }, 180_000);
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await company[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    proxy.gate = undefined;
    for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
  });

  interface Somebody {
    readonly at: PersonAtMachine;
    readonly name: string;
    readonly person: Person;
    readonly secrets: string[];
    /** What they type at a place. */
    readonly does: (verb: Place["verb"], env?: Record<string, string>) => Promise<Ran>;
    /** They sign in, and it is kept. @param ttl of the token */
    readonly signedIn: (ttl?: string) => Promise<string>;
  }

  /** Somebody new, as a second factor's codes can be used once. @param address of Vault, as they know it */
  async function somebody(address = proxy.address): Promise<Somebody> {
    const name = `pat-${String(++count)}`;
    const person = await company.add(name);
    const at = await personAt({ address, caFile: company.server.caFile });
    opened.push(at);
    const code = codeOf(person.otpauth, new Date());
    const files = [await at.secret("password", person.password), await at.secret("code", code)] as const;
    const typed = {
      login: ["login", "--user", name, "--password-file", files[0], "--code-file", files[1]],
      whoami: ["whoami"],
      logout: ["logout"],
      sign: ["sign", `${key}.pub`, "--on", "web", "--out", join(at.home, "cert.pub")],
    };
    const secrets = [person.password, code];
    return {
      at,
      name,
      person,
      secrets,
      does: (verb, env = {}) => at.sshTrust(typed[verb], env),
      async signedIn(ttl = "1h") {
        const body = { entity_id: person.entity, policies: ["default"], ttl, no_parent: true, entity_alias: name };
        const role = { allowed_entity_aliases: ["*"], orphan: true, allowed_policies: ["default"] };
        await company.must("auth/token/roles/pat", { body: role });
        const mounts = (await company.must("sys/auth")).data as Record<string, { accessor: string }>;
        const alias = { name, canonical_id: person.entity, mount_accessor: mounts["token/"]?.accessor };
        await company.must("identity/entity-alias", { body: alias });
        const token = tokenOf(await company.must("auth/token/create/pat", { body }));
        const now = Date.now();
        const tls = { caCert: company.server.caFile };
        const session = { address, namespace: undefined, tls, method: "userpass", mount: "ssh-trust/people" } as const;
        await openSessions(join(at.memory, "ssh-trust")).keep({
          ...session,
          token,
          user: name,
          until: now + 3_600_000,
          began: now,
        });
        secrets.push(token);
        return token;
      },
    };
  }

  const isLive = async (token: string) => (await company.server.ask("auth/token/lookup-self", { token })).status === 200;
  const tokens = async () =>
    ((await company.must("auth/token/accessors", { method: "LIST" })).data as { keys: readonly string[] }).keys.length;
  const whole = async ({ at }: Somebody) => {
    const folder = join(at.memory, "ssh-trust");
    const names = await readdir(folder).catch(() => []);
    return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")]));
  };
  /** A logout forgets the token here all the same, and says that. */
  const halfLoggedOut = /deleted here, but not revoked at Vault, where it is valid until[^]*hint: [^]*it expires by itself/;
  const failed = ({ stdout, stderr, exit, all }: Ran, { secrets }: Somebody, named: string, shown: RegExp, verb?: string) => {
    const [code, says] = verb === "logout" ? ["LOGOUT_NOT_AT_VAULT", halfLoggedOut] : [named, shown];
    expect({ exit, stdout, stderr }).toEqual({ exit: 1, stdout: "", stderr: expect.stringContaining(`[${code}]`) });
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/hint: ./);
    for (const secret of [...secrets, "s.stolen"]) expect(all).not.toContain(secret);
  };

  /** It happens, and afterwards all is as it must be. @param env for a fault of this side */
  async function happens(place: Place, who: Somebody, code: string, says: RegExp, env: Record<string, string> = {}) {
    const { verb } = place;
    const token = verb === "login" ? undefined : await who.signedIn();
    const [before, number] = [await whole(who), await tokens()];
    const ran = await who.does(verb, env);
    failed(ran, who, code, says, verb);
    proxy.gate = undefined;
    if (verb === "logout") {
      expect([await whole(who), await isLive(token ?? "")]).toEqual([[], true]);
      return;
    }
    expect(await whole(who)).toEqual(before); // not one byte is another
    expect(await readdir(who.at.home)).not.toContain("cert.pub");
    if (verb === "login") return;
    expect(await tokens()).toBe(number);
    expect(await who.does(verb)).toMatchObject({ exit: 0 });
  }

  const at = (asked: RegExp, instead: Instead) => (what: string) => Promise.resolve(asked.test(what) ? instead : undefined);

  /** In which the server takes no part. */
  const onOne = kind === "OpenBao" ? describe : undefined;

  onOne?.each(places)("at $place", (place) => {
    test.each(faults)("%s", async (_, instead, code, says) => {
      const who = await somebody();
      const number = await tokens();
      proxy.gate = at(place.asked, instead);
      await happens(place, who, code, says);
      if (place.verb === "login") expect(await tokens()).toBe(number); // a token that nobody has is ended
    });

    test("it is sent elsewhere: nothing goes there", async () => {
      await using elsewhere = await startProxy(company.server);
      const who = await somebody();
      proxy.gate = at(place.asked, { status: 307, location: `${elsewhere.address}/v1/here` });
      await happens(place, who, "VAULT_REDIRECTED", /nothing was sent there/);
      expect(elsewhere.asked).toEqual([]);
    });
  });

  describe.each(places)("at $place", (place) => {
    test("sealed, for real", async () => {
      const who = await somebody();
      const seal = { done: false };
      proxy.gate = async (what) => {
        if (!seal.done && place.asked.test(what)) {
          seal.done = true;
          await company.must("sys/seal", { method: "POST" });
        }
        return undefined;
      };
      const { verb } = place;
      if (verb !== "login") await who.signedIn();
      const before = await whole(who);
      const ran = await who.does(verb);
      await company.server.unseal();
      await until(`${kind} to be active`, 20, () => company.server.ask("sys/health").then(({ status }) => status === 200));
      failed(ran, who, "VAULT_SEALED", /only an operator can unseal it: tell yours/, verb);
      expect(await whole(who)).toEqual(verb === "logout" ? [] : before);
    });
  });

  test("the token ends right before it signs: told to sign in again", async () => {
    const who = await somebody();
    const token = await who.signedIn();
    proxy.gate = async (what) => {
      if (what.startsWith("POST user-ssh/sign/")) await company.must("auth/token/revoke", { body: { token } });
      return undefined;
    };
    failed(await who.does("sign"), who, "SIGN_IN_OVER", /the last sign-in \(any more\)[^]*sign in again: ssh-trust login/);
  });

  test("a token that has ended: whoami and sign say so, and logout is content", async () => {
    const who = await somebody();
    const token = await who.signedIn("1s");
    await until("its end", 10, async () => !(await isLive(token)));
    failed(await who.does("whoami"), who, "SIGN_IN_OVER", /sign in again: ssh-trust login/);
    failed(await who.does("sign"), who, "SIGN_IN_NEEDED", /ssh-trust login/);
    expect(await who.does("logout")).toMatchObject({ exit: 0 });
    expect(await whole(who)).toEqual([]);
  });

  onOne?.("of this side", () => {
    test("nothing answers at the address", async () => {
      for (const verb of ["login", "whoami", "logout", "sign"] as const) {
        const who = await somebody("http://127.0.0.1:1");
        if (verb !== "login") await who.signedIn();
        const before = await whole(who);
        failed(
          await who.does(verb),
          who,
          "VAULT_UNREACHABLE",
          /connection refused[^]*check your network and your VPN[^]*\(it is from /,
          verb,
        );
        expect(await whole(who)).toEqual(verb === "logout" ? [] : before);
      }
    });

    test("its certificate is by a CA that is not known", async () => {
      const folder = company.folder.folder;
      await makeCa(folder);
      for (const verb of ["login", "whoami", "logout", "sign"] as const) {
        const who = await somebody(company.server.address);
        if (verb !== "login") await who.signedIn();
        const before = await whole(who);
        const ran = await who.does(verb, { VAULT_CACERT: join(folder, "ca.pem") });
        failed(ran, who, "VAULT_TLS_FAILED", /by a CA that is not trusted here[^]*VAULT_CACERT/, verb);
        if (verb !== "logout") expect(await whole(who)).toEqual(before);
      }
    });

    test("slow: after a second it is said what is waited for; after ten it fails, and that is said", async () => {
      const prepared = async (place: Place, seconds: number) => {
        const own = await startProxy(company.server);
        opened.push(own);
        const who = await somebody(own.address);
        if (place.verb !== "login") await who.signedIn();
        return { place, seconds, own, who };
      };
      const slowly = async ({ place, seconds, own, who }: Awaited<ReturnType<typeof prepared>>) => {
        const before = await whole(who);
        own.gate = async (what) => {
          if (place.asked.test(what)) await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
          return undefined;
        };
        const ran = await who.does(place.verb);
        expect(ran.stderr).toContain(`waiting for Vault at ${own.address} …`);
        if (seconds < 10) expect(ran).toMatchObject({ exit: 0 });
        else {
          failed(ran, who, "VAULT_UNREACHABLE", /no answer within 10 s/, place.verb);
          expect(await whole(who)).toEqual(place.verb === "logout" ? [] : before);
        }
      };
      const [first, , , asking, , , signing] = places;
      const cases = [];
      for (const place of places) cases.push(await prepared(place, 2));
      for (const place of [first, asking, signing]) cases.push(await prepared(place, 11));
      await Promise.all(cases.map(slowly));
    });

    test.each(["password of", "authenticator app: "])("the terminal is closed at the question: %s", async (question) => {
      const who = await somebody();
      const status = join(who.at.home, "status");
      const words = [process.execPath, sshTrustFile, "login", "--user", who.name];
      const terminal = spawn("python3", ["-c", closedAtEnd, status, ...words], {
        cwd: who.at.home,
        env: { ...process.env, ...who.at.env, NO_COLOR: "1" },
        stdio: ["pipe", "pipe", "inherit"],
      });
      let seen = "";
      terminal.stdout.setEncoding("utf8").on("data", (part: string) => {
        if (!seen.includes("password of") && (seen + part).includes("password of") && question !== "password of")
          terminal.stdin.write(`${who.person.password}\r`);
        seen += part;
      });
      await until(question, 10, () => Promise.resolve(seen.includes(question)), 20);
      const number = await tokens();
      terminal.stdin.end(); // closes it
      await once(terminal, "close");
      const ended = () => readFile(status, "utf8").catch(() => "");
      await until("its end", 10, async () => (await ended()) !== "", 20);
      expect([await ended(), await whole(who), await tokens()]).toEqual(["129", [], number]);
    });

    test.each([
      ["ahead of", 300],
      ["behind", -300],
    ])("the clock of this machine is five minutes %s Vault's: the error says so, and whoami works", async (where, seconds) => {
      const who = await somebody();
      await who.signedIn();
      const shift = join(who.at.home, "shift.mjs");
      await writeFile(
        shift,
        `const real = Date; const now = () => real.now() + ${String(seconds * 1000)};
globalThis.Date = class extends real { constructor(...given) { given.length === 0 ? super(now()) : super(...given); } static now = now; };`,
      );
      const env = { NODE_OPTIONS: `--import=${shift}` };
      const ran = await who.at.process(["sign", `${key}.pub`, "--on", "web", "--out", join(who.at.home, "cert.pub")], { env });
      failed(ran, who, "CLOCK_DIFFERS", RegExp(`this machine's clock is (5m|5m1s|4m59s) ${where} Vault's[^]*timedatectl`));
      expect(await who.at.process(["whoami"], { env })).toMatchObject({ exit: 0 });
      expect(await readdir(who.at.home)).not.toContain("cert.pub");
    });

    describe("several at once", () => {
      /** Another person at the same machine. */
      const otherAt = async ({ at: machine }: Somebody) => {
        const name = `pat-${String(++count)}`;
        const person = await company.add(name);
        const password = await machine.secret(name, person.password);
        const code = await machine.secret(`${name}-code`, codeOf(person.otpauth, new Date()));
        return () => machine.sshTrust(["login", "--user", name, "--password-file", password, "--code-file", code]);
      };
      /** Each token is kept, or has ended. */
      const noneLost = async (who: Somebody, before: number) => {
        const kept = await who.at.kept();
        expect(await tokens()).toBe(before + kept.length);
        for (const { token } of kept) expect(await isLive(String(token))).toBe(true);
        return kept.length;
      };

      test("logins: one is kept, the others' tokens have ended", async () => {
        const who = await somebody();
        const before = await tokens();
        const logins = [who.does.bind(undefined, "login"), await otherAt(who), await otherAt(who), await otherAt(who)];
        const all = await Promise.all(logins.map((login) => login()));
        expect(all.map(({ exit }) => exit)).toEqual([0, 0, 0, 0]);
        expect(await noneLost(who, before)).toBe(1);
      });

      test("logouts: all say that it is over, and it is", async () => {
        const who = await somebody();
        const token = await who.signedIn();
        const all = await Promise.all([1, 2, 3, 4].map(() => who.does("logout")));
        expect(all.map(({ exit }) => exit)).toEqual([0, 0, 0, 0]);
        const words = /^(logged out at|nobody is signed in|another logout at)/;
        for (const { stderr } of all) expect(stderr).toMatch(words);
        expect([await whole(who), await isLive(token)]).toEqual([[], false]);
      });

      test("a login while somebody logs out: no token is lost", async () => {
        const who = await somebody();
        const before = await tokens();
        await who.signedIn();
        const login = await otherAt(who);
        const all = await Promise.all([login(), ...[1, 2, 3].map(() => who.does("logout"))]);
        expect(all.map(({ exit }) => exit)).toEqual([0, 0, 0, 0]);
        expect(await noneLost(who, before)).toBeLessThanOrEqual(1);
      });
    });
  });

  test("the fleet changed since somebody signed in: sign goes by what it says now", async () => {
    const who = await somebody();
    await who.signedIn();
    await company.folder.edit(
      "platform-web, who: platform, on: web, as: [deploy, ops]",
      "platform-edge, who: platform, on: edge, as: [ops]",
    );
    await company.folder.edit("  db: {", "  data: {");
    await company.folder.edit("on: db,", "on: data,");
    expect(await company.folder.sshTrust(["apply", "--yes"], company.operator)).toMatchObject({ exit: 0 });
    failed(await who.does("sign"), who, "SIGN_DENIED", /may log in to edge as ops/);
    const on = (group: string) => who.at.sshTrust(["sign", `${key}.pub`, "--on", group, "--out", join(who.at.home, "cert.pub")]);
    failed(await on("db"), who, "SIGN_GROUP_UNKNOWN", /data: db-\*\.example\.org/);
    expect(await on("edge")).toMatchObject({ exit: 0, stderr: expect.stringContaining("for ops@edge") });
  });
});
