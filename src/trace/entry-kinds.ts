/**
 * What an entry of a trace can be. The names are permanent, and code decides by them only: the words of an entry may change at
 * any time. `docs/trace.md` has the same table, and a test fails when the two differ.
 */
export const entryKinds = {
  // setup
  "settings-read": "ssh has read its settings and looked up the host's address",
  "proxy-command": "a program connects to the host, such as the ssh to a jump host",
  "tcp-failed": "there is no TCP connection to this address of the host",
  "tcp-connected": "the TCP connection is established",
  "client-version": "the client sends its version",
  "line-before-version": "the server sends a line that is not its version",
  "server-version": "the server sends its version",
  "algorithms-offered": "one side lists the algorithms that it can use; `way` says which side",
  "algorithms-agreed": "the algorithms that both sides will use",
  "no-common-algorithm": "both sides have no algorithm of one kind in common",
  // host
  "kex-group-request": "the client asks for a Diffie-Hellman group",
  "kex-init": "the client sends the public half of its ephemeral key",
  "kex-reply": "the server sends its ephemeral key, its host key or host certificate, and a signature",
  "host-key-known": "the host's key is in known_hosts",
  "host-ca-known": "the CA of the host's certificate is in known_hosts",
  "host-certificate-refused": "ssh refuses the host's certificate, such as one that has expired or is for another host",
  "host-ca-mismatch": "known_hosts has a CA for this host, and it is another one",
  "host-ca-unknown": "known_hosts has no CA for this host",
  "host-unknown": "known_hosts has no key for this host, and ssh may not ask",
  "host-confirmation": "known_hosts has no key for this host, so ssh asks whether it is right",
  "no-terminal": "ssh has a question, and no terminal to ask at",
  "host-key-stored": "the host's key is accepted and stored in known_hosts",
  "host-key-not-stored": "the host's key is accepted, but could not be stored",
  "host-key-not-checked": "the host's key is accepted without a check",
  "host-key-changed": "the host's key differs from the one in known_hosts",
  "host-key-revoked": "the host's key, or the CA of its certificate, is revoked",
  "host-signature-verified": "the host's signature over the key exchange is right",
  "keys-in-use": "both sides use the new keys: everything is encrypted from here on",
  "service-request": "the client asks for user authentication",
  "service-accept": "the server agrees to user authentication",
  // user
  "auth-none": "the client asks which methods there are, and proves nothing",
  "auth-methods": "the server lists the methods that may be tried",
  "auth-probe": "the client asks whether a key or certificate would be accepted",
  "auth-probe-accepted": "the server would accept it, and wants a signature",
  "auth-signature": "the client sends a signature with its key",
  "auth-password": "the client sends a password",
  "auth-other": "the client tries another method",
  "auth-questions": "the server asks questions (keyboard-interactive)",
  "auth-answers": "the client answers them",
  "auth-banner": "the server sends a greeting",
  "auth-declined": "the server declines what was tried",
  "auth-partial": "the server accepts the proof, and wants one more",
  "auth-accepted": "the server accepts the user",
  "key-unusable": "ssh cannot use one of the keys",
  "key-skipped": "ssh does not offer one of the keys: its settings do not allow it, or the server does not support its type",
  // session
  "host-remark": "the server sends a remark, such as the line of authorized_keys that let the user in",
  command: "the client asks for the command to be run",
  "exit-signal": "a signal ended the command",
  "exit-status": "the command ended with an exit status",
  "client-error": "ssh reports an error during the session",
  // any
  ended: "the login was refused or broke off here; the last entry of a login that did not succeed",
} as const;

export type EntryKind = keyof typeof entryKinds;
