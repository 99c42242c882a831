/**
 * The CDKTF app for `cdktf synth`, with the context of cdktf.json. The toolkit itself calls `synthesise` of app.ts.
 *
 *   protect   refuse every plan that would destroy a mount, and with it a CA's key; true where it is left out
 *   cas       roles, each with the mount that it is made in: a stack of the mount's name
 */
import { App } from "cdktf";
import type { SshRole } from "../src/roles.js";
import { addStacks } from "./app.js";

const app = new App();
const handedIn = (key: string): readonly unknown[] => {
  const value: unknown = app.node.tryGetContext(key) ?? [];
  if (!Array.isArray(value)) throw new TypeError(`the context "${key}" is not a list`);
  return value as unknown[];
};

addStacks(app, {
  protect: app.node.tryGetContext("protect") !== false,
  cas: handedIn("cas") as readonly SshRole[],
});
app.synth();
