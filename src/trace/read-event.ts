/** What a line of ssh's log means, by its words. They are those of OpenSSH 8.5 to 10; lines that mean nothing here are left out. */
import type { Event, Identity, Place } from "./events.js";

type Rule = readonly [pattern: RegExp, event: (...groups: string[]) => Event];

const place = (file: string, line: string): Place => ({ file, line: Number(line) });
const way = (word: string) => (word === "sent" || word === "send" ? "sent" : "received");
const isCertificateType = (type: string) => type.endsWith("-CERT");
const algorithm = (name: string) => (name === "(no match)" ? undefined : name);

function identity(text: string): Identity {
  const words =
    /^(.*) ((?:[A-Z0-9]+)(?:-[A-Z0-9]+)*) ((?:SHA(?:256|1|512)|MD5):\S+)((?: explicit| token| authenticator| agent)*)$/s.exec(
      text,
    );
  if (words === null) return { name: text, type: "", fingerprint: "", agent: false };
  const [, name = "", type = "", fingerprint = "", notes = ""] = words;
  return { name, type, fingerprint, agent: notes.includes(" agent") };
}

const rules: readonly Rule[] = [
  [/^(send|receive) packet: type (\d+)$/, (verb, type) => ({ kind: "packet", way: way(verb), type: Number(type) })],

  // ssh.c, sshconnect.c: the way there
  [/^resolving "(.*)" port -?\d+$/, (host) => ({ kind: "resolving", host })],
  [/^Connecting to (\S*) \[(\S+)\] port (\S+)\.$/, (host, address, port) => ({ kind: "connecting", host, address, port })],
  [/^connect to address (\S+) port (\S+): (.+)$/, (address, port, reason) => ({ kind: "attempt-failed", address, port, reason })],
  [/^Connection established\.$/, () => ({ kind: "connected" })],
  [
    /^Executing proxy (?:command|dialer command): (.*)$/s,
    (command) => ({ kind: "proxy", command: command.replace(/^exec /, "") }),
  ],

  // kex.c: versions and algorithms
  [/^Local version string (.*)$/, (version) => ({ kind: "client-version", version })],
  [
    /^Remote protocol version (\S+), remote software version (.*)$/,
    (version, software) => ({ kind: "server-version", version: `SSH-${version}-${software}` }),
  ],
  [/^banner line \d+: (.*)$/s, (text) => ({ kind: "line-before-version", text })],
  [/^(?:identity|certificate) file (.*) type -?\d+$/s, (file) => ({ kind: "identity-file", file })],
  // 10.6, instead of the line before for a certificate
  [/^loaded identity (?:cert|pubkey) from (.*): \S+ SHA256:\S+$/s, (file) => ({ kind: "identity-file", file })],
  [/^Authenticating to (.*) as '(.*)'$/s, (host, user) => ({ kind: "authenticating", host, user })],
  [/^SSH2_MSG_KEXINIT (sent|received)$/, (word) => ({ kind: "kexinit", way: way(word) })],
  [/^kex: algorithm: (.*)$/, (name) => ({ kind: "chosen", what: "key exchange", algorithm: algorithm(name) })],
  [/^kex: host key algorithm: (.*)$/, (name) => ({ kind: "chosen", what: "host key", algorithm: algorithm(name) })],
  [
    /^kex: (server|client)->\w+ cipher: (\S+) MAC: (\S+) compression: (\S+)/,
    (from, cipher, mac, compression) => ({
      kind: "chosen-cipher",
      from: from === "server" ? "server" : "client",
      cipher,
      mac,
      compression,
    }),
  ],

  // kexgen.c, kexgexc.c, sshconnect.c: the host
  [/^SSH2(_MSG_KEX\w*_REPLY) received$/, (name) => ({ kind: "kex-reply", message: `SSH${name}` })],
  [/^Server host key: (\S+) (\S+)$/, (type, fingerprint) => ({ kind: "host-key", type, fingerprint })],
  [
    /^Server host certificate: (\S+) (\S+), serial (\d+) (ID ".*)$/s,
    (type, fingerprint, serial, rest) => ({ kind: "host-certificate", type, fingerprint, serial, rest }),
  ],
  [/^Server host certificate hostname: (.*)$/s, (name) => ({ kind: "host-principal", name })],
  [/^using hostkeyalias: (.+)$/, (name) => ({ kind: "host-key-alias", name })],
  [
    /^Host '(.*)' is known and matches the \S+ host (certificate|key)\.$/s,
    (name, what) => ({ kind: "host-known", name, certificate: what === "certificate" }),
  ],
  [/^Found (?:CA key|key) in (.*):(\d+)$/s, (file, line) => ({ kind: "host-found", place: place(file, line) })],
  [
    /^found (ca key|key|revoked key) type \S+ in file (.*):(\d+)$/s,
    (what, file, line) => ({ kind: "known-line", what: what as "key", place: place(file, line) }),
  ],
  [/^(Certificate (?:invalid|lacks|contains|signed|has|for)\b.*)$/s, (reason) => ({ kind: "host-certificate-refused", reason })],
  [
    /^Host certificate authority does not match @cert-authority in (.*):(\d+)$/s,
    (file, line) => ({ kind: "other-ca", place: place(file, line) }),
  ],
  [/^No matching CA found\. Retry with plain key$/, () => ({ kind: "no-ca" })],
  [
    /^No (\S+) host key is known for (.*) and you have requested strict checking\.$/s,
    (type, name) => ({ kind: "host-unknown", type, name }),
  ],
  [/^(?:hostkeys_find_by_key_hostfile: )?trying (?:user|system) hostfile /, () => ({ kind: "asked" })],
  [/^(?:read_passphrase: )?can't open \/dev\/tty: /, () => ({ kind: "nobody-to-ask" })],
  [/^Warning: Permanently added '(.*)' \(\S+\) to the list of known hosts\.$/s, (name) => ({ kind: "stored", name })],
  [/^Failed to add the host to the list of known hosts \(/, () => ({ kind: "not-stored" })],
  [/^@ +WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! +@$/, () => ({ kind: "host-changed" })],
  [/^Offending \S+ key in (.*):(\d+)$/s, (file, line) => ({ kind: "offending", place: place(file, line) })],
  [
    /^The (\S+) host key for (.*) is marked as revoked\.$/s,
    (type, name) => ({ kind: "host-revoked", by: `a line for ${name}`, certificate: isCertificateType(type) }),
  ],
  [
    /^Host key (\S+) \S+ revoked by file (.*)$/s,
    (type, by) => ({ kind: "host-revoked", by, certificate: isCertificateType(type) }),
  ],
  [
    /^(Forcing accepting of host key for loopback\/localhost)\.$/,
    () => ({ kind: "not-checked", why: "NoHostAuthenticationForLocalhost" }),
  ],
  [/^SSH2_MSG_NEWKEYS (sent|received)$/, (word) => ({ kind: "newkeys", way: way(word) })],
  [/^SSH2_MSG_SERVICE_ACCEPT received$/, () => ({ kind: "service-accepted" })],

  // sshconnect2.c: the person
  [/^Authentications that can continue: (.*)$/s, (methods) => ({ kind: "can-continue", methods })],
  [/^Next authentication method: (.*)$/, (name) => ({ kind: "method", name })],
  [
    /^Skipping (\S+) key (.*) - corresponding algo(?:rithm)? not in PubkeyAcceptedAlgorithms$/s,
    (type, name) => ({ kind: "key-skipped", name, type, why: "PubkeyAcceptedAlgorithms" }),
  ],
  // since 10.0
  [
    /^Skipping (\S+) key (.*) - corresponding algorithm not supported by server$/s,
    (type, name) => ({ kind: "key-skipped", name, type, why: "host" }),
  ],
  [/^Skipping key (.*): Invalid key length$/s, (name) => ({ kind: "key-skipped", name, type: "", why: "RequiredRSASize" })],
  [/^ignoring (\S+) agent key: Invalid key length$/, (type) => ({ kind: "key-skipped", name: "", type, why: "RequiredRSASize" })],
  [/^Will attempt key: (.*)$/s, (text) => ({ kind: "will-attempt", identity: identity(text) })],
  [/^Offering (?:public )?key: (.*)$/s, (text) => ({ kind: "offering", identity: identity(text) })],
  [/^Trying private key: (.*)$/s, (file) => ({ kind: "trying-private", file })],
  [/^(?:\S+: )?no such identity: (.*): [^:]*$/s, (file) => ({ kind: "no-such-identity", file })],
  [/^Server accepts key: (.*)$/s, (text) => ({ kind: "accepted", identity: identity(text) })],
  [/^(?:sign_and_send_pubkey: )?signing using (\S+) \S+$/, (algorithm) => ({ kind: "signing", algorithm })],
  [
    /^(?:sign_and_send_pubkey: )?((?:signing failed for|no mutual signature|internal error: initial hostkey) ?.*)$/s,
    (reason) => ({ kind: "key-unusable", reason }),
  ],
  [/^(?:send_pubkey_test: )?(no mutual signature algorithm)$/, (reason) => ({ kind: "key-unusable", reason })],
  [/^(Load key "(.*)": bad permissions)$/s, (reason, openFile) => ({ kind: "key-unusable", reason, openFile })],
  [/^(Load key ".*": .*)$/s, (reason) => ({ kind: "key-unusable", reason })],
  [/^(?:identity_sign: )?(private key .* contents do not match public)$/s, (reason) => ({ kind: "key-unusable", reason })],
  [/^Authenticated using "(.*)" with partial success\.$/, (method) => ({ kind: "partial", method })],
  [/^Authentication succeeded \((.*)\)\.$/, (method) => ({ kind: "authenticated", method })],
  [/^Authenticated to .* using "([^"]*)"\.$/s, (method) => ({ kind: "authenticated", method })],
  [/^Authenticated to .*\.$/s, () => ({ kind: "authenticated", method: "" })],

  // ssh.c, clientloop.c: the session
  [/^expanded LocalCommand: (.*)$/s, (word) => ({ kind: "session-begins", word })],
  [/^Sending command: (.*)$/s, (command) => ({ kind: "command", command })],
  [/^Remote: (.*)$/s, (text) => ({ kind: "remark", text })],
  [/^Exit status (-?\d+)$/, (status) => ({ kind: "exit-status", status: Number(status) })],
  [/^client_input_channel_req: channel \d+ rtype exit-signal /, () => ({ kind: "killed" })],
];

/**
 * @param level "" for what ssh says without being asked for details: what no rule knows of it is a complaint
 */
export function readEvent(level: string, text: string): Event | undefined {
  for (const [pattern, event] of rules) {
    const found = pattern.exec(text);
    if (found !== null) return event(...found.slice(1));
  }
  const said = /^[@\s]*$|^Transferred: |^Bytes per second: /;
  return level === "" && !said.test(text) ? { kind: "complaint", text } : undefined;
}
