/** The script that runs on hosts, as it is installed. */
import { readFile } from "node:fs/promises";
import { ownPackage } from "../ground/own-package.js";

/** Where it is on a host. */
export const scriptPath = "/usr/local/sbin/ssh-trust-host";

/** With the version of the package that it is of, which it says of itself. */
export async function readScript(): Promise<string> {
  const text = await readFile(new URL("ssh-trust-host.sh", import.meta.url), "utf8");
  return text.replace(/^script_version=.*$/m, `script_version=${ownPackage().version}`);
}

/**
 * A script of ours without its comments. Only lines that are nothing but a comment go: none of ours has such a line in a text between
 * quotes, and what stands in here-documents stays.
 */
export function withoutComments(script: string): string {
  let end: string | undefined;
  const kept = script.split("\n").filter((line, at) => {
    if (end !== undefined) {
      if (line.replace(/^\t+/, "") === end) end = undefined;
      return true;
    }
    if (at > 0 && /^\s*(#|$)/.test(line)) return false;
    end = /<<-?\s*(['"]?)([A-Za-z_]\w*)\1/.exec(line)?.[2];
    return true;
  });
  return `${kept.join("\n").trimEnd()}\n`;
}
