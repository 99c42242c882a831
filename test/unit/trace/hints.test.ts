/** What helps after a refusal: texts, and apart from them the commands. */
import { describe, expect, test } from "@jest/globals";
import { verb } from "../../../src/errors/hint.js";
import { parseCertificate } from "../../../src/ssh/certificate.js";
import { traceToJson } from "../../../src/trace/trace-to-json.js";
import { buildCertificate, strings } from "../../programs/build-certificate.js";
import { hintOf, logNames, traced } from "./logs.js";

const hints = logNames.flatMap((name) => traced(name).refusal?.hint ?? []);

describe("as data", () => {
  test.each([
    ["ssh-1", [{ say: "upgrade its SSH server; version 1 has been broken since 1998" }]],
    ["silent", [{ say: "see whether the host is overloaded, or a firewall drops packets; the host's log says more" }]],
    ["revoked", [{ say: "do not log in: the key may be stolen; ask the host's owner to give the host a new one" }]],
    ["no-such-name", [{ say: "correct the name, or look it up", run: "getent hosts host.invalid" }]],
    ["key-too-open", [{ say: "let nobody else read the key", run: "chmod 600 open" }]],
    ["nobody", [{ say: "start sshd there, or name its port", run: verb("trace -p <port> <destination>") }]],
    ["too-many", [{ say: "offer the right key only", run: verb("trace -o IdentitiesOnly=yes -i <key> <destination>") }]],
    [
      "host-certificate-expired",
      [
        { say: "sign the host's key again, for localhost and with dates that include today, and reload sshd" },
        { say: "with an offline CA", run: verb("offline-ca sign-host --help") },
      ],
    ],
    [
      "key-locked",
      [
        { say: "ssh did not get the passphrase of the key locked: type it at a terminal, without -o BatchMode=yes" },
        { say: "or add the key to the agent first", run: "ssh-add locked" },
      ],
    ],
  ])("%s", (name, hint) => {
    expect(traced(`refused-${name}`).refusal?.hint).toEqual(hint);
  });

  test("a certificate for others: for whom", () => {
    const certificate = parseCertificate(buildCertificate({ certType: 1, principals: strings("bob", "carol") }));
    const trace = traced("refused-user-certificate", { certificates: new Map([["alice", certificate]]) });
    expect(trace.refusal?.reason).toMatch(
      /denied for alice, most likely because the certificate of alice is for bob, carol, not for/,
    );
    expect(hintOf(trace)).toMatch(
      /^have the key signed for alice, .* --principal alice alice\.pub; or log in as bob: ssh-trust trace -l bob <destination>; look at/,
    );
  });
});

test("every refusal has one, and no text of it names this program: calls of it are verbs", () => {
  for (const name of logNames.filter((each) => !each.startsWith("success-"))) expect(hintOf(traced(name))).not.toBe("");
  for (const { say, run } of hints) {
    expect(say).not.toContain("ssh-trust");
    if (typeof run === "string") expect(run).not.toContain("ssh-trust");
    else if (run !== undefined) expect(run).toEqual({ verb: expect.stringMatching(/^(trace|offline-ca|inspect) /) });
  }
});

describe("as JSON: a list of say and run", () => {
  test.each([
    ["refused-ssh-1", undefined, null],
    ["refused-no-such-name", undefined, "getent hosts host.invalid"],
    ["refused-nobody", undefined, "ssh-trust trace -p <port> <destination>"],
    ["refused-nobody", "npx ssh-trust", "npx ssh-trust trace -p <port> <destination>"],
  ])("%s, where the program is called %s", (name, program, run) => {
    const say: unknown = expect.any(String);
    expect(traceToJson(traced(name), program).refusal?.hint).toEqual([{ say, run }]);
  });

  test("a login that succeeded has no refusal", () => {
    expect(traceToJson(traced("success-key")).refusal).toBeNull();
  });
});
