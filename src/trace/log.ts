/**
 * ssh's log, taken apart into what ssh says at a time.
 *
 * A host has many ways to put text before a person: a greeting, the command's standard error, a certificate's key id, the
 * reason of a disconnect. What can be believed rests on four things, each of which holds without the next:
 *
 * 1. The log comes through a pipe of its own (`ssh -E`, log-channel.ts). Greetings and what the command writes do not.
 * 2. Into the log itself a host gets only as a part of what ssh says. ssh writes such texts with their line breaks, so a line may be
 *    the host's. Each line that ssh begins carries its signature (ssh_config(5), LogVerbose): the place in the source and the
 *    process id; since OpenSSH 9.8 also the name that ssh was called by, which is a new secret each time (ask-ssh.ts). A line
 *    without the signature that came first goes on with what was said before it.
 * 3. Before 9.8 a host may guess the process id. It can add lines, but ssh's own come all the same, and the two do not fit
 *    together: consistency.ts. Only a host that hangs up, or falls silent, keeps ssh from saying more. So where ssh did not end the
 *    login by its own decision (own-end.ts), nothing in it counts as a proof: lay-out.ts.
 * 4. Whoever believes all this nevertheless cannot be shown a login that was refused as one that succeeded: ssh is given a secret
 *    word as its LocalCommand, which it does not run, but writes down when it begins the session of somebody who is logged in
 *    (ssh.c, ssh_session2). Without the word there was no login: lay-out.ts.
 *
 * The secrets are arguments of ssh's process: they are kept from hosts, not from who can list the processes of this machine.
 */

export interface LogLine {
  /** Milliseconds since ssh was started. */
  readonly at: number;
  /** "gap": says how much was left out here. */
  readonly by: "ssh" | "others" | "gap";
  /** "debug1" to "debug3", or "" for what ssh says without being asked for details. */
  readonly level: string;
  /** The place in OpenSSH's source, such as "sshconnect.c, check_host_key"; "" for others. */
  readonly where: string;
  /** As it came, without the last line break; it may hold anything. */
  readonly text: string;
}

const signed = /^(?:(debug[1-3]): )?([\w.-]{1,48}):(\w{1,48})\(\):\d+ (\((?:bin=[^,()]*, )?pid=\d+\)): (.*)$/s;

/** Longer texts are cut: what ssh says at a time has 1 KiB at most. */
const longest = 4096;

type Growing = { -readonly [Key in keyof LogLine]: LogLine[Key] };

export class LogReader {
  #rest = "";
  #signature: string | undefined;
  /** More may belong to it. */
  #last: Growing | undefined;

  /** Takes what arrived; answers with what ssh began to say. The text of the last may still grow, with what arrives later. */
  feed(text: string, at: number): LogLine[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = (lines.pop() ?? "").slice(0, longest);
    return lines.flatMap((line) => this.#read(line.replace(/\r$/, "").slice(0, longest), at));
  }

  /** What is left when nothing more will come. */
  end(at: number): LogLine[] {
    return this.#rest === "" ? [] : this.feed("\n", at);
  }

  /** Whether the signature holds this name, which ssh was called by: a secret. What is signed is ssh's own then. */
  isSignedAs(name: string): boolean {
    return this.#signature?.startsWith(`(bin=${name}, `) === true;
  }

  #read(line: string, at: number): LogLine[] {
    const begun = this.#begun(line, at) ?? (this.#signature === undefined ? early(line, at) : undefined);
    if (begun === undefined) {
      if (this.#last !== undefined) this.#last.text = withoutValues(`${this.#last.text}\n${line}`.slice(0, longest));
      return [];
    }
    this.#last = { ...begun, text: withoutValues(begun.text) };
    return [this.#last];
  }

  #begun(line: string, at: number): LogLine | undefined {
    const [, level = "", file = "", place = "", signature, text = ""] = signed.exec(line) ?? [];
    // The first comes before the first byte of any host.
    this.#signature ??= signature;
    if (signature === undefined || signature !== this.#signature) return undefined;
    return { at, by: "ssh", level, where: `${file}, ${place}`, text };
  }
}

/** While ssh reads its settings it does not sign yet. */
function early(line: string, at: number): LogLine {
  const [, level = "", text = line] = /^(debug[1-3]): (.*)$/s.exec(line) ?? [];
  return { at, by: "ssh", level, where: "", text };
}

/** The values of SetEnv and SendEnv are often secrets; a log is passed on. */
function withoutValues(text: string): string {
  return text.replace(/^((?:channel \d+: )?(?:setting|sending) env \S+ =).*$/is, "$1 (not shown)");
}

/** A whole log that was kept in a file; its times are not known. */
export function readLog(text: string): LogLine[] {
  const reader = new LogReader();
  return [...reader.feed(text, 0), ...reader.end(0)];
}
