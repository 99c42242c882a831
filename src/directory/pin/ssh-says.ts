/**
 * What ssh itself says in a login with pinned keys. Where the host has another key, ssh would tell to delete the line of the known one:
 * that is bad advice here, and is not passed on. https://github.com/hashicorp/boundary/issues/5250
 */

export interface SshSays {
  /** Takes more of what ssh says. @returns what is passed on */
  readonly take: (text: string) => string;
  /** What is left, where ssh has ended. */
  readonly end: () => string;
  /** Whether ssh refused the host's key. */
  readonly refused: () => boolean;
  /** The key that it refused, as far as it says. */
  readonly shown: () => { readonly kind: string; readonly fingerprint: string } | undefined;
}

/** Warnings stand below such a line: of a changed key, but of other things as well, such as a private key that others can read. */
const border = /^@{20,}\s*$/;
const warning = /REMOTE HOST IDENTIFICATION HAS CHANGED|REVOKED HOST KEY DETECTED|POSSIBLE DNS SPOOFING/;
/** Where no key of that type is known, or the host has none of those types. */
const refusals = [
  /host key is known for .* and you have requested strict checking\.\s*$/,
  /^Host key verification failed\.\s*$/,
  /no matching host key type found\. Their offer: /,
];

export function readSshSays(): SshSays {
  let rest = "";
  let held = "";
  let refused = false;
  let hidden = "";
  const pass = (line: string): string => {
    if (!refused && held === "" && border.test(line)) {
      held = line;
      return "";
    }
    const before = held;
    held = "";
    refused ||= (before !== "" && warning.test(line)) || refusals.some((each) => each.test(line));
    if (!refused) return before + line;
    if (hidden.length < 16_384) hidden += line;
    return "";
  };
  return {
    take(text) {
      const lines = (rest + text).split(/(?<=\n)/);
      rest = lines.at(-1)?.endsWith("\n") === true ? "" : (lines.pop() ?? "");
      return lines.map(pass).join("");
    },
    end() {
      const last = (rest === "" ? "" : pass(rest)) + held;
      rest = held = "";
      return last;
    },
    refused: () => refused,
    shown() {
      const said = /fingerprint for the ([A-Z0-9-]+) key sent by the remote host is\s+(SHA256:[A-Za-z0-9+/]{43})/.exec(hidden);
      return said === null ? undefined : { kind: said[1] ?? "", fingerprint: said[2] ?? "" };
    },
  };
}
