/** Phase 2: key exchange, who the host is, where encryption starts. RFC 4253, sections 7.3, 8 and 10; RFC 5656. */
import { meaningOf } from "./certificate-reason.js";
import type { Draft } from "./draft.js";
import type { Event, Packet } from "./events.js";

const stage = "host";

export function host(draft: Draft, event: Event): void {
  const { findings } = draft;
  switch (event.kind) {
    case "packet":
      packet(draft, event);
      break;
    case "kex-reply":
      draft.add({
        stage,
        way: "server",
        what: "the same of its own, its host key, and a signature over all of it",
        message: event.message,
      });
      break;
    case "host-key":
      findings.hostKey = event;
      draft.extend(["host key", `${event.type} ${event.fingerprint}`]);
      break;
    case "host-certificate":
      certificate(draft, event);
      break;
    case "host-principal":
      draft.extend(["for the host", event.name]);
      break;
    case "known-line":
      draft.keep();
      break;
    case "host-known":
      draft.add({
        stage,
        way: "here",
        what: event.certificate ? `the CA is known for “${event.name}”` : `the key is known for “${event.name}”`,
        mark: "proof",
      });
      break;
    case "host-found": {
      const known = draft.last("the ");
      if (known !== undefined) known.what += `: line ${String(event.place.line)} of ${event.place.file}`;
      draft.extend();
      break;
    }
    case "host-certificate-refused":
      findings.certificateRefused = event.reason;
      draft.add({ stage, way: "here", what: `the certificate does not count: ${meaningOf(event.reason)}`, mark: "doubt" });
      break;
    case "other-ca":
      draft.add({
        stage,
        way: "here",
        what: `its CA is not the one in line ${String(event.place.line)} of ${event.place.file}`,
        mark: "doubt",
      });
      break;
    case "no-ca":
      noCa(draft);
      break;
    default:
      verdict(draft, event);
  }
}

/** Without a certificate that counts: what is known of the bare key. */
function verdict(draft: Draft, event: Event): void {
  const { findings } = draft;
  switch (event.kind) {
    case "host-unknown":
      findings.hostUnknown = true;
      draft.add({
        stage,
        way: "here",
        what: `no known_hosts file has a key for ${event.name}, and strict checking asks nobody`,
        mark: "doubt",
      });
      break;
    case "asked":
      if (findings.asked) draft.extend();
      else
        draft.add({
          stage,
          way: "here",
          what: "no known_hosts file knows this key: a person has to say whether it is right",
          mark: "doubt",
        });
      findings.asked = true;
      break;
    case "nobody-to-ask":
      draft.add({ stage, way: "here", what: "there is no terminal to ask at", mark: "doubt" });
      break;
    case "stored":
      draft.add({
        stage,
        way: "here",
        what: findings.asked
          ? `the answer was yes: the key is stored for ${event.name}`
          : `nothing was known of this host: its key is believed, and stored for ${event.name}`,
        mark: "doubt",
      });
      break;
    case "not-stored":
      draft.add({ stage, way: "here", what: "the key is believed, but could not be stored", mark: "doubt" });
      break;
    case "not-checked":
      draft.add({ stage, way: "here", what: `the key is not checked at all: ${event.why}`, mark: "doubt" });
      break;
    case "host-changed":
      findings.changed = true;
      draft.add({ stage, way: "here", what: "the key is another than the one that is known for this host", mark: "doubt" });
      break;
    case "offending":
      findings.offending = event.place;
      draft.extend(["known key", `line ${String(event.place.line)} of ${event.place.file}`]);
      break;
    case "host-revoked":
      findings.revokedBy = event.by;
      draft.add({ stage, way: "here", what: `the key is revoked, by ${event.by}`, mark: "doubt" });
      break;
    case "newkeys":
      newKeys(draft, event.way);
      break;
    case "service-accepted":
      draft.add({ stage, way: "server", what: "granted", message: "SSH_MSG_SERVICE_ACCEPT" });
      break;
    default:
  }
}

/** 30: an ephemeral key; 34: a group to make one in (RFC 4419); 5: what comes next. */
function packet(draft: Draft, { way, type }: Packet): void {
  if (way !== "sent") return;
  if (type === 34) {
    draft.add({
      stage,
      way: "client",
      what: "asks for a Diffie-Hellman group of a good size",
      message: "SSH_MSG_KEX_DH_GEX_REQUEST",
    });
  } else if (type === 30 || type === 32) {
    draft.add({
      stage,
      way: "client",
      what: "the public half of a key made for this connection only",
      message: type === 30 ? "SSH_MSG_KEX_ECDH_INIT" : "SSH_MSG_KEX_DH_GEX_INIT",
    });
  } else if (type === 5) {
    draft.add({ stage, way: "client", what: "asks to authenticate a user", message: "SSH_MSG_SERVICE_REQUEST" });
  }
}

/** The key id may hold anything, quotes and line breaks too: what counts is the last "CA … valid …" that ssh wrote. */
const certificateEnd = /^ID "(.*)" CA (\S+) (\S+) valid (.*)$/s;
/** ssh cuts what it says at 1 KiB: behind a longer key id its own end may be missing, and the last would be the host's. */
const longestWhole = 800;

function certificate(draft: Draft, event: Event & { kind: "host-certificate" }): void {
  const whole = event.rest.length <= longestWhole ? event.rest : "";
  const [, keyId, caType = "", caFingerprint = "", valid = ""] = certificateEnd.exec(whole) ?? [];
  draft.findings.hostKey = event;
  draft.findings.ca = caFingerprint;
  const last = draft.last("the same of its own");
  if (last !== undefined) last.what = last.what.replace("its host key", "its host certificate");
  draft.extend(["certificate", event.type], ["host key", event.fingerprint], ["serial", event.serial]);
  if (keyId === undefined) {
    draft.extend(["key id", "too long to be told from what ssh says behind it: the CA and the dates"]);
    return;
  }
  last?.facts.push(["key id", keyId], ["signed by the CA", `${caType} ${caFingerprint}`], ["valid", valid]);
}

function noCa(draft: Draft): void {
  const { certificateRefused } = draft.findings;
  if (certificateRefused === undefined && draft.last("no known_hosts file knows its CA") === undefined) {
    draft.add({
      stage,
      way: "here",
      what: "no known_hosts file knows its CA for this host: without it, only the bare key counts",
      mark: "doubt",
    });
  } else draft.extend();
}

function newKeys(draft: Draft, way: "sent" | "received"): void {
  if (way === "sent") {
    draft.add({ stage, way: "here", what: "the signature is right: the host holds the private half of its key", mark: "proof" });
  } else {
    draft.add({ stage, way: "both", what: "from here on, everything is encrypted", message: "SSH_MSG_NEWKEYS", mark: "lock" });
  }
}
