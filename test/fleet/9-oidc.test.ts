/** Signing in by browser, at an OpenID provider: the server's own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { readLabSettings } from "../../lab/settings/lab.js";
import { resolveChromium } from "../../lab/toolchain/clients.js";
import { silent } from "../../src/ground/progress.js";
import { listenForBrowser } from "../../src/people/sign-in/listen.js";
import { text } from "../support/applied-fleet.js";
import { callback, openOidcFleet, type OidcFleet } from "../support/oidc.js";
import { personAt, type PersonAtMachine } from "../support/person.js";
import { run, sshTrustFile, succeeds, until, type Ran } from "../support/project.js";
import { serverKinds } from "../support/servers.js";
import { codeOf, wrongCodeOf } from "../support/totp.js";

jest.setTimeout(180_000);

const port = 8250;

const refused = (ran: Ran, code: string, exit = 1, ...says: (string | RegExp)[]) => {
  expect(ran).toMatchObject({ exit, stdout: "", stderr: expect.stringContaining(`[${code}]`) });
  for (const each of says) expect(ran.stderr).toMatch(each);
};

interface Shown {
  readonly status: number;
  readonly text: string;
}

/** What a browser shows. */
async function shown(address: string, options: RequestInit = {}): Promise<Shown> {
  const answer = await fetch(address, options);
  return { status: answer.status, text: await answer.text() };
}

const pages = {
  done: { status: 200, text: expect.stringContaining("You are signed in.") },
  more: { status: 200, text: expect.stringContaining("Go back to the terminal, which asks for one more thing.") },
  failed: { status: 400, text: expect.stringContaining("The sign-in failed. The terminal says why.") },
  unknown: { status: 400, text: expect.stringContaining("This is not the sign-in that the terminal waits for.") },
} as const;

/** Whether somebody can listen where the browser comes back. */
async function portIsFree(): Promise<boolean> {
  const probe = createServer();
  const free = once(probe, "listening").then(
    () => true,
    () => false,
  );
  probe.listen(port, "127.0.0.1");
  const found = await free;
  probe.close();
  return found;
}

const stateOf = (address: string) => new URL(address).searchParams.get("state") ?? "";
/** As a provider sends a browser back that was refused. */
const deniedAt = (state: string) =>
  `${callback}?${new URLSearchParams({ error: "access_denied", error_description: "you said no", state }).toString()}`;

describe.each(serverKinds)("%s", (kind) => {
  let fleet: OidcFleet;
  let at: PersonAtMachine;
  /** In the group platform-team of the provider's. */
  let alice: string;
  let key: string;
  beforeAll(async () => {
    fleet = await openOidcFleet(kind);
    alice = await fleet.person("alice", "platform-team");
    key = join(fleet.folder.folder, "id_ed25519");
    await succeeds(run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]));
  }, 180_000);
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    at = await personAt(fleet.server);
    await writeFile(
      join(at.home, "xdg-open"),
      `#!/bin/sh\nprintf %s "$1" >"${at.home}/tab" && mv "${at.home}/tab" "${at.home}/opened"\n`,
      {
        mode: 0o755,
      },
    );
  });
  afterEach(async () => {
    await at[Symbol.asyncDispose]();
    expect(await portIsFree()).toBe(true);
  });

  interface Begun {
    /** Of the page that the person's browser was opened with. */
    readonly address: string;
    readonly ran: Promise<Ran>;
  }
  /** `ssh-trust login --method oidc` at a desktop, until it has opened a browser. */
  async function begin(...more: readonly string[]): Promise<Begun> {
    const env = { DISPLAY: ":7", PATH: `${at.home}:${process.env["PATH"] ?? ""}` };
    await rm(join(at.home, "opened"), { force: true });
    const ran = at.sshTrust(["login", "--method", "oidc", ...more], env);
    let address = "";
    let ended: Ran | undefined;
    void ran.then((each) => (ended = each));
    await until(
      "a browser",
      15,
      async () => {
        address = await readFile(join(at.home, "opened"), "utf8").catch(() => "");
        return address !== "" || ended !== undefined;
      },
      20,
    );
    if (ended !== undefined) throw new Error(`it ended: ${ended.all}`);
    return { address, ran };
  }
  /** As the person with that token at the provider. */
  async function login(person: string, ...more: readonly string[]): Promise<Ran> {
    const { address, ran } = await begin(...more);
    await shown(await fleet.agreed(address, person));
    return ran;
  }
  const whoami = async () => JSON.parse((await at.sshTrust(["whoami", "--format", "json"])).stdout) as Record<string, unknown>;
  const sign = () => at.sshTrust(["sign", `${key}.pub`, "--on", "web", "--out", join(at.home, "cert.pub")]);

  describe("refused, and nothing is kept", () => {
    afterEach(async () => {
      expect(await at.kept()).toEqual([]);
    });

    test("a role that is not there", async () => {
      const ran = await at.sshTrust(["login", "--method", "oidc", "--role", "nobody"]);
      refused(ran, "OIDC_ROLE_REFUSED", 1, /"nobody" of "ssh-trust\/oidc"/, /--role <name>/);
    });

    test("a role that does not allow to come back to this machine", async () => {
      const role = "auth/ssh-trust/oidc/role/elsewhere";
      const body = { user_claim: "sub", allowed_redirect_uris: ["https://vault.example.org/ui"], role_type: "oidc" };
      await fleet.must(role, { body });
      const ran = await at.sshTrust(["login", "--method", "oidc", "--role", "elsewhere"]);
      refused(ran, "OIDC_ROLE_REFUSED", 1, /does not allow http:\/\/localhost:8250\/oidc\/callback/);
    });

    test("a mount that is not there", async () => {
      const ran = await at.sshTrust(["login", "--method", "oidc", "--mount", "nowhere"]);
      refused(ran, "SIGN_IN_METHOD_MISSING", 1, /"nowhere" \(oidc\)/);
    });

    test.each(["127.0.0.1", "::1"])("a port that another program has, at %s; without it, it can be done", async (host) => {
      const other = createServer().listen(port, host);
      const listening = await once(other, "listening").then(
        () => true,
        () => false,
      );
      if (!listening) {
        console.log(`skipped: this machine has no ${host}`);
        return;
      }
      const ran = await at.sshTrust(["login", "--method", "oidc"]);
      other.close();
      refused(ran, "OIDC_PORT_TAKEN", 1, /port 8250/, /login --method oidc --no-browser/);
    });

    test("the provider refuses: the page and the terminal say so", async () => {
      const { address, ran } = await begin();
      expect(await shown(deniedAt(stateOf(address)))).toEqual(pages.failed);
      refused(await ran, "OIDC_REFUSED", 1, /access_denied: you said no/);
    });

    test("what the provider says does not reach the terminal as it is", async () => {
      const { address, ran } = await begin();
      const query = { error: "a\u001b[2Jb", error_description: "x".repeat(5000), state: stateOf(address) };
      const page = await shown(`${callback}?${new URLSearchParams(query).toString()}`);
      expect([page, page.text.includes("xxx")]).toEqual([pages.failed, false]);
      const { stderr } = await ran;
      expect(stderr).not.toContain("\u001b[2J");
      expect(stderr).not.toContain("x".repeat(400));
    });

    test("a code that the provider did not give", async () => {
      const { address, ran } = await begin();
      expect(await shown(`${callback}?code=guessed&state=${stateOf(address)}`)).toEqual(pages.failed);
      refused(await ran, "OIDC_NOT_COMPLETED", 1, /invalid_grant/);
    });

    test("a code that somebody else used first", async () => {
      const { address, ran } = await begin();
      const back = await fleet.agreed(address, alice);
      await fleet.server.ask(`auth/ssh-trust/oidc/oidc/callback${new URL(back).search}&client_nonce=other`, { token: "" });
      expect(await shown(back)).toEqual(pages.failed);
      refused(await ran, "OIDC_NOT_COMPLETED", 1, /sign in again/);
    });

    test("a person whose groups the provider does not tell", async () => {
      const groups = "identity/oidc/scope/groups";
      await fleet.must(groups, { body: { template: '{"other": "x"}' } });
      const ran = await login(alice);
      await fleet.must(groups, { body: { template: '{"groups": {{identity.entity.groups.names}}}' } });
      refused(ran, "OIDC_WITHOUT_GROUPS", 1, /the claim "groups"/);
    });

    test("nobody comes", async () => {
      await using listening = await listenForBrowser();
      const taking = { take: () => Promise.resolve("taken"), pageFor: () => "done" as const };
      const waiting = listening.first(taking, 0.1, new AbortController().signal);
      await expect(waiting).rejects.toMatchObject({ code: "OIDC_NOBODY_CAME" });
    });

    test("interrupted while it waits: the port is free again", async () => {
      const running = spawn(process.execPath, [sshTrustFile, "login", "--method", "oidc"], {
        cwd: at.home,
        env: { ...process.env, ...at.env },
        stdio: ["ignore", "ignore", "pipe"],
      });
      let said = "";
      running.stderr.setEncoding("utf8").on("data", (part: string) => (said += part));
      await until("the address", 10, () => Promise.resolve(said.includes("authorize?")), 20);
      running.kill("SIGINT");
      await once(running, "close");
      expect({ exit: running.exitCode, said }).toEqual({ exit: 130, said: expect.stringContaining("ssh-trust: interrupted") });
      expect(said).not.toContain("error:");
    });

    test.each([
      ["of another sign-in", (back: string) => back.replace(/state=[^&]*/, "state=st_other")],
      ["half of it", (back: string) => back.slice(0, back.indexOf("&state"))],
      ["without its end", (back: string) => back.slice(0, -4)],
      ["the page where it began", (_: string, address: string) => address],
    ])("--no-browser, and the address that is pasted is %s", async (_, change) => {
      const { shown: seen, exit } = await at.atTerminal(
        ["login", "--method", "oidc", "--no-browser"],
        [
          /Copy that page's whole address[^]*address: /,
          async (all) => {
            const address = /https:\S+authorize\S+/.exec(all)?.[0] ?? "";
            return `${change(await fleet.agreed(address, alice), address)}\r`;
          },
        ],
      );
      expect({ exit, seen }).toEqual({ exit: 1, seen: expect.stringContaining("[OIDC_OTHER_SIGN_IN]") });
    });

    test("--no-browser without a terminal", async () => {
      const ran = await at.process(["login", "--method", "oidc", "--no-browser"]);
      refused(ran, "SIGN_IN_NOT_ASKED", 2, /the address that the browser ended at is missing/);
    });
  });

  test("what else comes to the port is told apart, and the sign-in goes on", async () => {
    const { address, ran } = await begin();
    const back = await fleet.agreed(address, alice);
    const others: readonly [string, RequestInit?][] = [
      [back.replace(/state=[^&]*/, "state=st_other")],
      [back.replace("code=", "other=")],
      [back.replace(/&state.*/, "")],
      [deniedAt("st_other")],
      [callback],
      [back.replace("/oidc/callback", "/")],
      [back.replace("/oidc/callback", "/favicon.ico")],
      [back, { method: "POST", body: "x=y" }],
    ];
    for (const [where, how] of others) expect(await shown(where, how)).toEqual(pages.unknown);
    // Twice at once, as some browsers do.
    expect(await Promise.all([shown(back), shown(back)])).toEqual([pages.done, pages.done]);
    expect(await ran).toMatchObject({ exit: 0, stderr: expect.stringContaining("alice is signed in at") });
    expect((await ran).stderr).toContain("may log in to web (web-*.example.org) as deploy, ops, for 1m each");
    expect((await ran).all).not.toContain(String((await at.kept())[0]?.["token"]));
    expect(await whoami()).toMatchObject({ name: "alice", method: "oidc", rules: [{ name: "platform-web" }] });
    expect(await sign()).toMatchObject({ exit: 0 });
  });

  test("the next time it is remembered how", async () => {
    expect(await login(alice)).toMatchObject({ exit: 0 });
    expect(await at.sshTrust(["logout"])).toMatchObject({ exit: 0 });
    const { address, ran } = await begin();
    expect(address).toContain("/ui/vault/identity/oidc/provider/company/authorize?");
    await shown(await fleet.agreed(address, alice));
    expect(await ran).toMatchObject({ exit: 0 });
  });

  test("--no-browser: the whole address is pasted, with blanks around it", async () => {
    const { shown: seen, exit } = await at.atTerminal(
      ["login", "--method", "oidc", "--no-browser"],
      [
        /whole address[^]*address: /,
        async (all) => `  ${await fleet.agreed(/https:\S+authorize\S+/.exec(all)?.[0] ?? "", alice)} \r`,
      ],
    );
    expect({ exit, seen }).toEqual({ exit: 0, seen: expect.stringContaining("alice is signed in at") });
  });

  test("somebody in no group of the fleet's is told so, and has nothing signed", async () => {
    const bob = await fleet.person("bob", "others");
    const ran = await login(bob);
    expect(ran).toMatchObject({ exit: 0, stderr: expect.stringContaining("no rule of the fleet lets you log in anywhere") });
    const { exit, stderr } = await sign();
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining("bob") });
  });

  test("taken out of the group at the provider: the sign-in goes on until it ends, the next one has no rules", async () => {
    const carol = await fleet.person("carol");
    await fleet.members("platform-team", "alice", "carol");
    await fleet.members("others", "carol");
    expect(await login(carol)).toMatchObject({ exit: 0 });
    await fleet.members("platform-team", "alice");
    expect(await sign()).toMatchObject({ exit: 0 });
    expect(await login(carol)).toMatchObject({ exit: 0, stderr: expect.stringContaining("no rule of the fleet") });
    expect(await whoami()).toMatchObject({ name: "carol", rules: [] });
    expect(await sign()).toMatchObject({ exit: 1 });
    await fleet.members("others");
    refused(await login(carol), "OIDC_WITHOUT_GROUPS", 1, /did not say which groups you are in/);
  });

  test("removed by people remove: nothing is signed from then on, and the next sign-in is refused, and says why", async () => {
    const dan = await fleet.person("dan");
    await fleet.members("platform-team", "alice", "dan");
    expect(await login(dan)).toMatchObject({ exit: 0 });
    expect(await sign()).toMatchObject({ exit: 0 });
    const removed = await fleet.folder.sshTrust(["people", "remove", "dan", "--method", "oidc", "--yes"], undefined, {
      VAULT_ADDR: fleet.server.address,
    });
    expect(removed).toMatchObject({ exit: 0, stdout: "dan" });
    refused(await at.sshTrust(["whoami"]), "SIGN_IN_OVER");
    expect(await sign()).toMatchObject({ exit: 1 });
    refused(await login(dan), "OIDC_PERSON_REFUSED", 1, /you were removed there/);
  });

  // The provider's own login page is the server's UI: OpenBao's program has none, so that all agree by its API here.
  test("a real browser shows the last page", async () => {
    const { binary } = await resolveChromium(readLabSettings(), silent);
    const { address, ran } = await begin();
    const back = await fleet.agreed(address, alice);
    const browser = await run(
      binary,
      ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${at.home}/chromium`, "--dump-dom", back],
      { env: { HOME: at.home } },
    );
    expect(browser).toMatchObject({ exit: 0, stdout: expect.stringContaining("You are signed in.") });
    expect(await ran).toMatchObject({ exit: 0 });
  });

  describe("where the mount asks for a second factor", () => {
    const enforcement = "identity/mfa/login-enforcement/company-oidc";
    let erin: string;
    let otpauth: string;
    beforeAll(async () => {
      erin = await fleet.person("erin");
      await fleet.members("platform-team", "alice", "erin");
      at = await personAt(fleet.server);
      await writeFile(join(at.home, "xdg-open"), `#!/bin/sh\nprintf %s "$1" >"${at.home}/opened"\n`, { mode: 0o755 });
      expect(await login(erin)).toMatchObject({ exit: 0 });
      const entity = (await whoami())["entity"];
      await at[Symbol.asyncDispose]();
      const own = (await fleet.must("identity/mfa/login-enforcement/ssh-trust-people")).data as { mfa_method_ids: [string] };
      const [method] = own.mfa_method_ids;
      const { data } = await fleet.must("identity/mfa/method/totp/admin-generate", {
        body: { method_id: method, entity_id: entity },
      });
      otpauth = text(data, "url");
      const mounts = (await fleet.must("sys/auth")).data as Record<string, { accessor: string }>;
      const accessors = [mounts["ssh-trust/oidc/"]?.accessor];
      await fleet.must(enforcement, { body: { mfa_method_ids: [method], auth_method_accessors: accessors } });
    });
    afterAll(async () => {
      await fleet.server.ask(enforcement, { method: "DELETE" });
    });

    test("a wrong code", async () => {
      const { address, ran } = await begin("--code-file", await at.secret("code", wrongCodeOf({ otpauth })));
      expect(await shown(await fleet.agreed(address, erin))).toEqual(pages.more);
      refused(await ran, "SIGN_IN_CODE_REFUSED");
      expect(await at.kept()).toEqual([]);
    });

    test("at a terminal, a wrong one costs another round in the browser, and that is said", async () => {
      const inBrowser = async (all: string) => {
        const address = [...all.matchAll(/https:\S+authorize\S+/g)].at(-1)?.[0] ?? "";
        expect(await shown(await fleet.agreed(address, erin))).toEqual(pages.more);
        return "";
      };
      const { exit, shown: seen } = await at.atTerminal(
        ["login", "--method", "oidc"],
        [/authorize\?\S+state=\S+\s/, inBrowser],
        ["authenticator app: ", () => `${wrongCodeOf({ otpauth })}\r`],
        [/only after another sign-in in the browser[^]*authorize\?\S+state=\S+\s/, inBrowser],
        ["authenticator app: ", () => `${codeOf(otpauth, new Date())}\r`],
      );
      expect({ exit, seen }).toEqual({ exit: 0, seen: expect.stringContaining("erin is signed in at") });
      expect(await at.sshTrust(["logout"])).toMatchObject({ exit: 0 });
    });

    test("the right one, from a file", async () => {
      const next = codeOf(otpauth, new Date(Date.now() + 30_000)); // this half minute's was used above
      const { address, ran } = await begin("--code-file", await at.secret("code", next));
      expect(await shown(await fleet.agreed(address, erin))).toEqual(pages.more);
      expect(await ran).toMatchObject({ exit: 0, stderr: expect.stringContaining("erin is signed in at") });
    });
  });
});
