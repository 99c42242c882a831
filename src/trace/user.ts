/** Phase 3: how the person proves who they are. RFC 4252: the probe of section 7, the signature, the answer. */
import { validFrom, validTo } from "../ssh/certificate-validity.js";
import type { Draft, Outcome } from "./draft.js";
import type { Event, Identity, Packet } from "./events.js";
import type { Fact } from "./trace.js";

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
      findings.tried.push({ identity: event.identity, outcome: "open" });
      draft.nextRequest = "probe";
      draft.add({
        stage,
        way: "client",
        what: `the probe: would ${spoken(event.identity)} do?`,
        message: "SSH_MSG_USERAUTH_REQUEST",
        facts: factsOf(draft, event.identity),
      });
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
      settle(draft, "wanted");
      draft.nextRequest = "signature";
      draft.add({ stage, way: "server", what: "yes: prove that you hold it", message: "SSH_MSG_USERAUTH_PK_OK", mark: "proof" });
      break;
    case "signing":
      draft.signing = event.algorithm;
      draft.keep();
      break;
    case "key-unusable":
      findings.keysUnusable.push(event.reason);
      draft.nextRequest = "other";
      draft.add({ stage, way: "here", what: `the key cannot be used: ${event.reason}`, mark: "doubt" });
      break;
    case "nobody-to-ask":
      if (draft.method === "publickey") settle(draft, "locked");
      draft.add({ stage, way: "here", what: `there is no terminal to ask at for the ${wanted(draft)}`, mark: "doubt" });
      break;
    case "partial":
      findings.partial = true;
      if (event.method === "publickey") settle(draft, "accepted");
      draft.add({
        stage,
        way: "server",
        what: `right, but one proof more is needed (${event.method} was accepted)`,
        message: "SSH_MSG_USERAUTH_FAILURE",
        mark: "proof",
      });
      break;
    case "authenticated":
      success(draft, event.method);
      break;
    default:
  }
}

/** 50: a request; 61: answers to questions; 53: a greeting; 60: questions, or the answer to a probe; 52: success. */
function packet(draft: Draft, { way, type }: Packet): void {
  if (way === "sent" && type === 50) request(draft);
  if (way === "sent" && type === 61 && draft.method === "keyboard-interactive") {
    draft.add({ stage, way: "client", what: "the answers (not shown)", message: "SSH_MSG_USERAUTH_INFO_RESPONSE" });
  }
  if (way === "received" && type === 60 && draft.method === "keyboard-interactive") {
    draft.add({ stage, way: "server", what: "questions for the person", message: "SSH_MSG_USERAUTH_INFO_REQUEST" });
  }
  if (way === "received" && type === 53)
    draft.add({ stage, way: "server", what: "a greeting for the person", message: "SSH_MSG_USERAUTH_BANNER" });
  if (way === "received" && type === 52) draft.keep();
}

function request(draft: Draft): void {
  const message = "SSH_MSG_USERAUTH_REQUEST";
  const { nextRequest, method, findings } = draft;
  draft.nextRequest = "other";
  if (nextRequest === "probe") draft.extend();
  else if (nextRequest === "none") {
    draft.add({ stage, way: "client", what: `asks what ${findings.user} may try, and proves nothing`, message });
  } else if (nextRequest === "signature") {
    const alone = draft.last("yes") === undefined;
    const facts: Fact[] = draft.signing === "" ? [] : [["signed with", draft.signing]];
    const tried = findings.tried.at(-1);
    const what =
      alone && tried !== undefined
        ? `a signature with ${spoken(tried.identity)}, without a probe`
        : "the signature, over this very session";
    draft.add({ stage, way: "client", what, message, facts });
  } else {
    findings.otherMethods.push(method);
    const what = method === "password" ? "a password (not shown)" : `tries ${method}`;
    draft.add({ stage, way: "client", what, message });
  }
}

function canContinue(draft: Draft, methods: string): void {
  const { findings } = draft;
  const before = findings.methods;
  findings.methods = methods;
  if (draft.last("right, but") !== undefined) {
    draft.extend(["still open", methods]);
    return;
  }
  const message = "SSH_MSG_USERAUTH_FAILURE";
  if (before === "") draft.add({ stage, way: "server", what: `may be tried: ${methods}`, message });
  else {
    const signed = draft.last("the signature") !== undefined;
    settle(draft, "declined");
    draft.add({
      stage,
      way: "server",
      what: signed ? "no: the signature does not let you in" : "no: not this one",
      message,
      mark: "doubt",
    });
  }
}

function success(draft: Draft, method: string): void {
  if (draft.authenticated) {
    draft.extend();
    return;
  }
  settle(draft, "accepted");
  draft.authenticated = true;
  const by = method === "" ? draft.method : method;
  draft.add({
    stage,
    way: "server",
    what: `welcome, ${draft.findings.user} (${by})`,
    message: "SSH_MSG_USERAUTH_SUCCESS",
    mark: "proof",
  });
}

const wanted = ({ method }: Draft) => (method === "publickey" ? "key's passphrase" : "password");

/** What became of the key that was tried last; what was declined later, such as a password, does not change it. */
function settle(draft: Draft, outcome: Outcome): void {
  const last = draft.findings.tried.at(-1);
  if (last?.outcome === "open" || last?.outcome === "wanted") last.outcome = outcome;
}

export const isCertificate = ({ type }: Identity): boolean => type.endsWith("-CERT");

/** "the key ssh-keys/bob", "the certificate of ssh-keys/alice, from the agent" */
export function spoken(identity: Identity): string {
  const what = isCertificate(identity) ? `the certificate of ${identity.name}` : `the key ${identity.name}`;
  return identity.agent ? `${what}, from the agent,` : what;
}

/** The log names a certificate's key only; the rest is read from the file that ssh read. */
function factsOf(draft: Draft, identity: Identity): Fact[] {
  const key: Fact[] = identity.type === "" ? [] : [["key", `${identity.type.replace(/-CERT$/, "")} ${identity.fingerprint}`]];
  const certificate = isCertificate(identity) ? draft.certificates.get(identity.name) : undefined;
  if (certificate === undefined) return key;
  const { serial, keyId, signatureKey, principals } = certificate;
  return [
    ...key,
    ["serial", String(serial)],
    ["key id", keyId],
    ["signed by the CA", `${signatureKey.type} ${signatureKey.fingerprint}`],
    ["for the user", principals.join(", ")],
    ["valid", `${spokenTime(validFrom(certificate))} to ${spokenTime(validTo(certificate))}`],
  ];
}

export const spokenTime = (moment: Date | string): string =>
  typeof moment === "string" ? moment : moment.toISOString().replace(".000Z", "Z");
