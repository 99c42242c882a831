/** Where the verbs of people ask the directory: its address is the fleet's, and who asks is proven by Vault. */
import { fail } from "../errors/catalogue.js";
import { openDirectory, proofFor, type Directory } from "../directory/client.js";
import type { SignedIn } from "../people/signed-in.js";
import { openVaultApi } from "../vault/api.js";
import { duringPlainly } from "../terminal/report.js";
import { asSignedIn, type SignInOptions } from "./signed-in.js";

/** @throws DIRECTORY_MISSING, DIRECTORY_…, and what asSignedIn throws */
export const atDirectory = <T>(
  what: string,
  options: SignInOptions,
  signal: AbortSignal,
  work: (directory: Directory, signedIn: SignedIn) => Promise<T>,
): Promise<T> =>
  asSignedIn(
    what,
    options,
    async (signedIn) => {
      const { settings, stored } = signedIn;
      const address = stored.fleet.directory?.address;
      if (address === undefined) throw fail("DIRECTORY_MISSING", { address: settings.address });
      const directory = openDirectory({ address, tls: settings.tls }, () => proofFor(openVaultApi(settings)));
      return duringPlainly(`asking the directory at ${address}`, () => work(directory, signedIn));
    },
    signal,
  );
