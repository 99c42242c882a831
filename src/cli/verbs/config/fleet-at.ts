/** The fleet of whoever is signed in, and the server that its files are named after. */
import type { StoredFleet } from "../../../fleet/stored.js";
import type { FleetServer } from "../../../people/ssh-config/server-name.js";
import { asSignedIn, type SignInOptions } from "../../signed-in.js";

export interface FleetAt {
  readonly stored: StoredFleet;
  readonly server: FleetServer;
}

/** @throws as asSignedIn */
export const fleetAt = (what: string, options: SignInOptions, signal: AbortSignal): Promise<FleetAt> =>
  asSignedIn(
    what,
    options,
    ({ stored, settings: { address, namespace } }) => Promise.resolve({ stored, server: { address, namespace } }),
    signal,
  );
