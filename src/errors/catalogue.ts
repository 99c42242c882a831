/**
 * Every error of the toolkit that a person can meet, in one catalogue.
 *
 * The codes are part of the public interface: they never change and are never used again for something else.
 * The rows are in this folder, one file for each subject. `docs/errors.md` is written from them, and a test fails when the
 * two differ.
 */
import { agentErrors } from "./agent.js";
import { applyErrors } from "./apply.js";
import { configErrors } from "./config.js";
import { directoryErrors } from "./directory.js";
import { directoryServiceErrors } from "./directory-service.js";
import { failFrom, isSshTrustError, type FailureTest } from "./failure.js";
import { fleetErrors } from "./fleet.js";
import { generalErrors } from "./general.js";
import { hostsErrors } from "./hosts.js";
import { invitationsErrors } from "./invitations.js";
import { keysErrors } from "./keys.js";
import { loginsErrors } from "./logins.js";
import { oidcErrors } from "./oidc.js";
import { offlineCaErrors } from "./offline-ca.js";
import { peopleErrors } from "./people.js";
import { signInErrors } from "./sign-in.js";
import { stateErrors } from "./state.js";
import { toolsErrors } from "./tools.js";
import { vaultErrors } from "./vault.js";

export { reasonOf, SshTrustError } from "./failure.js";

export const catalogue = {
  ...generalErrors,
  ...toolsErrors,
  ...vaultErrors,
  ...keysErrors,
  ...applyErrors,
  ...stateErrors,
  ...offlineCaErrors,
  ...fleetErrors,
  ...hostsErrors,
  ...peopleErrors,
  ...invitationsErrors,
  ...signInErrors,
  ...oidcErrors,
  ...loginsErrors,
  ...agentErrors,
  ...configErrors,
  ...directoryServiceErrors,
  ...directoryErrors,
} as const;

export type ErrorCode = keyof typeof catalogue;

/**
 * Makes an error of the catalogue; the caller throws it.
 * @example throw fail("VAULT_SEALED", { address: "https://vault.example:8200" }, cause)
 */
export const fail = failFrom(catalogue);

/**
 * Whether `error` is of the project's own, and of that code where one is given.
 * @example
 * ```ts
 * import { isFailure, parsePublicKey } from "ssh-trust";
 *
 * try {
 *   parsePublicKey("-----BEGIN OPENSSH PRIVATE KEY-----");
 * } catch (error) {
 *   if (!isFailure(error, "KEY_NOT_PUBLIC")) throw error;
 *   console.log(error.code, error.exit); // KEY_NOT_PUBLIC 1
 * }
 * ```
 */
export const isFailure: FailureTest<ErrorCode> = isSshTrustError;
