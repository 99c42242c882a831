/** Handing out an address to a machine. */
import { holderOfAddress } from "../docker/networks.js";
import { fail, isFailure } from "../errors/catalogue.js";
import type { Lab } from "../lab.js";
import { nextAddress } from "./addresses.js";
import { changeLedger, readLedger } from "./ledger.js";
import { listMachines } from "./machines.js";

/**
 * Finds an address and notes that it was handed out. Two at once may find the same one: then Docker refuses the second, and
 * another is tried.
 */
export async function withAddress(
  lab: Lab,
  asked: string | undefined,
  use: (address: string) => Promise<void>,
  avoid: readonly string[] = [],
): Promise<string> {
  for (let tries = 0; ; tries++) {
    const { handedOut } = await readLedger(lab.settings);
    const inUse = [...(await listMachines(lab)).flatMap(({ address }) => address ?? []), ...avoid];
    const address = asked ?? nextAddress(lab.names.cloud.pool, inUse, handedOut);
    try {
      await use(address);
    } catch (error) {
      if (!isFailure(error, "ADDRESS_IN_USE")) throw error;
      if (asked === undefined && tries < 5) continue;
      const holder = await holderOfAddress(await lab.engine(), lab.names.cloud.name, address);
      throw fail("ADDRESS_IN_USE", { address, holder: holder ?? "another container" }, error);
    }
    await changeLedger(lab.settings, (before) => ({
      ...before,
      handedOut: [...before.handedOut.filter((each) => each !== address), address],
    }));
    return address;
  }
}
