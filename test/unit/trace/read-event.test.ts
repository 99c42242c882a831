import { describe, expect, test } from "@jest/globals";
import type { Event } from "../../../src/trace/events.js";
import { readEvent } from "../../../src/trace/read-event.js";

const fingerprint = "SHA256:LMbDpQz4QgZwTj5R4c0XtXY6UExvGTZoRrBDxUTu8xk";

describe("the wordings of OpenSSH 8.5 to 10", () => {
  test.each<[string, Event]>([
    ["send packet: type 20", { kind: "packet", way: "sent", type: 20 }],
    ["receive packet: type 60", { kind: "packet", way: "received", type: 60 }],
    ['resolving "web.example.org" port 22', { kind: "resolving", host: "web.example.org" }],
    ["Connecting to ::1 [::1] port 22.", { kind: "connecting", host: "::1", address: "::1", port: "22" }],
    ["Executing proxy command: exec ssh -W '[%h]:%p' jump", { kind: "proxy", command: "ssh -W '[%h]:%p' jump" }],
    ["Executing proxy dialer command: nc -F a 22", { kind: "proxy", command: "nc -F a 22" }],
    [
      "Remote protocol version 2.0, remote software version dropbear_2022.83",
      { kind: "server-version", version: "SSH-2.0-dropbear_2022.83" },
    ],
    ["banner line 0: HTTP/1.1 400 Bad Request", { kind: "line-before-version", text: "HTTP/1.1 400 Bad Request" }],
    ["identity file /home/a b/.ssh/id type -1", { kind: "identity-file", file: "/home/a b/.ssh/id" }],
    ["certificate file a-cert.pub type 7", { kind: "identity-file", file: "a-cert.pub" }],
    ["loaded identity cert from a b: ED25519-CERT SHA256:bED3I/nelxs", { kind: "identity-file", file: "a b" }],
    ["loaded identity pubkey from u: ED25519-CERT SHA256:bED3I/nelxs", { kind: "identity-file", file: "u" }],
    ["Authenticating to 2001:db8::1:22 as 'alice'", { kind: "authenticating", host: "2001:db8::1:22", user: "alice" }],
    ["kex: algorithm: mlkem768x25519-sha256", { kind: "chosen", what: "key exchange", algorithm: "mlkem768x25519-sha256" }],
    ["kex: host key algorithm: (no match)", { kind: "chosen", what: "host key", algorithm: undefined }],
    [
      "kex: server->client cipher: aes128-gcm@openssh.com MAC: <implicit> compression: none",
      { kind: "chosen-cipher", from: "server", cipher: "aes128-gcm@openssh.com", mac: "<implicit>", compression: "none" },
    ],
    ["SSH2_MSG_KEX_ECDH_REPLY received", { kind: "kex-reply", message: "SSH_MSG_KEX_ECDH_REPLY" }],
    ["SSH2_MSG_KEX_DH_GEX_REPLY received", { kind: "kex-reply", message: "SSH_MSG_KEX_DH_GEX_REPLY" }],
    ["SSH2_MSG_KEXDH_REPLY received", { kind: "kex-reply", message: "SSH_MSG_KEXDH_REPLY" }],
    [`Server host key: ssh-ed25519 ${fingerprint}`, { kind: "host-key", type: "ssh-ed25519", fingerprint }],
    ["Host 'a' is known and matches the ED25519-CERT host certificate.", { kind: "host-known", name: "a", certificate: true }],
    ["Host '[a]:22' is known and matches the RSA host key.", { kind: "host-known", name: "[a]:22", certificate: false }],
    [
      "Found CA key in /home/a b/.ssh/known_hosts:12",
      { kind: "host-found", place: { file: "/home/a b/.ssh/known_hosts", line: 12 } },
    ],
    ["Found key in C:\\known:3", { kind: "host-found", place: { file: "C:\\known", line: 3 } }],
    ["Certificate invalid: expired", { kind: "host-certificate-refused", reason: "Certificate invalid: expired" }],
    ["Certificate lacks principal list", { kind: "host-certificate-refused", reason: "Certificate lacks principal list" }],
    ["Host certificate authority does not match @cert-authority in a:1", { kind: "other-ca", place: { file: "a", line: 1 } }],
    ['hostkeys_find_by_key_hostfile: trying user hostfile "a"', { kind: "asked" }],
    ["Warning: Permanently added '[a]:1' (ED25519) to the list of known hosts.", { kind: "stored", name: "[a]:1" }],
    ["Failed to add the host to the list of known hosts (/x/known_hosts).", { kind: "not-stored" }],
    ["@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @", { kind: "host-changed" }],
    [`Host key ED25519 ${fingerprint} revoked by file /etc/krl`, { kind: "host-revoked", by: "/etc/krl", certificate: false }],
    [`Host key ED25519-CERT ${fingerprint} revoked by file a b`, { kind: "host-revoked", by: "a b", certificate: true }],
    ["The RSA-CERT host key for a is marked as revoked.", { kind: "host-revoked", by: "a line for a", certificate: true }],
    ["The RSA host key for [a]:1 is marked as revoked.", { kind: "host-revoked", by: "a line for [a]:1", certificate: false }],
    ["using hostkeyalias: web.lab.test", { kind: "host-key-alias", name: "web.lab.test" }],
    [
      "Skipping ssh-rsa key /home/a b/id - corresponding algo not in PubkeyAcceptedAlgorithms", // 9.2
      { kind: "key-skipped", name: "/home/a b/id", type: "ssh-rsa", why: "PubkeyAcceptedAlgorithms" },
    ],
    [
      "Skipping ssh-rsa key id - corresponding algorithm not in PubkeyAcceptedAlgorithms", // 10.0
      { kind: "key-skipped", name: "id", type: "ssh-rsa", why: "PubkeyAcceptedAlgorithms" },
    ],
    [
      "Skipping ssh-rsa key id - corresponding algorithm not supported by server", // 10.0
      { kind: "key-skipped", name: "id", type: "ssh-rsa", why: "host" },
    ],
    ["Skipping key id: Invalid key length", { kind: "key-skipped", name: "id", type: "", why: "RequiredRSASize" }],
    [
      "ignoring ssh-rsa agent key: Invalid key length",
      { kind: "key-skipped", name: "", type: "ssh-rsa", why: "RequiredRSASize" },
    ],
    [
      `Will attempt key: id ED25519 ${fingerprint} explicit`,
      { kind: "will-attempt", identity: { name: "id", type: "ED25519", fingerprint, agent: false } },
    ],
    ["Authentications that can continue: publickey,password", { kind: "can-continue", methods: "publickey,password" }],
    [
      `Offering public key: /home/a b/id RSA ${fingerprint} explicit agent`,
      { kind: "offering", identity: { name: "/home/a b/id", type: "RSA", fingerprint, agent: true } },
    ],
    [
      `Offering public key: cardno:1 ED25519-SK ${fingerprint} authenticator agent`,
      { kind: "offering", identity: { name: "cardno:1", type: "ED25519-SK", fingerprint, agent: true } },
    ],
    ["Offering public key: odd", { kind: "offering", identity: { name: "odd", type: "", fingerprint: "", agent: false } }],
    [
      `Server accepts key: id ED25519-CERT ${fingerprint}`,
      { kind: "accepted", identity: { name: "id", type: "ED25519-CERT", fingerprint, agent: false } },
    ],
    [`sign_and_send_pubkey: signing using rsa-sha2-512 ${fingerprint}`, { kind: "signing", algorithm: "rsa-sha2-512" }],
    [`signing using rsa-sha2-512 ${fingerprint}`, { kind: "signing", algorithm: "rsa-sha2-512" }],
    [
      "no such identity: /home/a/.ssh/id_rsa: No such file or directory",
      { kind: "no-such-identity", file: "/home/a/.ssh/id_rsa" },
    ],
    [
      'signing failed for RSA "a" from agent: agent refused operation',
      { kind: "key-unusable", reason: 'signing failed for RSA "a" from agent: agent refused operation' },
    ],
    ['Load key "a": bad permissions', { kind: "key-unusable", reason: 'Load key "a": bad permissions', openFile: "a" }],
    ['Load key "a": invalid format', { kind: "key-unusable", reason: 'Load key "a": invalid format' }],
    ['Authenticated using "publickey" with partial success.', { kind: "partial", method: "publickey" }],
    ["Authentication succeeded (publickey).", { kind: "authenticated", method: "publickey" }], // until 8.7
    ["Authenticated to a ([1.2.3.4]:22).", { kind: "authenticated", method: "" }], // until 8.7
    ['Authenticated to a (via proxy) using "password".', { kind: "authenticated", method: "password" }],
    ["Remote: cert: key options: pty", { kind: "remark", text: "cert: key options: pty" }],
    ["expanded LocalCommand: 0123abcd", { kind: "session-begins", word: "0123abcd" }],
    ["Exit status 255", { kind: "exit-status", status: 255 }],
  ])("%s", (text, event) => {
    expect(readEvent("debug1", text)).toEqual(event);
  });
});

test.each([
  ["", "@@@@@@@@@@@@@@@@@@@@"],
  ["", "Transferred: sent 3472, received 3296 bytes, in 0.2 seconds"],
  ["debug2", "KEX algorithms: a,b"],
  ["debug1", "Host 'a' is known and matches"],
  ["debug3", "send packet: type x"],
  ["debug1", " Connection established."],
  ["debug1", "x Authenticated to a."],
  ["debug1", ""],
])("nothing is read from %j %j", (level, text) => {
  expect(readEvent(level, text)).toBeUndefined();
});

test("what ssh says without being asked, and no rule knows, is a complaint", () => {
  expect(readEvent("", "Something new.")).toEqual({ kind: "complaint", text: "Something new." });
});
