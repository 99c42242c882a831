/** Which ssh is on PATH, and whether a trace can be made with it. */
import { fail } from "../errors/catalogue.js";
import { atLeast } from "../ground/compare-versions.js";
import { runOpenSsh } from "../ssh/openssh.js";

export interface SshVersion {
  /** Such as "OpenSSH_9.2p1". */
  readonly name: string;
  readonly major: number;
  readonly minor: number;
}

/** LogVerbose is of OpenSSH 8.5. */
const oldest = { major: 8, minor: 5 };

export const isAtLeast = (version: Omit<SshVersion, "name">, { major, minor }: Omit<SshVersion, "name">): boolean =>
  version.major === Infinity || atLeast(`${String(version.major)}.${String(version.minor)}`, `${String(major)}.${String(minor)}`);

/**
 * Asks it. One that does not say which OpenSSH it is counts as a new one.
 * @throws TOOL_MISSING, TOOL_TOO_OLD
 */
export async function sshVersion(): Promise<SshVersion> {
  const { stderr } = await runOpenSsh("ssh", ["-V"], 10);
  const [name, major, minor] = /OpenSSH\S*?_(\d+)\.(\d+)\w*/.exec(stderr) ?? [];
  if (name === undefined) return { name: stderr.trim(), major: Infinity, minor: 0 };
  const version = { name, major: Number(major), minor: Number(minor) };
  if (!isAtLeast(version, oldest)) {
    throw fail("TOOL_TOO_OLD", {
      tool: "ssh",
      version: name,
      needed: "OpenSSH 8.5",
      how: { say: "upgrade it", run: "sudo apt-get install openssh-client" },
    });
  }
  return version;
}
