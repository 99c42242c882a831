/** The token of a kept sign-in, wherever it is. */
import { hashOf, type Session } from "../../people/session/session.js";
import type { VaultSettings } from "../../settings/vault.js";
import { helperFor, namedServer, type Surroundings } from "./surroundings.js";
import type { PlaceOptions } from "./options.js";

export interface KeptToken {
  readonly settings: VaultSettings & { readonly token: string };
  /** Takes it away from where it is kept, but for the session itself. */
  readonly erase: () => Promise<void>;
}

/**
 * @returns undefined where the token helper has none, or by now another one than this sign-in's: that is not sent to this server
 * @throws TOKEN_HELPER_FAILED
 */
export async function tokenOf(
  session: Session,
  around: Surroundings,
  options: PlaceOptions & { readonly keptTlsFirst?: true },
): Promise<KeptToken | undefined> {
  const { address, namespace, tls } = session;
  const { tls: fromEnvironment } = around.settings;
  const helper = session.token === undefined ? await helperFor(around, address) : undefined;
  const token = session.token ?? (await helper?.get());
  if (token === undefined || (helper !== undefined && hashOf(token) !== session.tokenHash)) return undefined;
  const source = namedServer(around, options)?.source ?? "the last sign-in";
  const [first, second] = options.keptTlsFirst === true ? [tls, fromEnvironment] : [fromEnvironment, tls];
  const trusted = Object.keys(first).length > 0 ? first : second;
  return {
    settings: { address, addressSource: source, namespace, tls: trusted, token, tokenSource: "the last sign-in" },
    erase: async () => helper?.erase(),
  };
}
