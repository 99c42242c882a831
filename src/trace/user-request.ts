/** In phase 3: what the client sends to prove who the person is. */
import type { Draft } from "./draft.js";
import type { Identity, SkippedKey } from "./events.js";
import { factsOf, spoken, spokenInside, spokenSkipped, whySkipped } from "./identity.js";
import type { Fact } from "./trace.js";

const common = { stage: "user", way: "client", message: "SSH_MSG_USERAUTH_REQUEST" } as const;

/** A key or certificate is named, and nothing is signed yet. */
export function probe(draft: Draft, identity: Identity): void {
  draft.findings.tried.push({ identity, outcome: "open" });
  draft.nextRequest = "probe";
  const what = `the probe: would ${spokenInside(identity)} do?`;
  draft.add({ ...common, kind: "auth-probe", what, facts: factsOf(identity, draft.certificates) });
}

/** Before OpenSSH 10 ssh looks at its keys before it asks for user authentication: that is phase 2 still. */
export function skip(draft: Draft, skipped: SkippedKey): void {
  const { findings, stage } = draft;
  findings.keysSkipped.push(skipped);
  findings.tried = findings.tried.filter(({ identity, outcome }) => identity.name !== skipped.name || outcome !== "open");
  if (draft.nextRequest === "signature") draft.nextRequest = "other";
  draft.add({
    stage,
    kind: "key-skipped",
    way: "here",
    what: `${spokenSkipped(skipped)} is not offered: ${whySkipped(skipped)}`,
  });
}

export function request(draft: Draft): void {
  const { nextRequest, method, findings } = draft;
  draft.nextRequest = "other";
  switch (nextRequest) {
    case "probe":
      draft.extend();
      break;
    case "none":
      draft.add({ ...common, kind: "auth-none", what: `asks what ${findings.user} may try, and proves nothing` });
      break;
    case "signature":
      signature(draft);
      break;
    case "other":
      findings.otherMethods.push(method);
      if (method === "password") draft.add({ ...common, kind: "auth-password", what: "a password (not shown)" });
      else draft.add({ ...common, kind: "auth-other", what: `tries ${method}` });
  }
}

function signature(draft: Draft): void {
  const probed = draft.last("auth-probe-accepted") !== undefined;
  const tried = draft.findings.tried.at(-1);
  if (tried?.outcome === "wanted") tried.outcome = "open";
  const what =
    probed || tried === undefined
      ? "the signature, over this very session"
      : `a signature with ${spoken(tried.identity)}, without a probe`;
  const facts: Fact[] = draft.signing === "" ? [] : [["signed with", draft.signing]];
  draft.add({ ...common, kind: "auth-signature", what, facts });
}
