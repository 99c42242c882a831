/**
 * What ssh writes to its standard error, taken apart: which lines are its own, and which only came through it.
 *
 * A host can put any text there: a greeting, the standard error of a command, a line break in its certificate's key id
 * (ssh prints it as it is). So ssh is asked to sign each of its lines with the place in its source and its process id, which
 * no host knows: ssh_config(5), LogVerbose. What does not carry the id that came first was written by somebody else.
 */

export interface LogLine {
  /** Milliseconds since ssh was started. */
  readonly at: number;
  readonly by: "ssh" | "others";
  /** "debug1" to "debug3", or "" for what ssh says without being asked for details. */
  readonly level: string;
  /** The place in OpenSSH's source, such as "sshconnect.c, check_host_key"; "" for others. */
  readonly where: string;
  /** As it came, without the line break; it may hold anything. */
  readonly text: string;
}

const signed = /^(?:(debug[1-3]): )?([\w.-]{1,48}):(\w{1,48})\(\):\d+ \([^()]*\): (.*)$/s;
/** It may stand behind others' text that has no line break at its end. */
const signature = /(?:debug[1-3]: )?[\w.-]{1,48}:\w{1,48}\(\):\d+ \((?:bin=[^,()]*, )?pid=(\d+)\): /g;

/** Longer lines are cut: ssh's own have 1 KiB. */
const longest = 8192;

/** channels.c writes the list of open channels with ends of lines in it. */
const hasMore = "The following connections are open:";

export class LogReader {
  #rest = "";
  #pid: string | undefined;
  /** A line of ssh's own that goes on behind a line break: its end is "\r\n". */
  #open: LogLine | undefined;

  /** Takes what arrived; answers with the lines that it ended. */
  feed(text: string, at: number): LogLine[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > longest) {
      lines.push(this.#rest);
      this.#rest = "";
    }
    return lines.flatMap((line) => this.#read(line.slice(0, longest), at));
  }

  /** What is left when nothing more will come. */
  end(at: number): LogLine[] {
    return [...(this.#rest === "" ? [] : this.feed("\n", at)), ...this.#close()];
  }

  #read(ended: string, at: number): LogLine[] {
    const line = ended.replace(/\r$/, "");
    const complete = line !== ended;
    const start = this.#startOf(line);
    const own = start === undefined ? undefined : this.#signedLine(line.slice(start), at);
    if (own !== undefined) {
      const before = [...this.#close(), ...(start === 0 ? [] : [others(line.slice(0, start), at)])];
      this.#open = own;
      return [...before, ...(complete && !own.text.endsWith(hasMore) ? this.#close() : [])];
    }
    if (this.#pid === undefined) return [early(line, at)];
    if (this.#open === undefined) return [others(line, at)];
    this.#open = { ...this.#open, text: `${this.#open.text}\n${line}`.slice(0, longest) };
    return complete && !this.#open.text.includes(hasMore) ? this.#close() : [];
  }

  #close(): LogLine[] {
    const closed = this.#open;
    this.#open = undefined;
    return closed === undefined ? [] : [closed];
  }

  /** Where ssh's signature is in a line. The first line of all comes before the first byte of any host: its id is ssh's. */
  #startOf(line: string): number | undefined {
    const found = [...line.matchAll(signature)].find(([, pid]) => this.#pid === undefined || pid === this.#pid);
    this.#pid ??= found?.[1];
    return found?.index;
  }

  #signedLine(line: string, at: number): LogLine | undefined {
    const [, level = "", file = "", place = "", text] = signed.exec(line) ?? [];
    return text === undefined ? undefined : { at, by: "ssh", level, where: `${file}, ${place}`, text };
  }
}

const others = (text: string, at: number): LogLine => ({ at, by: "others", level: "", where: "", text });

/** While ssh reads its settings it does not sign yet; but nobody else can write then either. */
function early(line: string, at: number): LogLine {
  const [, level, text] = /^(debug[1-3]): (.*)$/s.exec(line) ?? [];
  return level === undefined || text === undefined ? others(line, at) : { at, by: "ssh", level, where: "", text };
}

/** A whole log that was kept in a file; its times are not known. */
export function readLog(text: string): LogLine[] {
  const reader = new LogReader();
  return [...reader.feed(text, 0), ...reader.end(0)];
}
