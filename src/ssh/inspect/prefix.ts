/** What other files than a `.pub` file have in front of a key. */
import { unknownTypeOf } from "../key-line.js";
import { certificateTypes, keyTypes } from "../key-types.js";

/**
 * Takes a line apart into what stands in front of its key, and the key: a host's names as ssh-keyscan prints them, a marker and
 * names (known_hosts), options (authorized_keys). Where no key is found behind any of these, the whole line is the key.
 */
export function splitPrefix(text: string): { readonly prefix: string; readonly key: string } {
  const line = text.trim();
  let at = 0;
  for (let words = 0; words <= 2; words++) {
    const rest = line.slice(at);
    if (beginsWithKey(rest)) return { prefix: line.slice(0, at).trim(), key: rest };
    at += wordLength(rest);
  }
  return { prefix: "", key: line };
}

function beginsWithKey(text: string): boolean {
  const type = /^\S{1,128}(?=\s)/.exec(text)?.[0] ?? "";
  return keyTypes.has(type) || certificateTypes.has(type) || unknownTypeOf(text) !== undefined;
}

/** The length of the first word and the blanks behind it. In quotes a blank ends no word: sshkey_advance_past_options. */
function wordLength(text: string): number {
  let quoted = false;
  let end = 0;
  for (; end < text.length; end++) {
    if (text.startsWith('\\"', end)) end++;
    else if (text[end] === '"') quoted = !quoted;
    else if (!quoted && /[ \t]/.test(text[end] ?? "")) break;
  }
  while (/[ \t]/.test(text[end] ?? "")) end++;
  return end;
}
