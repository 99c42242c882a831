/** Phase 3: the person could not prove who they are. */
import { isValidAt, validFrom, validTo } from "../../ssh/certificate-validity.js";
import type { Identity } from "../events.js";
import { shellWord } from "../../ground/shell-word.js";
import { isCertificate, spoken, spokenTime } from "../user.js";
import { complaint, type Ending, type Rule } from "./ending.js";

export const inUser: readonly Rule[] = [
  [
    "too-many-attempts",
    "user",
    (e) =>
      complaint(e, /Too many authentication failures/) && [
        `the host ended it after too many attempts; tried: ${triedBy(e)}`,
        "offer the one right key only: ssh-trust trace -o IdentitiesOnly=yes -i <key> <destination>",
      ],
  ],
  [
    "key-unusable",
    "user",
    (e) => (e.keysUnusable[0] === undefined ? undefined : [`${e.keysUnusable.join("; ")}; so permission was denied`, keyHint(e)]),
  ],
  [
    "user-certificate-invalid",
    "user",
    (e) => {
      const declined = declinedCertificate(e);
      const certificate = declined && e.certificates.get(declined.name);
      if (declined === undefined || certificate === undefined || isValidAt(certificate, e.time)) return undefined;
      const from = validFrom(certificate);
      const early = typeof from !== "string" && from > e.time;
      const when = early ? `is not valid before ${spokenTime(from)}` : `ended at ${spokenTime(validTo(certificate))}`;
      return [
        `permission denied for ${e.user}: ${spoken(declined)} ${when}`,
        `have it signed again, by Vault or with ssh-trust offline-ca sign-user; what it says: ${look(declined)}`,
      ];
    },
  ],
  [
    "permission-denied",
    "user",
    (e) =>
      complaint(e, /Permission denied/) && [
        `permission denied for ${e.user}; ${e.partial ? "one proof was not enough; " : ""}tried: ${triedBy(e)}; the host takes: ${e.methods}`,
        permissionHint(e),
      ],
  ],
];

function triedBy({ tried, otherMethods }: Ending): string {
  const keys = tried.map(({ identity }) => spoken(identity).replace(/,$/, ""));
  const all = [...new Set([...keys, ...otherMethods])];
  return all.length === 0 ? "nothing, as there was no key to offer" : all.join(", ");
}

function keyHint({ keysUnusable, identityFiles }: Ending): string {
  const file = identityFiles.find((each) => keysUnusable.includes(`Load key "${each}": bad permissions`));
  return file === undefined
    ? "look at the key: ssh-keygen -l -f <key>; and at the agent's: ssh-add -l"
    : `chmod 600 ${shellWord(file)}`;
}

const declinedCertificate = ({ tried }: Ending): Identity | undefined =>
  tried.find(({ identity, outcome }) => isCertificate(identity) && outcome === "declined")?.identity;

const look = ({ agent, name }: Identity) =>
  agent ? "ssh-add -L | ssh-keygen -L -f -" : `ssh-keygen -L -f ${shellWord(name.endsWith(".pub") ? name : `${name}-cert.pub`)}`;

/** A certificate that was not taken is looked at first; then a key that is not known there. */
function permissionHint(ending: Ending): string {
  const { tried, user, certificates } = ending;
  const certificate = declinedCertificate(ending);
  if (certificate !== undefined) {
    const principals = certificates.get(certificate.name)?.principals ?? [];
    const others = principals.length > 0 && !principals.includes(user) ? `, and it is for ${principals.join(", ")}` : "";
    return `the host must trust the certificate's CA, and take it for ${user}${others}: ${look(certificate)}`;
  }
  const locked = tried.find(({ outcome }) => outcome === "locked")?.identity;
  if (locked !== undefined) {
    return `nobody could be asked for the passphrase of ${spoken(locked)}: call it at a terminal, or first: ssh-add ${shellWord(locked.name)}`;
  }
  if (tried.length === 0)
    return "name a key file that is there, or add a key to the agent: ssh-trust trace -i <key> <destination>";
  if (tried.some(({ outcome }) => outcome === "accepted"))
    return "the host wants more than one proof: give it the others too, without -o BatchMode=yes";
  return "the host knows none of these keys: have one signed by the CA that it trusts, or name another: ssh-trust trace -i <key> <destination>";
}
