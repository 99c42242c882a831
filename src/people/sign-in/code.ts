/** Codes of a second factor, looked at before they are sent: a wrong one costs a try, and five lock it for a while. */

/** As it is sent: apps show a blank in the middle, and what is copied may have marks that nobody sees. */
export const codeAsSent = (text: string): string => text.replaceAll(/[\s\p{Cf}]/gu, "");

/**
 * Both servers make codes by time (TOTP) of 6 or of 8 digits: https://developer.hashicorp.com/vault/api-docs/secret/identity/mfa/totp.
 * The fleet's own have 6; a mount that is not the fleet's may have either.
 * @param code as `codeAsSent` has it
 * @param type of the second factor, such as "totp" or "duo"; undefined where it is not known yet
 * @returns why it cannot be one; undefined where it may be
 */
export function problemOfCode(code: string, type: string | undefined): string | undefined {
  if (type !== undefined && type !== "totp") return code === "" ? "nothing was typed" : undefined;
  // Passcodes of other kinds may have letters.
  return (type === undefined ? /^.{6,}$/ : /^(?:[0-9]{6}|[0-9]{8})$/).test(code)
    ? undefined
    : "a code has 6 digits (at some servers 8); blanks between them do not count";
}
