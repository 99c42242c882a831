/** What a line of ssh's log can mean. By which words: read-event.ts. */

/** RFC 4250, section 4.1.2: the numbers of messages that the log shows. */
export interface Packet {
  readonly kind: "packet";
  readonly way: "sent" | "received";
  readonly type: number;
}

/** A key that ssh may log in with, as format_identity of sshconnect2.c names it. */
export interface Identity {
  /** The file's name, or the comment of a key in the agent. */
  readonly name: string;
  /** Such as "ED25519-CERT". */
  readonly type: string;
  readonly fingerprint: string;
  readonly agent: boolean;
}

export interface Place {
  readonly file: string;
  readonly line: number;
}

/** What a line of known_hosts or a file of RevokedHostKeys says of the host. */
export interface Revoked {
  /** In words. */
  readonly by: string;
  /** The host showed a certificate: either its key is revoked or the key of its CA, and ssh does not say which. */
  readonly certificate: boolean;
}

/** Why ssh cannot use a key, in its words. */
export interface UnusableKey {
  readonly reason: string;
  /** The key's file, where others may read it: that is the reason. */
  readonly openFile?: string;
}

/** A key that ssh does not offer, by its own settings or because the host does not support its type. */
export interface SkippedKey {
  /** As of an identity; "" for one of the agent's. */
  readonly name: string;
  /** Such as "ssh-rsa"; "" where ssh does not say it. */
  readonly type: string;
  readonly why: "PubkeyAcceptedAlgorithms" | "RequiredRSASize" | "host";
}

export type Event =
  | Packet
  | { readonly kind: "resolving"; readonly host: string }
  | { readonly kind: "connecting"; readonly host: string; readonly address: string; readonly port: string }
  | { readonly kind: "attempt-failed"; readonly address: string; readonly port: string; readonly reason: string }
  | { readonly kind: "connected" }
  | { readonly kind: "proxy"; readonly command: string }
  | { readonly kind: "client-version"; readonly version: string }
  | { readonly kind: "server-version"; readonly version: string }
  | { readonly kind: "line-before-version"; readonly text: string }
  /** A file that ssh reads keys or certificates from, named before the host said anything. */
  | { readonly kind: "identity-file"; readonly file: string }
  | { readonly kind: "authenticating"; readonly host: string; readonly user: string }
  | { readonly kind: "kexinit"; readonly way: "sent" | "received" }
  /** The algorithm is undefined where the two sides have none in common. */
  | { readonly kind: "chosen"; readonly what: "key exchange" | "host key"; readonly algorithm: string | undefined }
  | {
      readonly kind: "chosen-cipher";
      readonly from: "client" | "server";
      readonly cipher: string;
      readonly mac: string;
      readonly compression: string;
    }
  | { readonly kind: "kex-reply"; readonly message: string }
  | { readonly kind: "host-key"; readonly type: string; readonly fingerprint: string }
  | {
      readonly kind: "host-certificate";
      readonly type: string;
      readonly fingerprint: string;
      readonly serial: string;
      readonly rest: string;
    }
  | { readonly kind: "host-principal"; readonly name: string }
  /** ssh_config(5), HostKeyAlias: the name that ssh looks up in known_hosts, and in the host's certificate, without a port. */
  | { readonly kind: "host-key-alias"; readonly name: string }
  | { readonly kind: "host-known"; readonly name: string; readonly certificate: boolean }
  | { readonly kind: "host-found"; readonly place: Place }
  | { readonly kind: "known-line"; readonly what: "key" | "ca key" | "revoked key"; readonly place: Place }
  | { readonly kind: "host-certificate-refused"; readonly reason: string }
  | { readonly kind: "other-ca"; readonly place: Place }
  | { readonly kind: "no-ca" }
  | { readonly kind: "host-unknown"; readonly type: string; readonly name: string }
  | { readonly kind: "asked" }
  | { readonly kind: "nobody-to-ask" }
  | { readonly kind: "stored"; readonly name: string }
  | { readonly kind: "not-stored" }
  | { readonly kind: "host-changed" }
  | { readonly kind: "offending"; readonly place: Place }
  | ({ readonly kind: "host-revoked" } & Revoked)
  | { readonly kind: "not-checked"; readonly why: string }
  | { readonly kind: "newkeys"; readonly way: "sent" | "received" }
  | { readonly kind: "service-accepted" }
  | { readonly kind: "can-continue"; readonly methods: string }
  | { readonly kind: "method"; readonly name: string }
  /** In this order, while the host lets it: before the first is offered. */
  | { readonly kind: "will-attempt"; readonly identity: Identity }
  | { readonly kind: "offering"; readonly identity: Identity }
  | { readonly kind: "trying-private"; readonly file: string }
  | { readonly kind: "no-such-identity"; readonly file: string }
  | { readonly kind: "accepted"; readonly identity: Identity }
  | { readonly kind: "signing"; readonly algorithm: string }
  | ({ readonly kind: "key-unusable" } & UnusableKey)
  | ({ readonly kind: "key-skipped" } & SkippedKey)
  | { readonly kind: "partial"; readonly method: string }
  | { readonly kind: "authenticated"; readonly method: string }
  /** ssh begins the session, which it does for somebody who is logged in only. It says the word that it was given: log.ts. */
  | { readonly kind: "session-begins"; readonly word: string }
  | { readonly kind: "command"; readonly command: string }
  | { readonly kind: "remark"; readonly text: string }
  | { readonly kind: "exit-status"; readonly status: number }
  | { readonly kind: "killed" }
  | { readonly kind: "complaint"; readonly text: string };
