#!/usr/bin/env node
/** A checkout runs its sources, so that they need not be built first; an installed package runs what was built from them. */
import { existsSync } from "node:fs";

if (existsSync(new URL("../src/cli/ssh-trust.ts", import.meta.url))) {
  const { register } = await import("tsx/esm/api");
  register();
  await import("../src/cli/ssh-trust.ts");
} else {
  await import("../dist/ssh-trust.js");
}
