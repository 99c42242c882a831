import type { GoWorkshop } from "./go-workshop.js";
import type { Environment } from "./run.js";
import type { System } from "./system.js";

/** The machine that is looked at; everything left out is as it is here. */
export interface Surroundings {
  readonly environment?: Environment;
  readonly system?: System;
}

export interface ToolchainOptions extends Surroundings {
  /** Where Go programs are built; hand the same one to several functions, and they share what Go downloads. */
  readonly workshop?: GoWorkshop;
}
