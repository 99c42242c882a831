/** The address of Vault, where it is asked for and was not given: only to be shown. */
import { recall } from "../people/session/remembered.js";
import { fleetFileName, readFleetFile } from "../fleet/read-fleet-file.js";
import { isThere } from "../ground/new-file.js";
import { readSurroundings } from "./sign-in/surroundings.js";

/** That of the client file, of the last sign-in, or of a fleet file in this folder; undefined where nothing says it. */
export async function knownAddress(): Promise<string | undefined> {
  return (await ofSignIn().catch(() => undefined)) ?? (await ofFleetFile().catch(() => undefined));
}

async function ofSignIn(): Promise<string | undefined> {
  const { clientFile, sessions, rememberedIn } = await readSurroundings();
  return clientFile?.says.vault ?? (await sessions.all())[0]?.address ?? (await recall(rememberedIn))?.address;
}

const ofFleetFile = async (): Promise<string | undefined> =>
  (await isThere(fleetFileName)) ? (await readFleetFile(fleetFileName)).vault : undefined;
