/** What a host that knows ssh's process id can add to ssh's log, and what gives it away. */
import { describe, expect, test } from "@jest/globals";
import { readLog } from "../../../src/trace/log.js";
import { entriesOf, laidOut, logNames, logText, signed, traced, whats, withLines } from "./logs.js";

const known = ["Host 'localhost' is known and matches the ED25519-CERT host certificate.", "Found CA key in known_ca:1"];
const plainlyKnown = ["Host 'localhost' is known and matches the ED25519 host key.", "Found key in known_key:1"];
const newKeys = ["SSH2_MSG_NEWKEYS sent", "SSH2_MSG_NEWKEYS received", "SSH2_MSG_SERVICE_ACCEPT received"];
const loggedIn = 'Authenticated to localhost ([127.0.0.1]:2299) using "publickey".';
const keyId = "Server host certificate: ";
const proposal = "SSH2_MSG_KEXINIT received";
const methods = "Authentications that can continue";

describe("a host is not known, and its text says that it is", () => {
  test.each([
    ["by a certificate", "refused-unknown-ca", keyId, known],
    ["by a certificate that is not for it", "refused-host-certificate-principal", keyId, known],
    ["by its key", "refused-unknown-strict", proposal, plainlyKnown],
    ["by a key that is another", "refused-changed", proposal, plainlyKnown],
    ["by a key that nobody confirmed", "refused-unknown-unanswered", proposal, plainlyKnown],
    ["by a key that is revoked", "refused-revoked", proposal, plainlyKnown],
    ["by a key that is stored only now", "success-accept-new", proposal, plainlyKnown],
    ["and all that follows", "refused-unknown-ca", keyId, [...known, ...newKeys, loggedIn]],
    [
      "and all that follows, and then the login succeeds",
      "success-accept-new",
      proposal,
      [...plainlyKnown, ...newKeys, loggedIn],
    ],
    ["after its key counted", "success-accept-new", "SSH2_MSG_NEWKEYS sent", plainlyKnown],
    ["after the keys were exchanged", "success-accept-new", "SSH2_MSG_NEWKEYS received", ["SSH2_MSG_NEWKEYS received"]],
  ])("%s", (_what, name, mark, texts) => {
    const trace = laidOut(readLog(withLines(name, mark, ...texts)));
    expect(trace.refusal?.kind).toBe("forged");
    expect(whats(trace).join("\n")).not.toMatch(/is known for|welcome|everything is encrypted/);
  });
});

describe("a host writes into the log before its key is seen, and hangs up: ssh says no more of what would contradict it", () => {
  const hungUp = "packet.c:sshpkt_vfatal():1909 (pid=1): Connection closed by 127.0.0.1 port 2299\r\n";
  const denied = "sshconnect2.c:userauth():640 (pid=1): alice@localhost: Permission denied (publickey).\r\n";
  const negotiation =
    "packet.c:x():1 (pid=1): Unable to negotiate with 127.0.0.1 port 2299: no matching cipher found. Their offer: x\r\n";
  const claims = [
    "send packet: type 30",
    "SSH2_MSG_KEX_ECDH_REPLY received",
    "Server host key: ssh-ed25519 SHA256:x",
    ...plainlyKnown,
    ...newKeys,
    "send packet: type 50",
    `${methods}: publickey,password`,
    "Next authentication method: password",
    "send packet: type 50",
  ];
  const begun = withLines("success-key", proposal, ...claims);
  const forged = begun.slice(0, begun.indexOf("\n", begun.lastIndexOf("debug1: x.c")) + 1);

  test.each([
    ["what ended it then", hungUp, "closed"],
    ["an end of ssh's, and then what ended it", denied + hungUp, "forged"],
    ["two ends of ssh's, one of which is another phase's", denied + negotiation, "forged"],
    ["an end of ssh's in another phase", negotiation, "other"],
    ["nothing at all", "", "other"],
  ])("%s", (_what, end, kind) => {
    const trace = laidOut(readLog(forged + end));
    expect(trace.refusal?.kind).toBe(kind);
    expect(entriesOf(trace).filter(({ mark }) => mark === "proof" || mark === "lock")).toEqual([]);
    if (kind !== "forged") expect(JSON.stringify(entriesOf(trace).at(-1)?.facts)).toMatch(/before OpenSSH 9\.8/);
  });
});

describe("nobody is logged in, and a text says so", () => {
  test.each([
    ["refused-permission", methods, [loggedIn, "Exit status 0"]],
    ["refused-permission", methods, [loggedIn, "expanded LocalCommand: guessed", "Exit status 0"]],
    ["refused-partial", methods, [loggedIn]],
    ["refused-too-many", methods, [loggedIn]],
  ])("%s", (name, mark, texts) => {
    const trace = laidOut(readLog(withLines(name, mark, ...texts)));
    expect(trace.refusal).toBeDefined();
    expect(trace.exitStatus).toBeUndefined();
    expect(whats(trace).join("\n")).not.toContain("welcome");
  });

  test("a claim without the word is no login, even where nothing contradicts it", () => {
    const log = logText("success-key");
    const cut = log.slice(0, log.indexOf("debug3: ssh.c:ssh_session2"));
    expect(laidOut(readLog(cut)).refusal).toBeDefined();
    expect(laidOut(readLog(cut + signed("expanded LocalCommand: guessed"))).refusal).toBeDefined();
  });
});

test("a log of which the middle is missing is not believed, if the login may be in it", () => {
  const lines = readLog(logText("success-key"));
  const begin = lines.findIndex(({ text }) => text.includes("LocalCommand"));
  const gap = { at: 0, by: "gap", level: "", where: "", text: "9 lines are left out here" } as const;
  expect(laidOut([...lines.slice(0, begin), gap, ...lines.slice(begin)]).refusal?.kind).toBe("flooded");
  expect(laidOut([...lines.slice(0, begin + 2), gap, ...lines.slice(begin + 2)]).refusal).toBeUndefined();
});

test("a host whose address is known under another key, and nobody to ask: CheckHostIP", () => {
  const found = "Found key in known_key:1";
  const log = withLines("success-key", found, "can't open /dev/tty: No such device", "Host key verification failed.");
  const end = log.indexOf("\n", log.indexOf("Host key verification failed.")) + 1;
  expect(laidOut(readLog(log.slice(0, end).replace(/debug1: (.*verification failed)/, "$1"))).refusal?.kind).toBe(
    "host-not-verified",
  );
});

test.each(logNames.filter((name) => !name.startsWith("forged-")))("%s contradicts itself nowhere", (name) => {
  expect(traced(name).refusal?.kind).not.toBe("forged");
});

describe("a name for the host that the configuration does not have", () => {
  const alias = (name: string) => `using hostkeyalias: ${name}`;

  test.each([
    ["where there is none", "refused-unknown-strict", [alias("bank.example.org")]],
    ["where there is none, of a host that is known", "success-key", [alias("bank.example.org")]],
    ["beside the one that it has", "refused-unknown-unanswered", [alias("web.lab.test"), alias("bank.example.org")]],
  ])("%s", (_what, name, texts) => {
    expect(laidOut(readLog(withLines(name, proposal, ...texts))).refusal).toMatchObject({
      kind: "forged",
      reason: expect.stringContaining("two names for the host") as unknown,
    });
  });

  test.each(["web.lab.test", "w".repeat(250)])("the one that it has is no contradiction: %s", (name) => {
    const log = withLines("refused-unknown-strict", proposal, alias(name));
    const { refusal } = laidOut(readLog(log.replaceAll("[localhost]:2299", name.slice(0, 200))));
    expect(refusal).toMatchObject({ kind: "host-unknown", reason: expect.stringContaining(`a key for ${name}, `) as unknown });
  });
});
