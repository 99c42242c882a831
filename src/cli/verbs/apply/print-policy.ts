import type { Fleet } from "../../../fleet/fleet.js";
import { operatorPolicy, registrarPolicy } from "../../../fleet/policies.js";

/** A policy for people who work on the fleet, so that nobody needs root. */
export const printPolicy = (fleet: Fleet, whose: "operator" | "registrar"): string =>
  (whose === "operator" ? operatorPolicy : registrarPolicy)(fleet);
