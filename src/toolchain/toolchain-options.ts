import type { GoWorkshop } from "./go-workshop.js";
import type { Surroundings } from "./surroundings.js";

export interface ToolchainOptions extends Surroundings {
  /** Where Go programs are built; hand the same one to several functions, and they share what Go downloads. */
  readonly workshop?: GoWorkshop;
}
