/** What a hint says to run: for the server and the file of the call that failed. */
import { describe, expect, test } from "@jest/globals";
import { hintHere } from "../../../src/cli/hints-here.js";
import { loadVerbs } from "../../../src/cli/load-verbs.js";
import { forCommander } from "../../../src/cli/own-arguments.js";
import { fail, type SshTrustError } from "../../../src/errors/catalogue.js";
import { hintText, typed } from "../../../src/errors/hint.js";
import { program } from "../../../src/terminal/command.js";

/** The hint of an error of a call. No action is run. */
async function hintOf(error: SshTrustError, call: string, known?: string): Promise<string> {
  const args = call.split(" ");
  const verbs = await loadVerbs(args);
  const called = program("", verbs, [], "1");
  const leaf = (command: typeof called): typeof called => command.commands.map(leaf)[0] ?? command;
  for (const each of [called, ...called.commands, leaf(called)]) each.action(() => undefined);
  for (const each of called.commands.flatMap(({ commands }) => commands)) each.action(() => undefined);
  await called.parseAsync(forCommander(args, verbs), { from: "user" });
  const hint = await hintHere(error, called, () => Promise.resolve(known));
  return hintText(hint, (run) => typed(run, "ssh-trust"));
}

const needed = fail("SIGN_IN_NEEDED", { at: "", why: "" });
const denied = fail("LOGIN_ACCOUNT_DENIED", {
  ...{ who: "alice", account: "root", name: "web-1", group: "web" },
  how: [{ say: "you may", run: { verb: "ssh deploy@web-1" } }],
});

describe("what the call said of where", () => {
  test.each<[what: string, error: SshTrustError, call: string, said: string]>([
    ["nothing", needed, "sign a.pub --on web", "sign in first, at a terminal: ssh-trust login;"],
    [
      "the server and the way to sign in",
      needed,
      "sign a.pub --on web --vault https://v:1 --method ldap --mount people/ldap",
      ": ssh-trust login --vault https://v:1 --method ldap --mount people/ldap;",
    ],
    ["before the host, of ssh", needed, "ssh --vault https://v:1 web-1 -p 22", ": ssh-trust login --vault https://v:1;"],
    [
      "in front of a host",
      denied,
      "ssh --vault https://v:1 root@web-1",
      "you may: ssh-trust ssh --vault https://v:1 deploy@web-1",
    ],
    [
      "who signs in",
      fail("SIGN_IN_CODES_LOCKED", undefined),
      "login --user alice",
      "then try again: ssh-trust login --user alice",
    ],
    ["a name with a blank", fail("SIGN_IN_CODES_LOCKED", undefined), "login --user al;ice", "ssh-trust login --user 'al;ice'"],
    [
      "what the hint says otherwise stays",
      fail("SIGN_IN_METHOD_MISSING", { mount: "a", method: "ldap", address: "https://v:1" }),
      "login --vault https://v:1 --method ldap --mount a",
      ": ssh-trust login --vault https://v:1 --method oidc --mount <path>;",
    ],
    [
      "an invitation says where itself",
      needed,
      "sign a.pub --on web --vault https://v:1",
      ": ssh-trust login --invitation <file>;",
    ],
    [
      "the help is the same everywhere",
      fail("USAGE", { what: "", help: { verb: "login --help" } }),
      "login --vault https://v:1",
      "see: ssh-trust login --help",
    ],
    [
      "what the other verb does not take",
      fail("SIGN_IN_WITHOUT_GROUP", { name: "a", address: "b" }),
      "sign a.pub --on web --vault https://v:1",
      ": ssh-trust people list",
    ],
    [
      "the fleet file",
      fail("FLEET_STORE_CHANGED", { path: "p" }),
      "apply --file b.yaml --vault https://v:1",
      ": ssh-trust apply --file b.yaml --vault https://v:1 --plan",
    ],
    ["a default is not repeated", fail("FLEET_STORE_CHANGED", { path: "p" }), "apply", ": ssh-trust apply --plan"],
  ])("%s", async (_what, error, call, said) => {
    expect(`${await hintOf(error, call)};`).toContain(said);
  });
});

describe("whoever only logs in is told what they can do; an operator, what an operator can", () => {
  const address = "https://v:1";
  const sealed = fail("VAULT_SEALED", { address });
  const away = (source: string) => fail("VAULT_UNREACHABLE", { address, source, reason: "refused", command: "curl -sS x" });
  const untrusted = fail("VAULT_TLS_FAILED", {
    address,
    reason: "",
    how: { say: "name the CA", run: "x" },
    untrusted: true,
  } as never);
  const late = fail("VAULT_TLS_FAILED", { address, reason: "", how: { say: "see the clock", run: "date -u" } });
  test.each<[call: string, error: SshTrustError, says: RegExp, not: RegExp]>([
    ...[
      "login",
      "logout",
      "whoami",
      "ssh web-1",
      "sign a.pub --on web",
      "agent run",
      "config install",
      "known-hosts",
      "trace web-1",
    ].map((call): [string, SshTrustError, RegExp, RegExp] => [call, sealed, /tell yours/, /unseal:/]),
    ...["apply", "people add a --group g", "host list", "offline-ca import-to-vault --kind user --mount m"].map(
      (call): [string, SshTrustError, RegExp, RegExp] => [call, sealed, /vault operator unseal/, /your operator/],
    ),
    ["login", away("VAULT_ADDR"), /VPN.*\(it is from VAULT_ADDR\); to name another one: export VAULT_ADDR=<address>; /, /curl/],
    ["whoami", away("the last sign-in"), /another one: ssh-trust login --vault <address>; otherwise tell your operator$/, /curl/],
    ["people list", away("VAULT_ADDR"), /correct it there.*: curl -sS x$/, /VPN/],
    ["login", untrusted, /ask your operator for the file of its CA, and name it: export VAULT_CACERT=<file>/, /: x/],
    ["apply", untrusted, /name the CA: x$/, /operator/],
    ["login", late, /see the clock: date -u; otherwise tell your operator$/, /VPN/],
    ["ssh web-1", fail("VAULT_ROLE_MISSING", { mount: "m", role: "r" }), /ssh-trust whoami/, /vault list/],
    ["config install", fail("FLEET_NOT_APPLIED", { address, path: "p" }), /tell your operator/, /apply/],
    ["host list", fail("FLEET_NOT_APPLIED", { address, path: "p" }), /ssh-trust apply/, /your operator/],
  ])("%s: %s", async (call, error, says, not) => {
    const hint = await hintOf(error, call);
    expect(hint).toMatch(says);
    expect(hint).not.toMatch(not);
  });
});

describe("whoever may have been reset is told of the invitation; whose sign-in is elsewhere, is not", () => {
  const [user, address, method] = ["alice", "https://v:1", "userpass"];
  const again = /if you have a new invitation: ssh-trust login --invitation <file>/;
  test.each<[error: SshTrustError]>([
    [needed],
    [fail("SIGN_IN_REFUSED", { user, address, method })],
    [fail("SIGN_IN_LOCKED", { user, address, method })],
    [fail("SIGN_IN_CODE_REFUSED", { seconds: "3" })],
    [fail("SIGN_IN_FACTOR_REFUSED", { reason: "x" })],
    [fail("SIGN_IN_OVER", { source: "the last sign-in", address })],
    [fail("VAULT_TOKEN_REFUSED", { address })],
  ])("$code", async (error) => {
    expect(await hintOf(error, "login --vault https://v:1")).toMatch(again);
  });

  test.each(["SIGN_IN_REFUSED", "SIGN_IN_LOCKED"] as const)("%s, by ldap", async (code) => {
    expect(await hintOf(fail(code, { user, address, method: "ldap" }), "login")).not.toMatch(/invitation|people reset/);
  });

  test.each(["INVITATION_OPENED", "INVITATION_EXPIRED", "INVITATION_HALF_TAKEN"] as const)(
    "%s: there may be a newer one",
    async (code) => {
      const error = fail(code, { user, file: "f", until: "", reason: "" });
      expect(await hintOf(error, "login --invitation f")).toMatch(
        /^if you got a newer invitation since, use that: ssh-trust login --invitation <file>; /,
      );
    },
  );
});

test("a refused password: one sentence, which does not tell whether there is such a user", async () => {
  const error = fail("SIGN_IN_REFUSED", { user: "alice", address: "https://v:1", method: "userpass" });
  expect(error.message).toBe("Vault at https://v:1 refused the sign-in of alice (userpass): the name or the password is wrong");
  expect(await hintOf(error, "login")).toMatch(
    /^check the name \(it is sent in lower case\) and caps lock, and try again; .*people reset alice/,
  );
});

describe("Vault's address", () => {
  const missing = fail("VAULT_ADDR_MISSING", { what: "people list" });
  test("is the one that is known", async () => {
    expect(await hintOf(missing, "people list", "https://v:1")).toBe("name it: export VAULT_ADDR=https://v:1");
  });
  test("is an example where nobody knows it", async () => {
    expect(await hintOf(missing, "people list")).toBe("name it: export VAULT_ADDR=https://vault.example.org:8200");
  });
});
