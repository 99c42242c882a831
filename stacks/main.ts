/**
 * The CDKTF app: one stack for each CA and each kind of machine that is handed in as CDKTF context. Run by `cdktf synth` with
 * the context of cdktf.json, and in the same way by whoever applies them.
 *
 *   protect    refuse every plan that would destroy a mount, and with it a CA's key; true where it is left out
 *   cas        roles, each with the mount that it is made in: a stack of the mount's name
 *   machines   roles whose names are templates, with the tokens that they are signed by: { stack, role, tokens }
 */
import { App } from "cdktf";
import type { MachineTokens, SshRole } from "../src/roles.js";
import { MachinesStack } from "./machines.js";
import { SshCaStack } from "./ssh-ca.js";

interface MachinesContext {
  readonly stack: string;
  readonly role: SshRole;
  readonly tokens: MachineTokens;
}

const app = new App();
const handedIn = (key: string): readonly unknown[] => {
  const value: unknown = app.node.tryGetContext(key) ?? [];
  if (!Array.isArray(value)) throw new TypeError(`the context "${key}" is not a list`);
  return value as unknown[];
};

const protect = app.node.tryGetContext("protect") !== false;
const cas = handedIn("cas") as readonly SshRole[];
const machines = handedIn("machines") as readonly MachinesContext[];
if (cas.length + machines.length === 0)
  throw new TypeError('nothing to synthesise: hand roles in as context, in "cas" or "machines"');

for (const role of cas) new SshCaStack(app, role.mount, { role, protect });
for (const { stack, role, tokens } of machines) new MachinesStack(app, stack, { role, tokens });

app.synth();
