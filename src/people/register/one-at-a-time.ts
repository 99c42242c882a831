/** One change of people at a time: a group is written whole, and who was added meanwhile would be lost. */
import { fail } from "../../errors/catalogue.js";
import { peopleClaimEntry } from "../../fleet/vault-names.js";
import type { VaultApi } from "../../vault/api.js";
import { alone, type Claim } from "../../vault/claim.js";

const peopleAreChanged: Claim = {
  entry: peopleClaimEntry,
  taken: (path, seconds) => fail("PEOPLE_ARE_CHANGED", { path, seconds: String(seconds) }),
};

/** In seconds: a change takes less than one, and up to a few where a limit has it wait. */
const patience = { stale: 30, atMost: 120 };

/** @throws PEOPLE_ARE_CHANGED, and what the work throws */
export const oneAtATime = <T>(api: VaultApi, work: (stillAlone: () => Promise<void>) => Promise<T>): Promise<T> =>
  alone(api, peopleAreChanged, patience, work);
