/** In phase 3: what the server answers. */
import type { Draft, Outcome } from "./draft.js";

const common = { stage: "user", way: "server" } as const;
const failure = { ...common, message: "SSH_MSG_USERAUTH_FAILURE" } as const;

/** The probed key would do. */
export function accepted(draft: Draft): void {
  settle(draft, "wanted");
  draft.nextRequest = "signature";
  const what = "yes: prove that you hold it";
  draft.add({ ...common, kind: "auth-probe-accepted", what, message: "SSH_MSG_USERAUTH_PK_OK", mark: "proof" });
}

/** The first list of methods is an answer to a question; a later one says no to what was tried. */
export function canContinue(draft: Draft, methods: string): void {
  const isFirst = draft.findings.methods === "";
  draft.findings.methods = methods;
  if (draft.last("auth-partial") !== undefined) draft.extend(["still open", methods]);
  else if (isFirst) draft.add({ ...failure, kind: "auth-methods", what: `may be tried: ${methods}` });
  else {
    const signed = draft.last("auth-signature") !== undefined;
    settle(draft, "declined");
    const what = signed ? "no: the signature does not let you in" : "no: not this one";
    draft.add({ ...failure, kind: "auth-declined", what, mark: "doubt" });
  }
}

export function partial(draft: Draft, method: string): void {
  draft.findings.partial = true;
  if (method === "publickey") settle(draft, "accepted");
  const what = `right, but one proof more is needed (${method} was accepted)`;
  draft.add({ ...failure, kind: "auth-partial", what, mark: "proof" });
}

export function success(draft: Draft, method: string): void {
  if (draft.authenticated) {
    draft.extend();
    return;
  }
  settle(draft, "accepted");
  draft.authenticated = true;
  const what = `welcome, ${draft.findings.user} (${method === "" ? draft.method : method})`;
  draft.add({ ...common, kind: "auth-accepted", what, message: "SSH_MSG_USERAUTH_SUCCESS", mark: "proof" });
}

/** What became of the key that was tried last; what was declined later, such as a password, does not change it. */
export function settle(draft: Draft, outcome: Outcome): void {
  const last = draft.findings.tried.at(-1);
  if (last?.outcome === "open" || last?.outcome === "wanted") last.outcome = outcome;
}
