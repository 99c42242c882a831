/** The stacks of one app: one for each CA that is handed in; or a fleet's. */
import { App } from "cdktf";
import type { Stacks } from "../src/roles.js";
import { FleetStack, type FleetStackProps } from "./fleet/fleet-stack.js";
import { SshCaStack } from "./ssh-ca.js";

/** @throws TypeError for nothing at all, and for data that no role may have */
export function addStacks(app: App, { cas, protect }: Stacks): void {
  if (cas.length === 0) throw new TypeError("nothing to synthesise: no CAs were handed in");
  for (const role of cas) new SshCaStack(app, role.mount, { role, protect });
}

/**
 * Writes every stack's configuration to `<outDir>/stacks/<stack>/cdk.tf.json`.
 * @throws as addStacks
 */
export function synthesise(stacks: Stacks, outDir: string): void {
  const app = new App({ outdir: outDir });
  addStacks(app, stacks);
  app.synth();
}

/** Writes a fleet's configuration to `<outDir>/stacks/fleet/cdk.tf.json`. @throws TypeError for data that no role may have */
export function synthesiseFleet(fleet: FleetStackProps, outDir: string): void {
  const app = new App({ outdir: outDir });
  new FleetStack(app, "fleet", fleet);
  app.synth();
}
