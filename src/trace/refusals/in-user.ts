/** Phase 3: the person could not prove who they are. */
import { verb, type Advice, type Hint } from "../../errors/hint.js";
import { isValidAt, validFrom, validTo } from "../../ssh/certificate-validity.js";
import type { Identity } from "../events.js";
import { shellWord } from "../../ground/shell-word.js";
import { isCertificate, spoken, spokenInside, spokenTime } from "../identity.js";
import { complaint, type Ending, type Rule } from "./ending.js";

export const inUser: readonly Rule[] = [
  [
    "too-many-attempts",
    "user",
    (e) =>
      complaint(e, /Too many authentication failures/) && [
        `the host ended it after too many attempts; tried: ${triedBy(e)}`,
        { say: "offer the right key only", run: verb("trace -o IdentitiesOnly=yes -i <key> <destination>") },
      ],
  ],
  [
    "key-unusable",
    "user",
    (e) =>
      e.keysUnusable[0] === undefined
        ? undefined
        : [`${e.keysUnusable.map(({ reason }) => reason).join("; ")}; so permission was denied`, keyHint(e)],
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
        `permission denied for ${e.user}: ${spokenInside(declined)} ${when}`,
        [{ say: "have it signed again, by Vault or by an offline CA", run: verb("offline-ca sign-user --help") }, look(declined)],
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
  const keys = tried.map(({ identity }) => spoken(identity));
  const all = [...new Set([...keys, ...otherMethods])];
  return all.length === 0 ? "nothing, as there was no key to offer" : all.join(", ");
}

function keyHint({ keysUnusable, identityFiles }: Ending): Hint {
  const file = identityFiles.find((each) => keysUnusable.some(({ openFile }) => openFile === each));
  if (file !== undefined) return [{ say: "let nobody else read the key", run: `chmod 600 ${shellWord(file)}` }];
  return [
    { say: "look at the key", run: "ssh-keygen -l -f <key>" },
    { say: "and at the agent's keys", run: "ssh-add -l" },
  ];
}

const declinedCertificate = ({ tried }: Ending): Identity | undefined =>
  tried.find(({ identity, outcome }) => isCertificate(identity) && outcome === "declined")?.identity;

function look({ agent, name }: Identity): Advice {
  const file = shellWord(name.endsWith(".pub") ? name : `${name}-cert.pub`);
  return { say: "look at the certificate", run: agent ? "ssh-add -L | ssh-keygen -L -f -" : `ssh-keygen -L -f ${file}` };
}

/** A certificate that was not taken is looked at first; then a key that is not known there. */
function permissionHint(ending: Ending): Hint {
  const { tried } = ending;
  const certificate = declinedCertificate(ending);
  if (certificate !== undefined) return certificateHint(ending, certificate);
  const locked = tried.find(({ outcome }) => outcome === "locked")?.identity;
  if (locked !== undefined) {
    return [
      { say: `nobody could be asked for the passphrase of ${spoken(locked)}: run this at a terminal` },
      { say: "or add the key to the agent first", run: `ssh-add ${shellWord(locked.name)}` },
    ];
  }
  if (tried.length === 0) return [{ say: "name a key file that exists, or add a key to the agent", run: traceWithKey }];
  if (tried.some(({ outcome }) => outcome === "accepted")) {
    return [{ say: "the host wants more than one proof: give it the others too, without -o BatchMode=yes" }];
  }
  return [
    { say: "the host knows none of these keys: have one signed by the CA that it trusts" },
    { say: "or name another", run: traceWithKey },
  ];
}

const traceWithKey = verb("trace -i <key> <destination>");

function certificateHint({ user, certificates }: Ending, certificate: Identity): Hint {
  const principals = certificates.get(certificate.name)?.principals ?? [];
  const isForOthers = principals.length > 0 && !principals.includes(user);
  return [
    { say: `the host must trust the CA of the certificate, and accept the certificate for ${user}` },
    ...(isForOthers ? [{ say: `it is for ${principals.join(", ")}` }] : []),
    look(certificate),
  ];
}
