/** User certificates: for one person, with the accounts that are named, and no more than a terminal unless asked. */
import { fail } from "../errors/catalogue.js";
import { verb } from "../errors/hint.js";
import type { Progress } from "../ground/progress.js";
import { keysInFiles, keysInPlace, supplyOf } from "./incoming.js";
import { checkOrder, issue, type IssueResult } from "./issue.js";
import { userSubject, type Subject } from "./names.js";
import type { OfflineCa } from "./open.js";
import { readValidity, type AskedValidity } from "./validity.js";

/** ssh-keygen(1), CERTIFICATES: what may be permitted. */
export const userExtensions = [
  "permit-pty",
  "permit-agent-forwarding",
  "permit-port-forwarding",
  "permit-user-rc",
  "permit-X11-forwarding",
] as const;

export interface UserRequest {
  readonly name: string;
  readonly principals: readonly string[];
  /** The public keys' files; those that the CA has of this person where there are none. */
  readonly files: readonly string[];
  readonly validity: AskedValidity;
  /** In addition to "permit-pty". */
  readonly extensions: readonly string[];
  readonly renew: boolean;
}

export interface UserOrder {
  readonly subject: Subject;
  readonly sign: (passphrase: string) => Promise<IssueResult>;
}

/**
 * Checks everything that can be checked without the passphrase; `sign` does the rest.
 * @throws USAGE, and what userSubject, readValidity, checkOrder and keysInFiles throw
 */
export async function orderUser(ca: OfflineCa, request: UserRequest, progress: Progress): Promise<UserOrder> {
  const { name, principals, files, renew } = request;
  const refuse = (what: string) => fail("USAGE", { what, help: verb("offline-ca sign-user --help") });
  // By TrustedUserCAKeys it would open none; by a cert-authority line of authorized_keys, before OpenSSH 10.3, any that has one.
  if (principals.length === 0) throw refuse("name the accounts that it opens: --principal admin-ssh-user");
  const subject = userSubject(ca.dir, name, principals);
  for (const asked of request.extensions) {
    if (!userExtensions.some((known) => known === asked)) {
      throw refuse(`there is no extension "${asked}" (there are: ${userExtensions.join(", ")})`);
    }
  }
  const extensions = [...new Set(["permit-pty", ...request.extensions])];
  const validity = readValidity("user", request.validity, new Date());
  await checkOrder(ca, { subject, renew });
  const keys = supplyOf(files.length > 0 ? await keysInFiles(ca, "user", files) : await keysInPlace(ca, subject));
  return { subject, sign: (passphrase) => issue(ca, { subject, keys, validity, extensions, passphrase, renew }, progress) };
}
