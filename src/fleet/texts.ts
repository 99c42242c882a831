/** What other texts of the fleet file may be: addresses, paths, what is told to others. */
import { isIP } from "node:net";
import { isHostName } from "../ground/host-name.js";
import { isLoopback } from "../ground/loopback.js";
import { printable } from "../ground/printable.js";
import { offer } from "./offer.js";

const longest = 512;

/** What Terraform fills in: a file of a fleet is not to read other files, or the environment, of whoever applies it. */
export const isTemplate = (text: string): boolean => /[$%]\{/.test(text);

/** What cannot be seen, or seen for another: invisible characters, and blanks that are no plain ones. */
const unseen = /(?! )[\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;

const codePoint = (character: string) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/** Any text that is shown and handed on: a group of an identity provider, a DN, a claim. */
export function problemOfText(text: string): string | undefined {
  if (text.trim() === "") return "is empty";
  if (printable(text) !== text) return "has characters that cannot be shown, such as a line break";
  const [invisible] = unseen.exec(text) ?? [];
  if (invisible !== undefined) return `has an invisible character, or a blank that is not the usual one: ${codePoint(invisible)}`;
  if (text.normalize("NFC") !== text) return "has an accent as a character of its own: write it in Unicode's form NFC";
  if (isTemplate(text)) return "has ${ or %{, and Terraform would put something else there";
  if (text.trim() !== text) return "begins or ends with a blank";
  return text.length > longest ? `is longer than ${String(longest)} characters` : undefined;
}

/** Vault's: a host, a port, no more; https, as passwords and tokens go there. http never leaves the machine. */
export function problemOfAddress(text: string): string | undefined {
  const url = urlOf(text);
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return "is not an address; write it as https://vault.example.org:8200";
  if (text.includes("@")) return "holds a name or a password, which do not belong here";
  if (!/^https?:\/\/[^/?#]*\/*$/i.test(text))
    return `has more than host and port${offer(problemOfAddress, url.origin, `https://${url.host}`)}`;
  if (inTheClear(url)) return "is not https, and passwords and tokens go there; http is for 127.0.0.1 and localhost only";
  return undefined;
}

/** Of an identity provider: what it signs is believed, so nobody may stand between. */
export function problemOfIssuer(text: string): string | undefined {
  const url = urlOf(text);
  if (url === undefined || !/^https?:$/.test(url.protocol)) return "is not an address; write it as https://id.example.org";
  if (text.includes("@")) return "holds a name or a password, which do not belong here";
  if (/[?#]/.test(text)) return "has a ? or a #, and an issuer has none";
  if (inTheClear(url)) return "is not https: anybody between could be the provider";
  return undefined;
}

export function problemOfLdapUrl(text: string): string | undefined {
  const url = urlOf(text);
  if (url?.protocol === "ldap:") {
    const fixed = offer(problemOfLdapUrl, `ldaps${text.slice(4)}`, `ldaps://${url.host}`);
    return `is not encrypted, and passwords go over it${fixed}`;
  }
  if (url?.protocol !== "ldaps:" || url.hostname === "") return "is not an address; write it as ldaps://ldap.example.org";
  if (text.includes("@")) return "holds a name or a password, which do not belong here";
  return /^ldaps:\/\/[^/?#]*\/?$/i.test(text) ? undefined : "has more than host and port";
}

const inTheClear = ({ protocol, hostname }: URL) => protocol === "http:" && !isLoopback(hostname);

/** Of plain characters, with a host that is a name or an IP address: URL itself takes nearly anything for one. */
function urlOf(text: string): URL | undefined {
  if (!/^[a-z]+:\/\/[\x21-\x7e]+$/i.test(text) || /[\\{}"<>|^`]/.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const host = url.hostname.toLowerCase();
  return isHostName(host) || isIP(host.replace(/^\[(.*)\]$/, "$1")) > 0 ? url : undefined;
}

const vaultsOwn = ["sys", "auth", "identity", "cubbyhole"];
const namespacesOwn = [...vaultsOwn, "root", "audit"];

export function problemOfNamespace(text: string): string | undefined {
  const trimmed = text.replace(/^\/+|\/+$/g, "");
  if (trimmed !== text) return `begins or ends with /${offer(problemOfNamespace, trimmed)}`;
  const parts = text.split("/");
  if (!parts.every((part) => /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(part))) return "is not a namespace: names with / between them";
  const own = parts.find((part) => namespacesOwn.includes(part));
  return own === undefined ? undefined : `has a part that no namespace can be called: "${own}"`;
}

/** Of a mount that is ours: an engine's, or below auth/. */
export function problemOfMount(text: string): string | undefined {
  const trimmed = text.replace(/^\/+|\/+$/g, "");
  if (trimmed !== text) return `begins or ends with /${offer(problemOfMount, trimmed, trimmed.toLowerCase())}`;
  if (text.length > 128) return "is longer than 128 characters";
  return text.split("/").every((part) => /^[a-z0-9][a-z0-9-]*$/.test(part))
    ? undefined
    : "is not a path: a-z, 0-9 and -, with / between parts";
}

/** Of a mount that is there already: somebody else has named it. */
export function problemOfExistingMount(text: string): string | undefined {
  const trimmed = text.replace(/^(?:\/*auth\/)?\/*|\/+$/g, "");
  if (trimmed !== text) return `is the path below auth/, without / around it${offer(problemOfExistingMount, trimmed)}`;
  if (text.length > 128) return "is longer than 128 characters";
  return text.split("/").every((part) => /^\w[\w.-]*$/.test(part))
    ? undefined
    : "is not a path of Vault's: letters, digits, . _ and -, with / between";
}

export { vaultsOwn };
