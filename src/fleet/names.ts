/** How groups, rules and accounts may be called. Vault does not check most of it, and ssh would read some names as something else. */
import { isHostName } from "../ground/host-name.js";
import { offer } from "./offer.js";

const longestName = 63;

/**
 * What is wrong with the name of a group or a rule; undefined where nothing is. It becomes a part of paths and names in Vault: none
 * takes a colon, and a path must not end in a dot.
 */
export function problemOfName(name: string): string | undefined {
  if (name === "") return "is empty";
  if (name.length > longestName) return `is longer than ${String(longestName)} characters`;
  if (name !== name.toLowerCase())
    return `has capital letters, and Vault does not tell them apart${offer(problemOfName, name.toLowerCase())}`;
  if (!/^[a-z0-9.-]*$/.test(name)) return "has other characters than a-z, 0-9, . and -";
  if (!/^[a-z0-9].*[a-z0-9]$|^[a-z0-9]$/.test(name)) return "does not begin and end with a letter or a digit";
  return name.includes("..") ? "has two dots one after the other" : undefined;
}

const longestAccount = 32;

/** Options of authorized_keys (sshd(8)), in lower case, as sshd takes them in any. */
const options = [
  ...["agent-forwarding", "port-forwarding", "pty", "user-rc", "x11-forwarding", "touch-required"],
  ...["cert-authority", "command", "environment", "expiry-time", "from", "permitlisten", "permitopen", "principals"],
  ...["restrict", "tunnel", "verify-required"],
];

/** "-deploy -ops": two lines of a list, which YAML reads as one text. */
export const dashes = /^-\S+(?:\s+-\S+)+$/;

/**
 * What is wrong with an account; undefined where nothing is. On the host, a line of principals may begin with options: an account
 * called "restrict" would be read as one.
 */
export function problemOfAccount(name: string): string | undefined {
  if (name === "") return "is empty";
  if (/[*?]/.test(name)) return "has a wildcard: accounts are named one by one";
  if (name.includes(",")) return "has a comma: write a list, [one, other]";
  if (dashes.test(name)) return "is a list whose dashes have no blank behind them";
  if (/\s/.test(name)) return "has a blank: an account is one word, and several are a list, [one, other]";
  if (name.includes("@")) return "has an @: an account is named without its host; which hosts it is on is said by the group";
  if (options.includes(name.toLowerCase().replace(/^no-/, "")))
    return "is an option of authorized_keys (sshd(8)), and sshd would read it so";
  if (name !== name.toLowerCase()) return `has capital letters${offer(problemOfAccount, name.toLowerCase())}`;
  if (!/^[a-z0-9._-]*$/.test(name)) return "has other characters than a-z, 0-9, . _ and -";
  if (!/^[a-z0-9_]/.test(name)) return "does not begin with a letter, a digit or _";
  return name.length > longestAccount ? `is longer than ${String(longestAccount)} characters` : undefined;
}

/** What is wrong with a host's full name; undefined where nothing is. */
export function problemOfHostName(name: string): string | undefined {
  if (/[*?]/.test(name)) return "has a wildcard, and names one host";
  if (name.endsWith(".")) {
    const bare = name.replace(/\.+$/, "");
    return `ends with a dot${offer(problemOfHostName, bare, bare.toLowerCase())}`;
  }
  if (name !== name.toLowerCase()) return `has capital letters${offer(problemOfHostName, name.toLowerCase())}`;
  return isHostName(name) ? undefined : "is not a host's name";
}
