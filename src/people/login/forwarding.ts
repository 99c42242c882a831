/** Which agent is forwarded (ssh_config(5), ForwardAgent): the person's own, and never the one of a login. */
import { isThere } from "../../ground/new-file.js";
import { ownAgentSocket } from "../../settings/login.js";
import { withoutOption } from "../../ssh/client/arguments.js";

export interface Forwarding {
  /** What ForwardAgent has to be: without a path, ssh would forward the agent of IdentityAgent. */
  readonly forwardAgent: string;
  /** The person's arguments for it. */
  readonly given: readonly string[];
}

/** @param asked as `ssh -G` has it: "yes", "no", a path, or "$" and the name of a variable */
export async function forwarding(asked: string, args: readonly string[], own = ownAgentSocket()): Promise<Forwarding> {
  if (asked !== "yes" && asked !== "$SSH_AUTH_SOCK") return { forwardAgent: asked, given: args };
  // As ssh does it where there is no agent: nothing is forwarded, and nothing is said.
  if (own === undefined || !(await isThere(own))) return { forwardAgent: "no", given: withoutOption(args, "A") };
  const path = own.replaceAll("%", "%%");
  return { forwardAgent: /\s/.test(path) ? `"${path}"` : path, given: args };
}
