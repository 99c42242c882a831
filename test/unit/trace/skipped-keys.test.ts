/** Keys that ssh does not offer, in the words of each version. What then lets a person in: test/programs/trace-person-hints.test.ts. */
import { describe, expect, test } from "@jest/globals";
import { readLog } from "../../../src/trace/log.js";
import { entriesOf, hintOf, laidOut, withLines } from "./logs.js";

/** Nothing else is offered. */
const skipping = (mark: string, line: string) => laidOut(readLog(withLines("refused-nothing-to-offer", mark, line)));
const before10 = "SSH2_MSG_NEWKEYS received";
const since10 = "SSH2_MSG_SERVICE_ACCEPT received";

describe("ssh says which, and the trace says why", () => {
  test.each([
    [
      before10,
      "Skipping ssh-rsa key rsa - corresponding algo not in PubkeyAcceptedAlgorithms",
      /does not allow ssh-rsa;/,
      /=\+rsa-sha2-512 </,
    ],
    [
      since10,
      "Skipping ssh-rsa key rsa - corresponding algorithm not in PubkeyAcceptedAlgorithms",
      /not allow ssh-rsa;/,
      /=\+rsa-sha2-512 </,
    ],
    [
      since10,
      "Skipping ssh-rsa key rsa - corresponding algorithm not supported by server",
      /the key rsa was not offered, as the host does not support ssh-rsa; tried: nothing else$/,
      /^name a key of a type that the host supports: ssh-trust trace -i <key> <destination>; or generate/,
    ],
    [
      since10,
      "Skipping key rsa: Invalid key length",
      /shorter than the client's RequiredRSASize/,
      /ssh-keygen -l -f <key>; .*=<bits>/,
    ],
    [
      since10,
      "ignoring ssh-rsa agent key: Invalid key length",
      /a key of the agent was not offered, as it is shorter/,
      /^see how many bits it has: ssh-add -l; /,
    ],
    [
      before10,
      "Skipping ssh-dss key dsa - corresponding algo not in PubkeyAcceptedAlgorithms",
      /ssh-dss/,
      /^OpenSSH no longer accepts DSA/,
    ],
  ])("%s: %s", (mark, line, reason, hint) => {
    const trace = skipping(mark, line);
    expect(trace.refusal).toMatchObject({ stage: "user", kind: "key-skipped" });
    expect(trace.refusal?.reason).toMatch(reason);
    expect(hintOf(trace)).toMatch(hint);
    expect(entriesOf(trace).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["key-skipped", "auth-none", "auth-methods"]),
    );
  });

  test("a file is named in a command only where ssh named it before the host said anything", () => {
    const named = withLines("refused-nothing-to-offer", "identity file", "identity file rsa type -1");
    const at = named.indexOf("\n", named.indexOf(since10)) + 1;
    const skipped = "debug1: x.c:x():1 (pid=1): Skipping key rsa: Invalid key length\r\n";
    expect(hintOf(laidOut(readLog(named.slice(0, at) + skipped + named.slice(at))))).toMatch(/ssh-keygen -l -f rsa; /);
  });
});

describe("is not the reason", () => {
  const line = "Skipping ssh-dss key old - corresponding algo not in PubkeyAcceptedAlgorithms";
  test.each([
    ["of a login that succeeded", "success-key", undefined],
    ["where the host wants a key that is locked", "refused-key-locked", "permission-denied"],
    ["where others are too many", "refused-too-many", "too-many-attempts"],
  ])("%s", (_what, name, kind) => {
    expect(laidOut(readLog(withLines(name, before10, line))).refusal?.kind).toBe(kind);
  });

  test("alone, where other keys were declined: both are told", () => {
    const trace = laidOut(readLog(withLines("refused-permission", before10, line)));
    expect(trace.refusal?.reason).toMatch(/the key old was not offered, .*; tried: the key mallory$/);
    expect(hintOf(trace)).toMatch(/DSA.*the host knows none of these keys/);
  });
});
