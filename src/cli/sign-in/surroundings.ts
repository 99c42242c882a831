/** What is there before anybody signs in: settings, the client file, what was kept of earlier sign-ins. */
import { join } from "node:path";
import { fail } from "../../errors/catalogue.js";
import { memoryFolder } from "../../ground/memory-folder.js";
import { recall } from "../../people/session/remembered.js";
import { openSessions, together, type Session, type Sessions } from "../../people/session/session.js";
import { tokenHelper, type TokenHelper } from "../../people/session/token-helper.js";
import { whereToSignIn, type Where } from "../../people/sign-in/where.js";
import { readClientFile, type FoundClientFile } from "../../settings/client-file.js";
import { readAddressOption, readSignInSettings, type SignInSettings } from "../../settings/sign-in.js";
import { requirePrivateLine } from "../../settings/vault.js";
import type { LoginOptions, PlaceOptions } from "./options.js";

export interface Surroundings {
  readonly settings: SignInSettings;
  readonly clientFile: FoundClientFile | undefined;
  readonly sessions: Omit<Sessions, "fileOf">;
  /** Where tokens are kept in memory, or why they cannot be. */
  readonly memory: Sessions | { readonly problem: string };
  /** Where it is remembered where somebody signed in. */
  readonly rememberedIn: string;
}

/** @throws SETTING_INVALID, TLS_VERIFICATION_OFF, CLIENT_FILE_INVALID */
export async function readSurroundings(): Promise<Surroundings> {
  const settings = readSignInSettings();
  const found = await memoryFolder("ssh-trust", { runtime: settings.runtime });
  const memory = "folder" in found ? openSessions(found.folder) : found;
  // No secret is in these: the vault command's token helper has the token.
  const byHelper = openSessions(join(settings.state, "sessions"));
  return {
    settings,
    clientFile: await readClientFile(),
    memory,
    sessions: together("problem" in memory ? [byHelper] : [memory, byHelper], ({ token }) =>
      token === undefined ? byHelper : requireMemory({ memory }),
    ),
    rememberedIn: join(settings.state, "sign-in.json"),
  };
}

/** @throws SIGN_IN_NO_PLACE */
export function requireMemory({ memory }: Pick<Surroundings, "memory">): Sessions {
  if ("problem" in memory) throw fail("SIGN_IN_NO_PLACE", { reason: memory.problem });
  return memory;
}

/** Where the vault command keeps the token for a server. */
export const helperFor = ({ settings }: Surroundings, address: string): Promise<TokenHelper> =>
  tokenHelper({ home: settings.home, config: settings.vaultConfig, address });

export interface Server {
  readonly address: string;
  readonly source: string;
}

/** The server that somebody named for this call. */
export function namedServer({ settings }: Surroundings, { vault }: PlaceOptions): Server | undefined {
  if (vault !== undefined) return { address: readAddressOption(vault), source: "--vault" };
  const { address } = settings;
  return address === undefined ? undefined : { address: address.value, source: address.name };
}

/**
 * The sign-in that is used: at the server that is named for this call, or else in the client file, or else the last one of all.
 * @throws what `namedServer` throws
 */
export async function keptSession(around: Surroundings, options: PlaceOptions): Promise<Session | undefined> {
  const named = namedServer(around, options);
  const all = await around.sessions.all();
  const file = around.clientFile?.says;
  const address = named?.address ?? file?.vault;
  const namespace = around.settings.namespace ?? (file?.vault === address ? file?.namespace : undefined);
  return all.find(
    (each) => (address === undefined || each.address === address) && (namespace === undefined || each.namespace === namespace),
  );
}

/** @param what the verb, for the message. @throws SIGN_IN_NOWHERE, VAULT_IN_CLEAR, SETTING_INVALID */
export async function whereFor(what: string, around: Surroundings, options: LoginOptions): Promise<Where> {
  const { settings, clientFile, sessions, rememberedIn } = around;
  const named = namedServer(around, options);
  const kept = await sessions.all();
  const remembered = await recall(rememberedIn);
  const said = {
    address: named?.address,
    addressSource: named?.source,
    namespace: settings.namespace,
    tls: settings.tls,
    method: options.method ?? methodOf(options, settings),
    mount: options.mount,
    role: options.role,
    user: options.user,
  };
  const where = whereToSignIn(said, clientFile, remembered === undefined ? kept : [...kept, remembered]);
  if (where === undefined) throw fail("SIGN_IN_NOWHERE", { what });
  requirePrivateLine(where.settings);
  return where;
}

/** What is given along says how. */
function methodOf({ jwtFile, roleId, tokenFile }: LoginOptions, { jwt }: SignInSettings) {
  if (roleId !== undefined) return "approle";
  if (tokenFile !== undefined) return "token";
  return jwtFile !== undefined || jwt !== undefined ? "jwt" : undefined;
}
