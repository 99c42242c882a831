/** Phase 2: key exchange, what the host shows, where encryption starts. RFC 4253, sections 7.3, 8 and 10; RFC 5656. */
import type { Draft } from "./draft.js";
import type { Event, Packet } from "./events.js";
import { skip } from "./user-request.js";
import { verdict } from "./host-verdict.js";

const stage = "host";

export function host(draft: Draft, event: Event): void {
  const { findings } = draft;
  switch (event.kind) {
    case "packet":
      packet(draft, event);
      break;
    case "kex-reply":
      draft.add({ stage, kind: "kex-reply", way: "server", what: replyWith("host key"), message: event.message });
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
    case "newkeys":
      newKeys(draft, event.way);
      break;
    case "service-accepted":
      draft.add({ stage, kind: "service-accept", way: "server", what: "granted", message: "SSH_MSG_SERVICE_ACCEPT" });
      break;
    case "key-skipped":
      skip(draft, event);
      break;
    default:
      verdict(draft, event);
  }
}

const replyWith = (shown: string) => `the same of its own, its ${shown}, and a signature over all of it`;

/** 30: an ephemeral key; 34: a group to make one in (RFC 4419); 5: what comes next. */
function packet(draft: Draft, { way, type }: Packet): void {
  if (way !== "sent") return;
  if (type === 34) {
    draft.add({
      stage,
      kind: "kex-group-request",
      way: "client",
      what: "asks for a Diffie-Hellman group of a good size",
      message: "SSH_MSG_KEX_DH_GEX_REQUEST",
    });
  } else if (type === 30 || type === 32) {
    draft.add({
      stage,
      kind: "kex-init",
      way: "client",
      what: "the public half of a key made for this connection only",
      message: type === 30 ? "SSH_MSG_KEX_ECDH_INIT" : "SSH_MSG_KEX_DH_GEX_INIT",
    });
  } else if (type === 5) {
    const what = "asks to authenticate a user";
    draft.add({ stage, kind: "service-request", way: "client", what, message: "SSH_MSG_SERVICE_REQUEST" });
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
  const reply = draft.last("kex-reply");
  if (reply !== undefined) reply.what = replyWith("host certificate");
  draft.extend(
    ["certificate", event.type],
    ["host key", event.fingerprint],
    ["serial", event.serial],
    ...(keyId === undefined
      ? ([["key id", "too long to be told from what ssh says behind it: the CA and the dates"]] as const)
      : ([
          ["key id", keyId],
          ["signed by the CA", `${caType} ${caFingerprint}`],
          ["valid", valid],
        ] as const)),
  );
}

function newKeys(draft: Draft, way: "sent" | "received"): void {
  if (way === "sent") {
    const what = "the signature is right: the host holds the private half of its key";
    draft.add({ stage, kind: "host-signature-verified", way: "here", what, mark: "proof" });
  } else {
    const what = "from here on, everything is encrypted";
    draft.add({ stage, kind: "keys-in-use", way: "both", what, message: "SSH_MSG_NEWKEYS", mark: "lock" });
  }
}
