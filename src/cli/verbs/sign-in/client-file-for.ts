/** The client file of a fleet, from what Vault knows of it. */
import type { SignedIn } from "../../../people/signed-in.js";
import { clientFileText } from "../../../settings/client-file.js";
import { casForOthers } from "../../../vault/own-tls.js";
import type { SignInOptions } from "../../sign-in/options.js";
import { asSignedIn } from "../../signed-in.js";

/** @throws as asSignedIn */
export const clientFileFor = (options: SignInOptions, signal: AbortSignal): Promise<string> =>
  asSignedIn("login --print-client-file", options, textFor, signal);

async function textFor({ stored: { fleet }, settings }: SignedIn): Promise<string> {
  const ca = await casForOthers(settings.tls);
  return clientFileText({
    vault: fleet.vault,
    ...(fleet.namespace === undefined ? {} : { namespace: fleet.namespace }),
    ...(ca === undefined ? {} : { ca }),
    "sign-in": fleet.signIn.map(({ method, path }) => ({ method, mount: path })),
  });
}
