/** Phase 3: keys that ssh itself did not offer. */
import { verb, type Advice, type Hint } from "../../errors/hint.js";
import { shellWord } from "../../ground/shell-word.js";
import type { SkippedKey } from "../events.js";
import type { Ending } from "./ending.js";

/** What makes ssh offer them, or others in their place. */
export function hintForSkipped(ending: Ending): Hint {
  const { keysSkipped } = ending;
  const old = keysSkipped.filter(({ type }) => isDsa(type));
  const notAllowed = keysSkipped.filter(({ why, type }) => why === "PubkeyAcceptedAlgorithms" && !isDsa(type));
  const short = keysSkipped.filter(({ why }) => why === "RequiredRSASize");
  return [
    ...(notAllowed.length === 0 ? [] : [allow(notAllowed)]),
    ...short.slice(0, 1).flatMap((key) => allowSize(ending, key)),
    ...(keysSkipped.some(({ why }) => why === "host")
      ? [{ say: "name a key of a type that the host supports", run: traceWithKey }]
      : []),
    {
      say: `${old.length === 0 ? "or " : "OpenSSH no longer accepts DSA keys: "}generate a key of another type, and have the host accept it`,
      run: "ssh-keygen -t ed25519 -f <file>",
    },
  ];
}

const traceWithKey = verb("trace -i <key> <destination>");

const isDsa = (type: string): boolean => type.startsWith("ssh-dss");

const allow = (keys: readonly SkippedKey[]): Advice => {
  const algorithms = [...new Set(keys.map(({ type }) => algorithmOf(type)))].join(",");
  return {
    say: "allow it, here or in ssh_config, instead of the narrower setting",
    run: verb(`trace -o PubkeyAcceptedAlgorithms=+${shellWord(algorithms)} <destination>`),
  };
};

/** An RSA key signs by SHA-2 since RFC 8332; "ssh-rsa" would allow SHA-1. */
const algorithmOf = (type: string): string => type.replace(/^ssh-rsa(?=$|-cert-)/, "rsa-sha2-512");

/** The setting can be raised only, so a value of 1024 bits or more was configured. */
function allowSize({ identityFiles }: Ending, { name }: SkippedKey): Hint {
  const file = identityFiles.includes(name) ? shellWord(name) : "<key>";
  return [
    { say: "see how many bits it has", run: name === "" ? "ssh-add -l" : `ssh-keygen -l -f ${file}` },
    {
      say: "allow that size, here or in ssh_config, instead of the larger one",
      run: verb("trace -o RequiredRSASize=<bits> <destination>"),
    },
  ];
}
