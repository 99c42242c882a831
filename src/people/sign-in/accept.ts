/**
 * Taking an invitation: it is opened, which can be done once; the second factor is shown; whoever has both signs in, and sets the password
 * that they chose before. Until then nothing of it is on a disk.
 */
import * as z from "zod";
import { fail, isFailure, reasonOf } from "../../errors/catalogue.js";
import { moment } from "../../ground/moment.js";
import type { VaultSettings } from "../../settings/vault.js";
import { openVaultApi } from "../../vault/api.js";
import type { Auth, SignInApi } from "../../vault/sign-in.js";
import { factorMadeAt, invitationSecrets, wrappedAt, type Invitation, type InvitationSecrets } from "../invitation.js";
import { signIn, type SignInOptions } from "./sign-in.js";

export interface AcceptOptions extends SignInOptions {
  /** How the invitation's file is called in messages. */
  readonly file: string;
  readonly settings: VaultSettings;
  /** What `problemOfNewPassword` has nothing against. */
  readonly newPassword: string;
  /** Shows the address that an authenticator app reads. It is a secret, and is shown once. */
  readonly showFactor: (otpauth: string) => Promise<void>;
  /** Asked where Vault does not answer once the invitation was opened, as it cannot be opened again. */
  readonly again: (problem: string) => Promise<boolean>;
}

const factorAnswer = z.object({ url: z.string().startsWith("otpauth://") });

/** Looks at an invitation without opening it: nobody chooses a password for one that is worth nothing. @throws INVITATION_OPENED, INVITATION_EXPIRED, INVITATION_INVALID, VAULT_… */
export async function checkInvitation(api: SignInApi, invitation: Invitation, file: string): Promise<void> {
  const made = await whereMade(api, invitation, invitation.token, wrappedAt);
  if (made === "elsewhere") throw fail("INVITATION_INVALID", { problem: "what it opens was not made by ssh-trust" });
  if (made === undefined) throw gone(invitation, file);
}

/** @throws INVITATION_OPENED, INVITATION_EXPIRED, INVITATION_INVALID, INVITATION_HALF_TAKEN, VAULT_… */
export async function acceptInvitation(api: SignInApi, invitation: Invitation, options: AcceptOptions): Promise<Auth> {
  const secrets = await openInvitation(api, invitation, options.file);
  try {
    const factor = await patiently(options, () => openFactor(api, invitation, secrets.factor, options.file));
    const { mount, user } = invitation;
    await options.showFactor(labelled(factor.url, user, invitation.vault));
    const credentials = { method: "userpass", mount, user, password: secrets.password } as const;
    const auth = await patiently(options, () => signIn(api, credentials, options));
    const person = openVaultApi({ ...options.settings, token: auth.token, tokenSource: "the sign-in" });
    const path = `auth/${mount}/users/${user}/password`;
    await patiently(options, () => person.write(path, { password: options.newPassword }, z.unknown()));
    return auth;
  } catch (error) {
    if (isFailure(error, "INVITATION_OPENED")) throw error;
    throw fail("INVITATION_HALF_TAKEN", { user: invitation.user, reason: reasonOf(error) }, error);
  }
}

async function openInvitation(api: SignInApi, invitation: Invitation, file: string): Promise<InvitationSecrets> {
  await checkInvitation(api, invitation, file);
  const secrets = await api.unwrap(invitation.token, invitationSecrets);
  if (secrets === undefined) throw gone(invitation, file);
  if (secrets.user !== invitation.user)
    throw fail("INVITATION_INVALID", { problem: `it says that it is for ${invitation.user}, and is not` });
  return secrets;
}

/** Whoever put another one in its place had the invitation open. @throws INVITATION_OPENED, … */
async function openFactor(api: SignInApi, invitation: Invitation, token: string, file: string) {
  const made = await whereMade(api, invitation, token, factorMadeAt);
  const factor = made === "there" ? await api.unwrap(token, factorAnswer) : undefined;
  if (factor === undefined) throw gone(invitation, file);
  return factor;
}

/** Word for word: whoever has a token can have things wrapped below cubbyhole/, with any end of a path. @returns undefined where it is gone */
async function whereMade(
  api: SignInApi,
  { namespace }: Invitation,
  token: string,
  path: string,
): Promise<"there" | "elsewhere" | undefined> {
  const at = await api.lookUpWrapped(token);
  if (at === undefined) return undefined;
  return at === path || at === `${namespace ?? ""}/${path}` ? "there" : "elsewhere";
}

const gone = ({ user, until }: Invitation, file: string) =>
  until.getTime() <= Date.now()
    ? fail("INVITATION_EXPIRED", { user, file, until: moment(until) })
    : fail("INVITATION_OPENED", { user, file });

/** As an app shows it: Vault names the entity's id, which tells nobody which of their accounts this is. */
function labelled(otpauth: string, user: string, vault: string): string {
  const url = new URL(otpauth);
  const issuer = url.searchParams.get("issuer") ?? "ssh-trust";
  url.pathname = `/${encodeURIComponent(issuer)}:${encodeURIComponent(`${user}@${new URL(vault).hostname}`)}`;
  return url.href;
}

/** A server that is away for a moment costs nobody an invitation. */
async function patiently<T>({ again }: AcceptOptions, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const away = (["VAULT_UNREACHABLE", "VAULT_BUSY", "VAULT_SEALED", "SIGN_IN_CODES_LOCKED"] as const).some((code) =>
        isFailure(error, code),
      );
      if (!away || !(await again(reasonOf(error)))) throw error;
    }
  }
}
