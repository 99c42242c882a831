/** Phase 3: how the person proves who they are. RFC 4252: the probe of section 7, the signature, the answer. */
import type { Draft } from "./draft.js";
import type { Event, Packet } from "./events.js";
import { accepted, canContinue, partial, settle, success } from "./user-answer.js";
import { probe, request, skip } from "./user-request.js";

const stage = "user";

export function user(draft: Draft, event: Event): void {
  const { findings } = draft;
  switch (event.kind) {
    case "packet":
      packet(draft, event);
      break;
    case "can-continue":
      canContinue(draft, event.methods);
      break;
    case "method":
      draft.method = event.name;
      draft.nextRequest = "other";
      break;
    case "offering":
      probe(draft, event.identity);
      break;
    case "trying-private":
      findings.tried.push({ identity: { name: event.file, type: "", fingerprint: "", agent: false }, outcome: "open" });
      draft.nextRequest = "signature";
      draft.keep();
      break;
    case "no-such-identity":
      findings.tried = findings.tried.filter(({ identity }) => identity.name !== event.file);
      draft.nextRequest = "other";
      break;
    case "accepted":
      accepted(draft);
      break;
    case "signing":
      draft.signing = event.algorithm;
      draft.keep();
      break;
    case "key-unusable":
      findings.keysUnusable.push(event);
      settle(draft, "unusable");
      draft.nextRequest = "other";
      draft.add({ stage, kind: "key-unusable", way: "here", what: `the key cannot be used: ${event.reason}`, mark: "doubt" });
      break;
    case "key-skipped":
      skip(draft, event);
      break;
    case "nobody-to-ask":
      nobodyToAsk(draft);
      break;
    case "partial":
      partial(draft, event.method);
      break;
    case "authenticated":
      success(draft, event.method);
      break;
    default:
  }
}

/** 50: a request; 61: answers to questions; 53: a greeting; 60: questions, or the answer to a probe; 52: success. */
function packet(draft: Draft, { way, type }: Packet): void {
  const interactive = draft.method === "keyboard-interactive";
  if (way === "sent" && type === 50) request(draft);
  if (way === "sent" && type === 61 && interactive) {
    const message = "SSH_MSG_USERAUTH_INFO_RESPONSE";
    draft.add({ stage, kind: "auth-answers", way: "client", what: "the answers (not shown)", message });
  }
  if (way === "received" && type === 60 && interactive) {
    const message = "SSH_MSG_USERAUTH_INFO_REQUEST";
    draft.add({ stage, kind: "auth-questions", way: "server", what: "questions for the person", message });
  }
  if (way === "received" && type === 53) {
    const message = "SSH_MSG_USERAUTH_BANNER";
    draft.add({ stage, kind: "auth-banner", way: "server", what: "a greeting for the person", message });
  }
  if (way === "received" && type === 52) draft.keep();
}

function nobodyToAsk(draft: Draft): void {
  const forKey = draft.method === "publickey";
  if (forKey) settle(draft, "locked");
  const what = `there is no terminal to ask at for the ${forKey ? "key's passphrase" : "password"}`;
  draft.add({ stage, kind: "no-terminal", way: "here", what, mark: "doubt" });
}
