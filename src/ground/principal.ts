/** The one rule for principals, wherever they come from. */
import { fail } from "../errors/catalogue.js";
import { printable } from "./printable.js";

/**
 * Whether it is one name: letters, digits and . _ @ -, not beginning with a sign that another program could read as an
 * option or a pattern. A comma would be read as two names by OpenSSH (CVE-2026-35414), a star as all.
 */
export const isPrincipal = (text: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9._@-]{0,254}$/.test(text);

/** @throws PRINCIPAL_INVALID */
export function checkPrincipal(principal: string): void {
  if (!isPrincipal(principal)) throw fail("PRINCIPAL_INVALID", { principal: printable(principal) });
}
