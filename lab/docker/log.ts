/** What a container wrote. */
import type { Engine } from "./engine.js";

/** A container's log: its last lines, or what it wrote since a moment (ISO 8601), or all. */
export async function logOf(engine: Engine, name: string, part: { lines?: number; since?: string } = {}): Promise<string> {
  const { lines, since } = part;
  const container = engine.getContainer(name);
  const raw = await container.logs({
    stdout: true,
    stderr: true,
    ...(lines === undefined ? {} : { tail: lines }),
    ...(since === undefined ? {} : { since: new Date(since).getTime() / 1000 }),
  });
  // A console's log has no frames, but a terminal's line ends.
  const { Config } = await container.inspect();
  return Config.Tty ? raw.toString("utf8").replaceAll("\r\n", "\n") : withoutFrames(raw);
}

/** Docker sends both outputs through one stream, in frames of 8 bytes head and payload. */
function withoutFrames(raw: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= raw.length;) {
    const size = raw.readUInt32BE(at + 4);
    parts.push(raw.subarray(at + 8, at + 8 + size));
    at += 8 + size;
  }
  return Buffer.concat(parts).toString("utf8");
}
