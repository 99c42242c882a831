import type { Fleet } from "../../../fleet/fleet.js";
import { operatorPolicy } from "../../../fleet/policies/operator.js";
import { registrarPolicy } from "../../../fleet/policies/registrar.js";

/** A policy for people who work on the fleet, so that nobody needs root. */
export const printPolicy = (fleet: Fleet, whose: "operator" | "registrar"): string =>
  (whose === "operator" ? operatorPolicy : registrarPolicy)(fleet);
