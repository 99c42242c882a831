/** One change of people at a time: a group is written whole, and who was added meanwhile would be lost. */
import { fail } from "../../errors/catalogue.js";
import { peopleClaimEntry } from "../../fleet/vault-names.js";
import type { VaultApi } from "../../vault/api.js";
import { alone, type Claim } from "../../vault/claim.js";

const peopleAreChanged: Claim = {
  entry: peopleClaimEntry,
  taken: (path, seconds) => fail("PEOPLE_ARE_CHANGED", { path, seconds: String(seconds) }),
};

/** In seconds: a change takes less than one. One that a limit holds up for longer looks whether it is still alone before it writes. */
const patience = { stale: 15, atMost: 120 };

/** @throws PEOPLE_ARE_CHANGED, and what the work throws */
export const oneAtATime = <T>(api: VaultApi, work: (stillAlone: () => Promise<void>) => Promise<T>): Promise<T> =>
  alone(api, peopleAreChanged, patience, work);
