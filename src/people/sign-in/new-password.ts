/** Passwords that people choose for our userpass mount. */

/** NIST SP 800-63B-4, 3.1.1.2: eight where it is one factor of two. */
const fewest = 8;
/** bcrypt reads no more, and both servers refuse a longer one. In bytes. */
const most = 72;

/**
 * @param password as `passwordAsSent` has it
 * @returns what is wrong with it; undefined where nothing is
 */
export function problemOfNewPassword(password: string, user: string): string | undefined {
  if (/\p{Cc}/u.test(password)) return "it has a line break or another control character in it";
  if (Array.from(password).length < fewest) return `it has fewer than ${String(fewest)} characters`;
  if (Buffer.byteLength(password) > most)
    return `it is longer than ${String(most)} bytes, which is as much as Vault reads (letters such as ä take two)`;
  if (password.toLowerCase().includes(user)) return "it has the user's name in it";
  return undefined;
}
