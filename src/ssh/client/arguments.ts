/** ssh's arguments, as ssh reads them: ssh(1), and getopt(3) in ssh.c. */

/** Options with a value. `-P` has one since OpenSSH 9.4, and had no effect before that. */
const withValue = "bceilmopBDEFIJLOPQRSwW";

export interface SshOption {
  readonly letter: string;
  /** "" for an option without one. */
  readonly value: string;
  /** Where it is among the arguments, and where in that argument its letter is. */
  readonly at: number;
  readonly offset: number;
  /** Where its value is: behind the letter in the same argument, or the next one; undefined where it has none. */
  readonly valueAt: "same" | "next" | undefined;
}

export interface SshArguments {
  readonly options: readonly SshOption[];
  /** Where the destination is; undefined: there is none. */
  readonly destination: number | undefined;
  /** Where the command for the host begins; the number of arguments: there is none. */
  readonly command: number;
}

/** Options may also follow the destination; what follows those is the command. */
export function readSshArguments(args: readonly string[]): SshArguments {
  const options: SshOption[] = [];
  let at = readOptions(args, 0, options);
  const closed = at > 0 && args[at - 1] === "--" && !isValue(options, at - 1);
  if (at >= args.length) return { options, destination: undefined, command: args.length };
  const destination = at;
  at += 1;
  return { options, destination, command: closed ? at : readOptions(args, at, options) };
}

const isValue = (options: readonly SshOption[], at: number) =>
  options.some((option) => option.valueAt === "next" && option.at + 1 === at);

/** @returns where they end */
function readOptions(args: readonly string[], from: number, options: SshOption[]): number {
  let at = from;
  for (; at < args.length; at++) {
    const word = args[at] ?? "";
    if (word === "--") return at + 1;
    if (!word.startsWith("-") || word === "-") return at;
    for (let offset = 1; offset < word.length; offset++) {
      const letter = word.charAt(offset);
      if (!withValue.includes(letter)) {
        options.push({ letter, value: "", at, offset, valueAt: undefined });
        continue;
      }
      const same = offset + 1 < word.length;
      const value = same ? word.slice(offset + 1) : (args[at + 1] ?? "");
      options.push({ letter, value, at, offset, valueAt: same ? "same" : "next" });
      if (!same) at += 1;
      break;
    }
  }
  return at;
}

/** The same arguments without an option, wherever it is given: `-J host`, `-Jhost`, `-4J host`, `-AX`. */
export function withoutOption(args: readonly string[], letter: string): readonly string[] {
  const words: (string | undefined)[] = [...args];
  // From behind: what is before stays where it is.
  for (const { at, offset, valueAt } of readSshArguments(args)
    .options.filter((each) => each.letter === letter)
    .reverse()) {
    const word = words[at] ?? "";
    const left = word.slice(0, offset) + (valueAt === undefined ? word.slice(offset + 1) : "");
    words[at] = left === "-" ? undefined : left;
    if (valueAt === "next") words[at + 1] = undefined;
  }
  return words.filter((word) => word !== undefined);
}

export interface SplitArguments {
  /** Long options, which ssh has none of, and their values. */
  readonly own: readonly string[];
  /** All others, in their order. */
  readonly ssh: readonly string[];
}

/**
 * Takes the long options out that come before the destination.
 * @param hasValue whether the next argument is the value of a long option, such as "--rule"
 */
export function splitArguments(args: readonly string[], hasValue: (long: string) => boolean): SplitArguments {
  const own: string[] = [];
  const ssh: string[] = [];
  let at = 0;
  while (at < args.length) {
    const word = args[at] ?? "";
    if (word === "--" || !word.startsWith("-") || word === "-") break;
    const length = word.startsWith("--") ? (hasValue(word) ? 2 : 1) : readLength(args.slice(at, at + 2));
    (word.startsWith("--") ? own : ssh).push(...args.slice(at, at + length));
    at += length;
  }
  return { own, ssh: [...ssh, ...args.slice(at)] };
}

/** Of a word of short options: one, and its value where that is the next word. */
function readLength(words: readonly string[]): number {
  return readSshArguments(words).options.some(({ at, valueAt }) => at === 0 && valueAt === "next") ? 2 : 1;
}
