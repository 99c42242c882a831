/** Phase 3: the person could not prove who they are. */
import { verb, type Hint } from "../../errors/hint.js";
import { shellWord } from "../../ground/shell-word.js";
import type { SkippedKey } from "../events.js";
import { spoken, spokenSkipped, whySkipped } from "../identity.js";
import { complaint, isLocked, type Ending, type Rule } from "./ending.js";
import { certificateForOthers, hintForCertificate, invalidCertificate, withoutEnding } from "./own-certificate.js";
import { hintForSkipped } from "./skipped-keys.js";

export const inUser: readonly Rule[] = [
  invalidCertificate,
  certificateForOthers,
  [
    "too-many-attempts",
    "user",
    (e) =>
      complaint(e, /Too many authentication failures/) && [
        `the host ended it after too many attempts; tried: ${triedBy(e)}`,
        tooManyHint(e),
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
    "key-skipped",
    "user",
    (e) =>
      e.keysSkipped.length > 0 && complaint(e, /Permission denied/) && !e.tried.some(isLocked)
        ? [
            `permission denied for ${e.user}; ${e.keysSkipped.map(skipped).join("; ")}; tried: ${triedBy(e)}`,
            e.tried.length === 0 ? hintForSkipped(e) : [...hintForSkipped(e), ...permissionHint(e)],
          ]
        : undefined,
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

function triedBy({ tried, keysSkipped, otherMethods }: Ending): string {
  const keys = tried.map(({ identity }) => spoken(identity));
  const all = [...new Set([...keys, ...otherMethods])];
  if (all.length > 0) return all.join(", ");
  return keysSkipped.length > 0 ? "nothing else" : "nothing, as there was no key to offer";
}

const skipped = (key: SkippedKey): string => `${spokenSkipped(key)} was not offered, as ${whySkipped(key)}`;

function keyHint({ keysUnusable, identityFiles }: Ending): Hint {
  const file = identityFiles.find((each) => keysUnusable.some(({ openFile }) => openFile === each));
  if (file !== undefined) return [{ say: "let nobody else read the key", run: `chmod 600 ${shellWord(file)}` }];
  return [
    { say: "look at the key", run: "ssh-keygen -l -f <key>" },
    { say: "and at the agent's keys", run: "ssh-add -l" },
  ];
}

/** Only where ssh has several keys, another of them may be the right one. */
function tooManyHint(ending: Ending): Hint {
  if (new Set(ending.planned).size <= 1) return permissionHint(ending);
  return [{ say: "offer the right key only", run: verb("trace -o IdentitiesOnly=yes -i <key> <destination>") }];
}

/** A key that the host would take comes first; then a certificate that was not taken, then a key that is not known there. */
function permissionHint(ending: Ending): Hint {
  const { tried } = ending;
  const locked = wantsKeys(ending) ? tried.find(isLocked)?.identity : undefined;
  if (locked !== undefined) {
    return [
      { say: `ssh did not get the passphrase of ${spoken(locked)}: type it at a terminal, without -o BatchMode=yes` },
      { say: "or add the key to the agent first", run: `ssh-add ${shellWord(withoutEnding(locked.name))}` },
    ];
  }
  const ofCertificate = hintForCertificate(ending);
  if (ofCertificate !== undefined) return ofCertificate;
  if (tried.length === 0) return [{ say: "name a key file that exists, or add a key to the agent", run: traceWithKey }];
  if (tried.some(({ outcome }) => outcome === "accepted")) {
    return [{ say: "the host wants more than one proof: give it the others too, without -o BatchMode=yes" }];
  }
  return [
    { say: "the host knows none of these keys: have one signed by the CA that it trusts" },
    { say: "or name another", run: traceWithKey },
  ];
}

/** After a proof that was right, the host may want another kind of proof. */
const wantsKeys = ({ partial, methods }: Ending): boolean => !partial || methods.split(",").includes("publickey");

const traceWithKey = verb("trace -i <key> <destination>");
