import type { Environment } from "./run.js";
import type { System } from "./system.js";

/** The machine that is looked at; everything left out is as it is here. */
export interface Surroundings {
  readonly environment?: Environment;
  readonly system?: System;
}
