/** What is held to the directory's keys, and what of ssh's own words reaches a person. */
import { describe, expect, test } from "@jest/globals";
import type { HostDetail } from "../../../src/directory/contract.js";
import { describeDifference, withRefused } from "../../../src/directory/pin/look.js";
import { pinnedKeys, type PinnedKeys } from "../../../src/directory/pin/pinned-keys.js";
import { readSshSays } from "../../../src/directory/pin/ssh-says.js";
import { stateKinds } from "../../../src/host/describe-state.js";
import { isFailure } from "../../../src/errors/catalogue.js";
import { ed25519, rsa, type MadeKey } from "../../support/keys.js";

const name = "old-1.example.org";
const [own, other] = [ed25519(1), ed25519(2)];
const strong = rsa(2048);
const host = (kind: string, keys: readonly MadeKey[]) =>
  ({ name, state: { kind, text: `it is ${kind}` }, keys }) as unknown as HostDetail;

/** Of OpenSSH 9.2. */
const changed = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\r
Someone could be eavesdropping on you right now (man-in-the-middle attack)!\r
It is also possible that a host key has just been changed.\r
The fingerprint for the ED25519 key sent by the remote host is\n${other.sha256}.\r
Please contact your system administrator.\r
Add correct host key in /dev/shm/ssh-trust-x/known_hosts to get rid of this message.\r
Offending ED25519 key in /dev/shm/ssh-trust-x/known_hosts:1\r
  remove with:\r
  ssh-keygen -f "/dev/shm/ssh-trust-x/known_hosts" -R "${name}"\r
Host key for ${name} has changed and you have requested strict checking.\r
Host key verification failed.\r
`;
const openKey = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r
@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @\r
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r
Permissions 0644 for 'id' are too open.\r
deploy@127.0.0.1: Permission denied (publickey).\r
`;

/** @param size of the parts in which it comes */
function said(text: string, size: number) {
  const says = readSshSays();
  let passed = "";
  for (let at = 0; at < text.length; at += size) passed += says.take(text.slice(at, at + size));
  return { passed: passed + says.end(), refused: says.refused(), shown: says.shown() };
}

describe.each([1, 7, 60, 100_000])("what ssh says, %d characters at a time", (size) => {
  test("of a changed key, nothing is passed on", () => {
    const before = "debug1: Connecting to old-1.\r\n";
    expect(said(before + changed, size)).toEqual({
      passed: before,
      refused: true,
      shown: { kind: "ED25519", fingerprint: other.sha256 },
    });
  });
  test.each([
    [
      "a key of another type",
      `No ECDSA host key is known for ${name} and you have requested strict checking.\r\nHost key verification failed.\r\n`,
    ],
    [
      "no key of these types",
      "Unable to negotiate with 127.0.0.1 port 22: no matching host key type found. Their offer: ssh-dss\r\n",
    ],
  ])("of %s, neither", (_what, text) => {
    expect(said(text, size)).toEqual({ passed: "", refused: true, shown: undefined });
  });
  test.each([
    ["a private key that others can read", openKey],
    ["a host that is away", "ssh: connect to host 127.0.0.1 port 1: Connection refused\r\n"],
    ["a line without an end", "Connection to old-1 closed."],
    ["a border at the end", "@".repeat(59)],
    ["nothing", ""],
  ])("of %s, all is passed on", (_what, text) => {
    expect(said(text, size)).toEqual({ passed: text, refused: false, shown: undefined });
  });
});

describe("pinned keys", () => {
  test.each(stateKinds.filter((kind) => kind !== "uncertified" && kind !== "unreadable"))(
    "of a host that is %s: refused",
    (kind) => {
      expect(() => pinnedKeys(host(kind, [own]), `deploy@${name}`)).toThrow(`--pin is for hosts that cannot be enrolled`);
    },
  );
  test.each<[what: string, host: HostDetail]>([
    ["unreadable", host("unreadable", [own])],
    ["without a key", host("uncertified", [])],
  ])("%s: refused", (_what, each) => {
    try {
      pinnedKeys(each, `deploy@${name}`);
      throw new Error("they were taken");
    } catch (error) {
      expect(isFailure(error, "PIN_KEYS_UNREADABLE")).toBe(true);
    }
  });
  test("for this name and no other, with algorithms of SHA-2 only", () => {
    const { knownHosts, algorithms } = pinnedKeys(host("uncertified", [own, strong]), `deploy@${name}`);
    expect(knownHosts).toBe(`${name} ${own.publicKey}\n${name} ${strong.publicKey}\n`);
    expect(algorithms).toEqual(["ssh-ed25519", "rsa-sha2-512", "rsa-sha2-256"]);
  });
});

test("what is expected and what is seen, for each type that either has", () => {
  const { keys } = pinnedKeys(host("uncertified", [own, strong]), `deploy@${name}`);
  const shown = [
    { type: "ssh-ed25519", kind: "ED25519", fingerprint: other.sha256 },
    { type: "ssh-rsa", kind: "RSA", fingerprint: strong.sha256 },
    { type: "ecdsa-sha2-nistp256", kind: "ECDSA", fingerprint: "SHA256:x" },
    { type: "ecdsa-sha2-nistp384", kind: "ECDSA", fingerprint: undefined },
  ];
  expect(describeDifference({ keys }, shown).split("\n")).toEqual([
    `ED25519: expected ${own.sha256}, seen ${other.sha256}`,
    `RSA: expected ${strong.sha256}, seen the same`,
    "ECDSA: expected none, seen SHA256:x",
  ]);
});

test("what the refused connection showed is told once, though several types are of its kind", () => {
  const ecdsa = (size: number) => `ecdsa-sha2-nistp${String(size)}`;
  const keys = [{ type: ecdsa(256), fingerprint: "SHA256:known" }] as unknown as PinnedKeys["keys"];
  const none = [256, 384, 521].map((size) => ({ type: ecdsa(size), kind: "ECDSA", fingerprint: undefined }));
  const refused = { kind: "ECDSA", fingerprint: "SHA256:first" };
  const told = (shown: Parameters<typeof withRefused>[1]) =>
    withRefused({ keys }, shown, refused).map(({ fingerprint = "none" }) => fingerprint);
  expect(told(none)).toEqual(["SHA256:first", "none", "none"]);
  expect(told(none.map((each) => ({ ...each, fingerprint: `SHA256:${each.type}` })))).toEqual([
    "SHA256:first",
    "SHA256:ecdsa-sha2-nistp384",
    "SHA256:ecdsa-sha2-nistp521",
  ]);
  expect(withRefused({ keys }, none, undefined)).toEqual(none);
});
