/** What a trace advises where a person did not prove who they are: it is done, and then the login works. */
import { cp } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { startSshdWith, type OwnSshd } from "../support/own-sshd.js";
import { openRoom, type Room } from "./offline-ca-support.js";
import { loggedIn, openDesk, type Advice, type Desk, type Told } from "./refused-login.js";

jest.setTimeout(120_000);

/** With an offline CA, whose keys for users the hosts trust. */
let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(async () => {
  await room[Symbol.asyncDispose]();
});

let desk: Desk;
beforeEach(async () => {
  await room.reset();
  desk = await openDesk();
  for (const name of ["host", "users-ca", "alice", "bob"]) await desk.key(name);
  await desk.write("authorized_keys", "");
});
afterEach(async () => {
  await desk[Symbol.asyncDispose]();
});

/** It knows no password of anybody, and asks for one all the same. */
async function hostWith(...lines: string[]): Promise<OwnSshd> {
  const trusted = await room.run("export --user-ca");
  await desk.write("trusted", `${trusted.stdout}\n${await desk.read("users-ca.pub")}`);
  const host = await startSshdWith(() =>
    [
      ...lines, // sshd takes the first value of a setting
      ...[`HostKey ${desk.file("host")}`, `AuthorizedKeysFile ${desk.file("authorized_keys")}`, "StrictModes no"],
      ...[`TrustedUserCAKeys ${desk.file("trusted")}`, "PasswordAuthentication yes", "KbdInteractiveAuthentication yes"],
      "",
    ].join("\n"),
  );
  await desk.write("known_hosts", `[127.0.0.1]:${String(host.port)} ${await desk.read("host.pub")}`);
  return host;
}

const containing = (text: string): unknown => expect.stringContaining(text);
const matching = (text: RegExp): unknown => expect.stringMatching(text);
const expired = ["-n", "deploy", "-V", "20200101:20200102"];

const signedInPlace = async (advice: Advice | undefined, key: string) =>
  signAsAdvised({ say: "", run: (advice?.run ?? "").replace("<key>", key) }, key);

/** As the offline CA is asked for it, with its passphrase; the certificate is put beside the key. */
async function signAsAdvised(advice: Advice | undefined, key: string): Promise<void> {
  await cp(desk.file(`${key}.pub`), room.path(`${key}.pub`));
  const command = (advice?.run ?? "").replace("ssh-trust offline-ca ", "").replace("<person>", key);
  const { exit, stderr, stdout } = await room.run(`${command} {pass}`);
  expect({ exit, stderr: exit === 0 ? "" : stderr }).toEqual({ exit: 0, stderr: "" });
  await cp(stdout.split("\n")[0] ?? "", desk.file(`${key}-cert.pub`));
}

describe.each([
  ["a host that takes passwords too, which nobody can be asked for", []],
  ["a host that ends it when the certificate is tried", ["MaxAuthTries 2"]],
  ["a host that takes keys only", ["PasswordAuthentication no", "KbdInteractiveAuthentication no"]],
])("a certificate's own fault comes first, at %s", (_what, lines) => {
  test.each([
    ["has expired", expired, /^permission denied for deploy: the certificate of alice expired at 2020-01-0\dT/],
    ["is not valid yet", ["-n", "deploy", "-V", "20980101:20990101"], /: the certificate of alice is not valid before 209/],
  ])("one that %s is signed again", async (_case, options, reason) => {
    await using host = await hostWith(...lines);
    await desk.sign("users-ca", "alice", ...options);
    const { refusal } = await desk.trace(host.port, "-i", "alice");
    expect(refusal).toMatchObject({ kind: "user-certificate-invalid", reason: matching(reason) });
    await signAsAdvised(refusal?.hint[0], "alice");
    expect(await desk.trace(host.port, "-i", "alice")).toMatchObject(loggedIn);
  });

  test("one for another account: signed for this one, or logged in as that one", async () => {
    await using host = await hostWith(...lines);
    await desk.sign("users-ca", "alice", "-n", "ops");
    const { refusal } = await desk.trace(host.port, "-i", "alice");
    const reason = containing(
      "denied for deploy, most likely because the certificate of alice is for ops, not for deploy (unless",
    );
    expect(refusal).toMatchObject({ kind: "permission-denied", reason });
    const asOther = await desk.follow(refusal?.hint[1], { "<destination>": "" });
    expect(await desk.trace(host.port, ...asOther, "-i", "alice")).toMatchObject(loggedIn);
    await signAsAdvised(refusal?.hint[0], "alice");
    expect(await desk.trace(host.port, "-i", "alice")).toMatchObject(loggedIn);
  });
});

describe("a certificate in the agent is looked at too", () => {
  test.each([
    ["one that has expired", expired, /: the certificate of alice, from the agent, expired at 2020-01-0\dT/],
    [
      "one for another account",
      ["-n", "ops"],
      /most likely because the certificate of alice, from the agent, is for ops, not for/,
    ],
  ])("%s", async (_what, options, reason) => {
    await using host = await hostWith();
    await desk.sign("users-ca", "alice", ...options);
    const { refusal } = await desk.trace(host.port, ...(await desk.load("alice")));
    expect(refusal?.reason).toMatch(reason);
    await signedInPlace(refusal?.hint[0], "alice");
    expect(await desk.trace(host.port, ...(await desk.load("alice")))).toMatchObject(loggedIn);
  });

  test("and one beside the key's file, where the agent has the key", async () => {
    await using host = await hostWith();
    const fromAgent = ["-i", "alice", ...(await desk.load("alice")).slice(0, 2)];
    await desk.sign("users-ca", "alice", ...expired);
    const { refusal } = await desk.trace(host.port, ...fromAgent);
    expect(refusal).toMatchObject({ kind: "user-certificate-invalid" });
  });
});

describe("a certificate that the host maps to the account", () => {
  test("opens it, and where its CA is not trusted, what is said of its names is likely only", async () => {
    await desk.key("stranger");
    await desk.write("principals", "ops@web");
    await using host = await hostWith(`AuthorizedPrincipalsFile ${desk.file("principals")}`);
    await desk.sign("stranger", "alice", "-n", "ops@web");
    const { refusal } = await desk.trace(host.port, "-i", "alice");
    expect(refusal?.reason).toMatch(
      /most likely because .* \(unless the host maps names to accounts: AuthorizedPrincipalsFile\)$/,
    );
    expect(refusal?.hint.map(({ run }) => run).join()).not.toContain("-l ops@web");
    await desk.sign("users-ca", "alice", "-n", "ops@web");
    expect(await desk.trace(host.port, "-i", "alice")).toMatchObject(loggedIn);
  });
});

describe("a certificate is not the reason", () => {
  test("where its file says nothing against it: its CA is named as what to look at", async () => {
    await desk.key("stranger");
    await using host = await hostWith();
    await desk.sign("stranger", "alice", "-n", "deploy");
    const { refusal } = await desk.trace(host.port, "-i", "alice");
    expect(refusal).toMatchObject({ kind: "too-many-attempts" });
    expect(refusal?.hint[0]?.say).toMatch(/^the host must trust the CA of the certificate/);
    expect(await desk.printed(refusal?.hint[1])).toContain(await desk.fingerprint("stranger"));
    await desk.sign("users-ca", "alice", "-n", "deploy");
    expect(await desk.trace(host.port, "-i", "alice")).toMatchObject(loggedIn);
  });

  test("where the host took the key itself, and wants more", async () => {
    await desk.write("authorized_keys", await desk.read("alice.pub"));
    await using host = await hostWith("AuthenticationMethods publickey,publickey");
    await desk.sign("users-ca", "alice", ...expired);
    const { refusal } = await desk.trace(host.port, "-i", "alice", "-o", "BatchMode=yes");
    expect(refusal).toMatchObject({ kind: "permission-denied", reason: containing("one proof was not enough") });
  });
});

describe("too many attempts", () => {
  test("with one key, and passwords that nobody was asked for: the key is not the right one", async () => {
    await desk.write("authorized_keys", await desk.read("bob.pub"));
    await using host = await hostWith("MaxAuthTries 3");
    const { refusal } = await desk.trace(host.port, "-i", "alice");
    expect(refusal).toMatchObject({ kind: "too-many-attempts" });
    const other = await desk.follow(refusal?.hint[1], { "<key>": "bob", "<destination>": "" });
    expect(await desk.trace(host.port, ...other)).toMatchObject(loggedIn);
  });

  test("with several keys: only one is offered", async () => {
    await desk.write("authorized_keys", await desk.read("bob.pub"));
    await using host = await hostWith("MaxAuthTries 1");
    const { refusal } = await desk.trace(host.port, "-i", "alice", "-i", "bob");
    expect(refusal).toMatchObject({ kind: "too-many-attempts" });
    const right = await desk.follow(refusal?.hint[0], { "<key>": "bob", "<destination>": "" });
    expect(await desk.trace(host.port, ...right)).toMatchObject(loggedIn);
  });
});

describe("keys that ssh does not offer", () => {
  const batch = ["-o", "BatchMode=yes"];
  const narrow = ["-o", "PubkeyAcceptedAlgorithms=ssh-ed25519,ssh-ed25519-cert-v01@openssh.com", ...batch];
  const large = ["-o", "RequiredRSASize=3072", ...batch];

  beforeEach(async () => {
    await desk.key("rsa", "-t", "rsa", "-b", "2048");
    await desk.key("ecdsa", "-t", "ecdsa");
    await desk.write("authorized_keys", [await desk.read("rsa.pub"), await desk.read("ecdsa.pub")].join("\n"));
  });

  const expectSkipped = ({ refusal }: Told, reason: RegExp) => {
    expect(refusal).toMatchObject({ kind: "key-skipped", reason: matching(reason) });
    expect(refusal?.reason).not.toContain("no key to offer");
  };

  test.each([
    [
      "rsa",
      narrow,
      /the key rsa was not offered, as the client's PubkeyAcceptedAlgorithms does not allow ssh-rsa; tried: nothing else$/,
    ],
    ["ecdsa", narrow, /the key ecdsa was not offered, as .* does not allow ecdsa-sha2-nistp256; tried: nothing else$/],
  ])("%s, by its type: it is allowed", async (key, options, reason) => {
    await using host = await hostWith();
    const told = await desk.trace(host.port, "-i", key, ...options);
    expectSkipped(told, reason);
    const allowed = await desk.follow(told.refusal?.hint[0], { "<destination>": "" });
    expect(await desk.trace(host.port, ...allowed, "-i", key, ...options)).toMatchObject(loggedIn);
  });

  test("a certificate for such a key, with the key: both are allowed", async () => {
    await desk.write("authorized_keys", "");
    await using host = await hostWith();
    await desk.sign("users-ca", "rsa", "-n", "deploy");
    const told = await desk.trace(host.port, "-i", "rsa", ...narrow);
    expectSkipped(told, /ssh-rsa-cert-v01@openssh\.com/);
    const allowed = await desk.follow(told.refusal?.hint[0], { "<destination>": "" });
    expect(await desk.trace(host.port, ...allowed, "-i", "rsa", ...narrow)).toMatchObject(loggedIn);
  });

  test("an RSA key that is too short: its size is seen, and allowed", async () => {
    await using host = await hostWith();
    const told = await desk.trace(host.port, "-i", "rsa", ...large);
    expectSkipped(told, /the key rsa was not offered, as it is shorter than the client's RequiredRSASize; tried: nothing else$/);
    const [bits = ""] = (await desk.printed(told.refusal?.hint[0])).split(" ");
    const allowed = await desk.follow(told.refusal?.hint[1], { "<bits>": bits, "<destination>": "" });
    expect(await desk.trace(host.port, ...allowed, "-i", "rsa", ...large)).toMatchObject(loggedIn);
  });

  test("or a key of another type is generated, and the host accepts it", async () => {
    await using host = await hostWith();
    const { refusal } = await desk.trace(host.port, "-i", "rsa", ...narrow);
    await desk.follow({ say: "", run: `${refusal?.hint.at(-1)?.run ?? ""} -N '' -q` }, { "<file>": "new" });
    await desk.write("authorized_keys", await desk.read("new.pub"));
    expect(await desk.trace(host.port, "-i", "new", ...narrow)).toMatchObject(loggedIn);
  });

  test("a DSA key: only another key helps", async () => {
    await using host = await hostWith();
    await desk.key("dsa", "-t", "dsa");
    const { refusal } = await desk.trace(host.port, "-i", "dsa", ...batch);
    expect(refusal).toMatchObject({ kind: "key-skipped" });
    expect(refusal?.hint).toEqual([{ say: matching(/no longer accepts DSA/), run: "ssh-keygen -t ed25519 -f <file>" }]);
  });

  test("beside others that the host does not know: both are told", async () => {
    await using host = await hostWith();
    const told = await desk.trace(host.port, "-i", "alice", "-i", "rsa", ...narrow);
    expectSkipped(told, /the key rsa was not offered, .*; tried: the key alice$/);
    expect(told.refusal?.hint.at(-1)?.run).toBe("ssh-trust trace -i <key> <destination>");
  });
});
