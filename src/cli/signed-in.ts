/** Signing in where that is needed, for the verbs of people: whoever is signed in is not asked anything. */
import { fail } from "../errors/catalogue.js";
import type { StoredFleet } from "../fleet/stored.js";
import { whoIs, type Me } from "../people/me.js";
import { renewWhileUsed, revoke } from "../people/session/end.js";
import type { SignedIn } from "../people/signed-in.js";
import { readTokenVariable } from "../settings/vault.js";
import { talkInLines } from "../terminal/report.js";
import { hasTty } from "../terminal/tty.js";
import { openVaultApi } from "../vault/api.js";
import { readStoredFleet } from "../vault/stored-fleet.js";
import { describeSignedIn } from "./sign-in/describe.js";
import { keepRenewed } from "./sign-in/keep-renewed.js";
import { tokenOf } from "./sign-in/kept-token.js";
import { inNoGroup, newSession } from "./sign-in/new-session.js";
import type { SignInOptions } from "./sign-in/options.js";
import { signInAt } from "./sign-in/sign-in.js";
import { isVariable, over, toldOfToken } from "./sign-in/told-of-token.js";
import { waitingForVault } from "./waiting-for-vault.js";
import {
  helperFor,
  keptSession,
  namedServer,
  readSurroundings,
  requireMemory,
  whereFor,
  type Surroundings,
} from "./sign-in/surroundings.js";

export { withSignIn, type SignInOptions } from "./sign-in/options.js";

type WithToken = SignedIn["settings"];

/**
 * Does something as the person who is signed in, and signs in first where nobody is. A sign-in that is for this call only, as a
 * robot's, ends with it.
 * @param what the verb, for messages
 * @param signal ends the wait for a browser
 * @throws SIGN_IN_NEEDED where nobody can be asked, SIGN_IN_WITHOUT_GROUP, SIGN_IN_OVER, SIGN_IN_…, VAULT_…
 */
export async function asSignedIn<T>(
  what: string,
  options: SignInOptions,
  work: (signedIn: SignedIn) => Promise<T>,
  signal: AbortSignal = new AbortController().signal,
): Promise<T> {
  const around = await readSurroundings();
  if (isRobot(options, around)) return asRobot(what, options, around, work, signal);
  const found = await tokenAtHand(what, options, around);
  if (found !== undefined) {
    const known = await waitingForVault(found.address, () => look(found));
    if (known !== undefined) {
      if (known.renewed !== undefined) await keepRenewed(around, found.token, known.renewed, known.stored);
      return toldOfToken(found, () => work(whole(found, known)));
    }
    if (isVariable(found)) throw over(found); // whoever set it meant it
  }
  return work(await signInNow(what, options, around, found, signal));
}

interface Known {
  readonly me: Me;
  readonly stored: StoredFleet | undefined;
  /** How long the token is valid, in seconds, where it was renewed now. */
  readonly renewed?: number | undefined;
}

const whole = (settings: WithToken, { me, stored }: Known): SignedIn => {
  if (stored === undefined) throw fail("SIGN_IN_WITHOUT_GROUP", { name: me.name, address: settings.address });
  return { settings, me, stored };
};

/** @returns undefined where Vault does not take the token */
export async function look(settings: WithToken): Promise<Known | undefined> {
  const api = openVaultApi(settings);
  const [me, stored] = await Promise.all([whoIs(api), readStoredFleet(api).catch(inNoGroup)]);
  if (me === undefined) return undefined;
  return { me, stored, renewed: await renewWhileUsed(api, me) };
}

const isRobot = ({ jwtFile, roleId }: SignInOptions, { settings }: Surroundings) =>
  jwtFile !== undefined || roleId !== undefined || settings.jwt !== undefined;

async function asRobot<T>(
  what: string,
  options: SignInOptions,
  around: Surroundings,
  work: (signedIn: SignedIn) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const where = await whereFor(what, around, options);
  const { token } = await signInAt(where, options, around.settings, signal);
  const settings = { ...where.settings, token, tokenSource: "the sign-in of this call" };
  try {
    const known = await waitingForVault(settings.address, () => look(settings));
    if (known === undefined) throw over(settings);
    return await work(whole(settings, known));
  } finally {
    await revoke(openVaultApi(settings)).catch(() => undefined); // it ends by itself soon
  }
}

/** The token of VAULT_TOKEN, of the last sign-in, or the vault command's own where its server is named. */
export async function tokenAtHand(what: string, options: SignInOptions, around: Surroundings): Promise<WithToken | undefined> {
  const variable = readTokenVariable();
  if (variable !== undefined) {
    // It is for one server, and nobody but the person knows for which.
    if (namedServer(around, options) === undefined) throw fail("SIGN_IN_TOKEN_FOR_NOBODY", { variable: variable.name });
    const { settings } = await whereFor(what, around, options);
    return { ...settings, token: variable.value, tokenSource: variable.name };
  }
  const session = await keptSession(around, options);
  if (session !== undefined) {
    if (session.until !== undefined && session.until <= Date.now()) return undefined;
    return (await tokenOf(session, around, options))?.settings;
  }
  if (namedServer(around, options) === undefined) return undefined;
  const { settings } = await whereFor(what, around, options);
  const helper = await helperFor(around, settings.address);
  const token = await helper.get();
  return token === undefined ? undefined : { ...settings, token, tokenSource: helper.name };
}

/** @param refused the token that Vault did not take, where there was one */
async function signInNow(
  what: string,
  options: SignInOptions,
  around: Surroundings,
  refused: WithToken | undefined,
  signal: AbortSignal,
): Promise<SignedIn> {
  const where = await whereFor(what, around, options);
  const { address } = where.settings;
  if (!hasTty()) {
    const ended = refused === undefined ? "" : `: Vault no longer accepts the token of ${refused.tokenSource ?? ""}`;
    throw fail("SIGN_IN_NEEDED", { at: ` at ${address}`, why: `${ended}, and there is no terminal to ask at` });
  }
  requireMemory(around);
  const { token, user } = await signInAt(where, options, around.settings, signal);
  const made = await newSession(around, { ...where, user }, token, false);
  talkInLines(describeSignedIn(made));
  const settings = { ...where.settings, token, tokenSource: "the last sign-in" };
  return whole(settings, made);
}
