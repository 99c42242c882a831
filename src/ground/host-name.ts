/** The one rule for host names, wherever they come from. */

const label = "[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?";
const labels = new RegExp(`^${label}(?:\\.${label})*$`);

/**
 * Whether it is a host's name, in lower case: labels of letters, digits, - and _, with a letter or a digit at both ends (RFC 1123,
 * section 2.1, and the underscore). DNS (RFC 2181, section 11), ssh and Vault take an underscore, and hosts have names with one; a
 * label that begins with it is not a host's, but a service's, such as _ssh (RFC 8552). No dot at the end, 253 characters at most.
 * Addresses pass too: whoever does not want them asks further.
 */
export const isHostName = (name: string): boolean => name.length <= 253 && labels.test(name);
