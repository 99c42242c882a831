import { describe, expect, test } from "@jest/globals";
import { parseCertificate } from "../../../src/ssh/certificate.js";
import { buildCertificate, strings } from "../../programs/build-certificate.js";
import { readLog } from "../../../src/trace/log.js";
import type { Stage, Trace } from "../../../src/trace/trace.js";
import { entriesOf, hintOf, laidOut, logNames, logText, traced, whats } from "./logs.js";

describe("a login that was refused: the phase, the kind, the reason, what helps", () => {
  test.each<[string, Stage, string, RegExp, RegExp]>([
    ["no-such-name", "setup", "name-unknown", /the name host\.invalid does not resolve/, /getent hosts host\.invalid/],
    ["nobody", "setup", "nobody-listens", /nobody listens at localhost, port 2299/, /-p <port>/],
    ["closed", "setup", "closed", /closed by what answers at localhost, port 2299, before it said its version/, /log/],
    ["silent", "setup", "timed-out", /localhost, port 2299 fell silent/, /log/],
    ["not-ssh", "setup", "not-ssh", /does not speak SSH: 220 mail\.example\.org ESMTP/, /-p <port>/],
    ["ssh-1", "setup", "old-protocol", /another version of the protocol/, /upgrade/],
    ["after-banner", "setup", "closed", /closed by the host/, /journalctl/],
    [
      "no-kex",
      "setup",
      "no-common-algorithm",
      /no key exchange method in common; the server offers \S*curve25519/,
      /ssh -Q KexAlgorithms/,
    ],
    [
      "no-host-key-type",
      "setup",
      "no-common-algorithm",
      /no host key type in common; the server offers ssh-ed25519/,
      /HostKeyAlgorithms/,
    ],
    [
      "unknown-strict",
      "host",
      "host-unknown",
      /no known_hosts file has a key for \[localhost\]:2299/,
      /ssh-keygen -l -f \/etc\/ssh\/ssh_host_ed25519_key/,
    ],
    [
      "unknown-unanswered",
      "host",
      "host-not-confirmed",
      /nobody confirmed the key of \[localhost\]:2299/,
      /compare its fingerprint/,
    ],
    [
      "changed",
      "host",
      "host-key-changed",
      /another than the one in line 1 of known_other/,
      /ssh-keygen -f known_other -R '\[localhost\]:2299'/,
    ],
    ["revoked", "host", "host-key-revoked", /revoked/, /do not log in/],
    ["revoked-file", "host", "host-key-revoked", /revoked, by host\.pub/, /do not log in/],
    [
      "unknown-ca",
      "host",
      "host-ca-unknown",
      /a CA that no known_hosts file names for localhost: SHA256:/,
      /@cert-authority localhost/,
    ],
    ["host-certificate-expired", "host", "host-certificate-invalid", /it has expired/, /sign the host's key again/],
    ["host-certificate-not-yet", "host", "host-certificate-invalid", /not valid yet/, /sign/],
    ["host-certificate-principal", "host", "host-certificate-invalid", /name is not among those/, /sign/],
    ["host-certificate-of-a-user", "host", "host-certificate-invalid", /a user certificate, not a host's/, /sign/],
    ["host-certificate-forging", "host", "host-certificate-invalid", /name is not among those/, /sign/],
    [
      "permission",
      "user",
      "permission-denied",
      /denied for alice; tried: the key mallory; the host takes: publickey/,
      /-i <key>/,
    ],
    ["nothing-to-offer", "user", "permission-denied", /tried: nothing, as there was no key to offer/, /-i <key>/],
    [
      "second-proof",
      "user",
      "permission-denied",
      /one proof was not enough; tried: the key alice, the key second; the host takes: publickey/,
      /the host wants more than one proof/,
    ],
    ["partial", "user", "permission-denied", /one proof was not enough; .*the host takes: password/, /more than one proof/],
    [
      "user-certificate",
      "user",
      "permission-denied",
      /tried: the key alice, the certificate of alice/,
      /ssh-keygen -L -f alice-cert\.pub/,
    ],
    ["key-too-open", "user", "key-unusable", /Load key "open": bad permissions/, /chmod 600 open/],
    [
      "key-locked",
      "user",
      "permission-denied",
      /tried: the key locked/,
      /ssh did not get the passphrase of the key locked: .* ssh-add locked$/,
    ],
    [
      "password-unasked",
      "user",
      "permission-denied",
      /tried: the key mallory, password; the host takes: publickey,password/,
      /-i/,
    ],
    ["too-many", "user", "too-many-attempts", /too many attempts; tried: the key mallory/, /IdentitiesOnly=yes/],
  ])("%s", (name, stage, kind, reason, hint) => {
    const trace = traced(`refused-${name}`);
    expect(trace.refusal).toMatchObject({ stage, kind });
    expect(trace.refusal?.reason).toMatch(reason);
    expect(hintOf(trace)).toMatch(hint);
    expect(trace.phases.at(-1)?.stage).toBe(stage);
    expect(entriesOf(trace).at(-1)).toMatchObject({ mark: "refused", what: `the end: ${trace.refusal?.reason ?? ""}` });
  });

  test("each recorded refusal is among them", () => {
    expect(logNames.filter((name) => name.startsWith("refused-"))).toHaveLength(29);
  });
});

describe("before OpenSSH 9.8, only what ends by ssh's own decision proves anything", () => {
  const proofs = (trace: Trace) => entriesOf(trace).filter(({ mark }) => mark === "proof" || mark === "lock");
  const endOf = (trace: Trace) => JSON.stringify(entriesOf(trace).at(-1));
  const mayBeTheHosts = /before OpenSSH 9\.8, it may have written all of this/;

  test.each(logNames.filter((name) => name.startsWith("refused-")))("%s", (name) => {
    if (name === "refused-too-many") {
      expect(proofs(traced(name))).toEqual([]);
      expect(endOf(traced(name))).toMatch(mayBeTheHosts);
    } else expect(endOf(traced(name))).not.toMatch(mayBeTheHosts);
  });

  test.each([
    ["permission", "its key was accepted", ["agreed on", "the key is known", "the signature is right", "from here on"]],
    ["changed", "it was not", ["agreed on"]],
  ])("refused-%s: %s, and that is shown", (name, _what, begins) => {
    const shown = proofs(traced(`refused-${name}`)).map(({ what }) => what);
    expect(shown).toEqual(begins.map((begin) => expect.stringContaining(begin) as unknown));
  });

  test("what a secret signs is ssh's own, whatever the end", () => {
    const trace = traced("refused-too-many", { secretlySigned: true });
    expect(proofs(trace)).toHaveLength(4);
    expect(endOf(trace)).not.toMatch(mayBeTheHosts);
  });

  test("one that was stopped did not end by itself, whatever its last line", () => {
    expect(proofs(traced("refused-permission", { stoppedAfter: 5 }))).toEqual([]);
  });
});

describe("what no sshd here would do, in OpenSSH's words", () => {
  const signed = (...texts: string[]) => texts.map((text) => `kex.c:x():1 (pid=1): ${text}\r\n`).join("");
  const upTo = (name: string, mark: string) => logText(name).slice(0, logText(name).indexOf(mark));
  const beforeNewKeys = upTo("success-key", "debug3: packet.c:ssh_packet_send2_wrapped():1095 (pid=1): send packet: type 21");

  test.each([
    [
      "a signature that does not fit",
      beforeNewKeys,
      "ssh_dispatch_run_fatal: Connection to 127.0.0.1 port 22: incorrect signature",
      "host-signature-wrong",
    ],
    [
      "a key that is too short",
      upTo("success-key", "debug1: sshconnect.c:check_host_key"),
      "Bad server host key: Invalid key length",
      "host-key-too-weak",
    ],
    ["a closed connection in phase 2", beforeNewKeys, "Connection closed by 127.0.0.1 port 22", "closed"],
    [
      "no way to the host",
      upTo("refused-nobody", "sshconnect.c:ssh_connect_direct():517"),
      "ssh: connect to host a port 22: No route to host",
      "unreachable",
    ],
    ["something new", beforeNewKeys, "The moon is in the wrong quarter.", "other"],
  ])("%s", (_what, begun, text, kind) => {
    expect(laidOut(readLog(begun + signed(text))).refusal?.kind).toBe(kind);
  });

  test("nothing at all", () => {
    expect(laidOut([]).refusal).toMatchObject({ stage: "setup", kind: "other", reason: "ssh ended without a word" });
    expect(laidOut([], { stoppedAfter: 5 }).refusal).toMatchObject({
      kind: "stopped",
      reason: "nothing more happened: stopped after 5 s",
    });
  });

  test("a jump host that cannot be reached", () => {
    const log = signed("Executing proxy command: exec ssh -W [a]:22 jump", "Connection closed by UNKNOWN port 65535");
    const text = "ssh: connect to host jump port 22: Connection refused";
    const others = [{ at: 0.5, by: "others", level: "", where: "", text }] as const;
    expect(laidOut(readLog(log), { others }).refusal).toMatchObject({
      kind: "way-failed",
      reason: "the way there failed: ssh: connect to host jump port 22: Connection refused",
    });
  });

  test.each([
    "/home/a/config: line 2: Bad configuration option: foo",
    '/home/a/config line 2: unsupported option "perhaps".',
    "Can't open user config file x: No such file or directory",
  ])("settings that ssh does not take: %s", (complaint) => {
    const { refusal } = laidOut(readLog(`debug1: Reading configuration data x\r\n${complaint}\r\n`));
    expect(refusal).toMatchObject({ kind: "settings", reason: `ssh does not take its settings: ${complaint}` });
  });

  test("a key's file is named in a hint only where ssh named it before the host said anything", () => {
    const log = logText("refused-key-too-open").replaceAll('Load key "open"', 'Load key "/etc/passwd"');
    expect(hintOf(laidOut(readLog(log)))).not.toContain("passwd");
  });

  test("a certificate that had expired when it was offered is the reason", () => {
    const expired = parseCertificate(
      buildCertificate({ certType: 1, principals: strings("alice"), validBefore: 1_700_000_000n }),
    );
    const { refusal } = traced("refused-user-certificate", { certificates: new Map([["alice", expired]]) });
    expect(refusal).toMatchObject({ kind: "user-certificate-invalid" });
    expect(refusal?.reason).toBe("permission denied for alice: the certificate of alice expired at 2023-11-14T22:13:20Z");
  });
});

describe("a login that succeeded", () => {
  test.each(logNames.filter((name) => name.startsWith("success-")))(
    "%s: host, encryption, person, command, in that order",
    (name) => {
      const trace = traced(name);
      expect(trace.refusal).toBeUndefined();
      expect(trace.exitStatus).toBe(0);
      expect(trace.phases.map(({ stage }) => stage)).toEqual(["setup", "host", "user", "session"]);
      const all = whats(trace);
      const order = [
        "agreed on",
        "the public half",
        "the same of its own",
        "the signature is right",
        "from here on",
        "granted",
        "asks what alice",
        "may be tried",
        "welcome, alice",
        "runs: true",
      ];
      const places = order.map((begin) => all.findIndex((what) => what.startsWith(begin)));
      expect(places).not.toContain(-1);
      expect([...places].sort((a, b) => a - b)).toEqual(places);
    },
  );

  test("without an exit status, where a signal ended the command", () => {
    const log = logText("success-key").replace("Exit status 0", "Exit status -1");
    expect(laidOut(readLog(log))).toMatchObject({ refusal: undefined, exitStatus: undefined });
  });

  test("with a host certificate: which, by which CA, and which line decided", () => {
    const trace = traced("success-certificates");
    const shown = entriesOf(trace).find(({ what }) => what.includes("its host certificate"));
    expect(Object.fromEntries(shown?.facts ?? [])).toMatchObject({
      certificate: "ssh-ed25519-cert-v01@openssh.com",
      serial: "7",
      "key id": "web 1",
      "signed by the CA": expect.stringMatching(/^ssh-ed25519 SHA256:\S{43}$/) as unknown,
      valid: "from 2020-01-01T00:00:00 to 2099-12-31T00:00:00",
      "for the host": "web.example.org",
    });
    expect(whats(trace)).toContain("the CA is known for “[localhost]:2299”: line 1 of known_ca");
  });

  test("with a user certificate: probe and answer, probe and PK_OK, signature", () => {
    const said = entriesOf(traced("success-certificates")).filter(({ stage }) => stage === "user");
    expect(said.map(({ way, message }) => [way, message?.replace("SSH_MSG_USERAUTH_", "")])).toEqual([
      ["client", "REQUEST"],
      ["server", "FAILURE"],
      ["client", "REQUEST"],
      ["server", "FAILURE"],
      ["client", "REQUEST"],
      ["server", "PK_OK"],
      ["client", "REQUEST"],
      ["server", "SUCCESS"],
    ]);
    expect(said[4]?.what).toBe("the probe: would the certificate of alice do?");
    expect(said[6]?.facts).toEqual([["signed with", "ssh-ed25519-cert-v01@openssh.com"]]);
  });

  test.each([
    ["success-key", "the key is known for “[localhost]:2299”: line 1 of known_key"],
    ["success-accept-new", "nothing was known of this host: its key is believed, and stored for [localhost]:2299"],
    ["success-without-probe", "a signature with the key lone, without a probe"],
    ["success-agent", "the probe: would the certificate of alice, from the agent, do?"],
    ["success-after-a-locked-key", "there is no terminal to ask at for the key's passphrase"],
    ["success-rekey-gex", "asks for a Diffie-Hellman group of a good size"],
  ])("%s: %s", (name, what) => {
    expect(whats(traced(name))).toContain(what);
  });
});

describe("what a host writes is not believed", () => {
  test("a key id with a CA, an end and more lines in it", () => {
    const shown = entriesOf(traced("refused-host-certificate-forging")).find(({ what }) => what.includes("its host certificate"));
    const facts = new Map(shown?.facts);
    expect(facts.get("key id")).toMatch(/^x" CA ssh-ed25519 SHA256:y valid forever\n[^]*Authenticated to localhost\.$/);
    expect(facts.get("signed by the CA")).toMatch(/^ssh-ed25519 SHA256:\S{43}$/);
    expect(facts.get("valid")).toBe("from 2020-01-01T00:00:00 to 2099-12-31T00:00:00");
  });

  test("a key id so long that ssh cuts off what comes behind it", () => {
    const long = `x" CA ssh-ed25519 SHA256:y valid forever${" ".repeat(900)}`;
    const log = logText("refused-unknown-ca").replace(/ID ".*/, `ID "${long}\r`);
    const shown = entriesOf(laidOut(readLog(log))).find(({ what }) => what.includes("its host certificate"));
    expect(JSON.stringify(shown?.facts)).not.toContain("SHA256:y");
  });

  test("a session that ssh did not begin: no word, no login", () => {
    for (const name of ["success-key", "success-certificates"]) {
      expect(traced(name).refusal).toBeUndefined();
      expect(traced(name, { word: "another" }).refusal).toBeDefined();
    }
  });

  test.each(["forged-refused", "forged-success"])("%s: a key id with the right process id, and a whole good login", (name) => {
    const trace = traced(name);
    expect(trace.refusal).toMatchObject({ kind: "forged", stage: "host" });
    expect(trace.exitStatus).toBeUndefined();
    expect(entriesOf(trace).filter(({ mark }) => mark === "proof" || mark === "lock")).toEqual([]);
    expect(JSON.stringify(entriesOf(trace))).not.toMatch(/the CA is known|welcome/);
  });
});

test("the phases follow one another without a gap, and fill the time", () => {
  for (const name of logNames) {
    const { phases, took } = traced(name);
    let at = 0;
    for (const phase of phases) {
      expect(phase.from).toBe(at);
      at += phase.took;
    }
    expect(at).toBe(took);
  }
});
