/** The host keys that an operator gives for a host that cannot be enrolled: what the directory tells people, so each line is looked at. */
import { fail, isFailure } from "../errors/catalogue.js";
import type { Advice } from "../errors/hint.js";
import type { StoredFleet } from "../fleet/stored.js";
import { printable } from "../ground/printable.js";
import { numberedLines } from "../ssh/inspect/inspect-lines.js";
import { splitPrefix } from "../ssh/inspect/prefix.js";
import { beginsForeignForm } from "../ssh/key-line.js";
import { weaknessOf } from "../ssh/key-strength.js";
import { certificateTypes } from "../ssh/key-types.js";
import { parsePublicKey, type PublicKey } from "../ssh/public-key.js";
import { problemOf } from "../ssh/read-lines.js";
import { mostUncertifiedKeys } from "./uncertified.js";

interface Mistake {
  readonly line: number;
  readonly problem: string;
  readonly how: Advice;
}

/** What sshd has on the host itself: nobody on the way can have changed it. */
const printThem: Advice = { say: "on the host itself, this prints what is needed", run: "cat /etc/ssh/ssh_host_*_key.pub" };

const most = 20;

/**
 * Reads lines as /etc/ssh/ssh_host_*_key.pub has them, or as ssh-keyscan prints them for this host.
 * @param name the host's full name
 * @param file where the text is from, for the error
 * @throws HOST_KEYS_INVALID, with all mistakes at once
 */
export function givenKeys(text: string, name: string, file: string, { cas }: Pick<StoredFleet, "cas">): readonly PublicKey[] {
  const keys: PublicKey[] = [];
  const mistakes: Mistake[] = [];
  for (const { line, text: each } of numberedLines(text)) {
    const found = keyIn(each, name, cas, keys);
    if ("fingerprint" in found) keys.push(found);
    else mistakes.push({ line, ...found });
    if (beginsForeignForm(each)) break; // the lines behind it say no more
  }
  const [first] = mistakes;
  if (first !== undefined) {
    const said = mistakes.slice(0, most).map(({ line, problem }) => `line ${String(line)}: ${problem}`);
    const more = mistakes.length > most ? [`and ${String(mistakes.length - most)} more`] : [];
    const problem = mistakes.length === 1 ? "a mistake" : `${String(mistakes.length)} mistakes`;
    throw fail("HOST_KEYS_INVALID", { file, problem: [problem, ...said, ...more].join("\n"), how: first.how });
  }
  if (keys.length === 0) throw fail("HOST_KEYS_INVALID", { file, problem: "no host key in it", how: printThem });
  if (keys.length > mostUncertifiedKeys) {
    const how: Advice = { say: "give the keys of one host: it has one of each type" };
    const problem = `${String(keys.length)} keys, and no host has more than ${String(mostUncertifiedKeys)}`;
    throw fail("HOST_KEYS_INVALID", { file, problem, how });
  }
  return keys;
}

function keyIn(
  text: string,
  name: string,
  cas: StoredFleet["cas"],
  before: readonly PublicKey[],
): PublicKey | Omit<Mistake, "line"> {
  const { prefix, key: line } = splitPrefix(text);
  const foreign = problemOfPrefix(prefix, name);
  if (foreign !== undefined) return foreign;
  let key: PublicKey;
  try {
    key = parsePublicKey(line);
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { problem: printable(problemOf(error)), how: beginsForeignForm(text) ? secret : howFor(line) };
  }
  const { fingerprint, type } = key;
  if ([...cas.host, ...cas.user].some((ca) => parsePublicKey(ca, "a CA of the fleet").fingerprint === fingerprint))
    return { problem: `it is the key of a CA of the fleet, ${fingerprint}, and not a host's`, how: printThem };
  const weak = weaknessOf(key);
  if (weak !== undefined) return { problem: weak, how: { say: "make a stronger one on the host", run: "ssh-keygen -A" } };
  if (type.startsWith("sk-")) return { problem: "it is a key on a security key, which no host has", how: printThem };
  if (before.some((other) => other.fingerprint === fingerprint))
    return { problem: `it is there twice: ${fingerprint}`, how: { say: "leave one of the two lines out" } };
  return key;
}

const secret: Advice = {
  say: "a host's private key stays on the host; where others can read this file, make another key there. Needed is what is public",
  run: "cat /etc/ssh/ssh_host_*_key.pub",
};

const howFor = (line: string): Advice =>
  certificateTypes.has(/^\S*/.exec(line)?.[0] ?? "")
    ? { say: "the keys themselves are in the files without -cert", run: "cat /etc/ssh/ssh_host_*_key.pub" }
    : printThem;

/** What known_hosts has in front of a key: this host's name alone, also with its port. */
function problemOfPrefix(prefix: string, name: string): Omit<Mistake, "line"> | undefined {
  if (prefix === "" || prefix === name || /^\[(.*)\]:\d{1,5}$/.exec(prefix)?.[1] === name) return undefined;
  if (/^@cert-authority(?:\s|$)/.test(prefix))
    return { problem: "it is a CA (@cert-authority), and not a host's key", how: printThem };
  if (/^@revoked(?:\s|$)/.test(prefix))
    return { problem: "the key is revoked (@revoked)", how: { say: "give the key that the host has now" } };
  if (prefix.startsWith("|"))
    return {
      problem: "the name in front of it is hashed, and nobody can see whose key it is",
      how: { say: "get the line without that", run: `ssh-keygen -F ${name} -f <file>` },
    };
  return {
    problem: `"${printable(prefix.slice(0, 100))}" is in front of the key, where only ${name} may be`,
    how: { say: "leave only lines of this host, with its name or without any" },
  };
}
