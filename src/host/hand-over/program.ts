/** What is the same for all hosts: the script and the units that run it. */
import { readScript, scriptPath } from "../script.js";
import { readUnits, unitNames } from "../systemd/units.js";
import type { HostFile } from "../environment.js";

export interface HostProgram {
  readonly script: HostFile;
  /** For systemd. */
  readonly units: readonly HostFile[];
}

export async function readHostProgram(): Promise<HostProgram> {
  const [script, units] = await Promise.all([readScript(), readUnits()]);
  return {
    script: { path: scriptPath, content: script, mode: 0o755 },
    units: units.map(([name, content]) => ({ path: `/etc/systemd/system/${name}`, content, mode: 0o644 })),
  };
}

/** What systemd is told in an image: machines of it do the rest at their boot. */
export const enabling = [["systemctl", "enable", ...unitNames]] as const;

/** What systemd is told once the files are there. Nothing waits for the first run: sshd has to start without it. */
export const starting = [
  ["systemctl", "daemon-reload"],
  ["systemctl", "enable", "--now", "--no-block", ...unitNames],
] as const;
