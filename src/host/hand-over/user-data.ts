/** A host's files as user-data for cloud-init: https://cloudinit.readthedocs.io/en/latest/reference/modules.html */
import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import type { HostFile } from "../environment.js";
import { withoutComments } from "../script.js";
import { filesOf, type Handed } from "./files.js";
import { starting, type HostProgram } from "./program.js";
import { comment } from "./shell.js";

/** What clouds take, in bytes: EC2 no more than that. */
export const mostOfUserData = 16 * 1024;

/** How many bytes it has, and how many where it is compressed, which cloud-init reads as well. */
export const sizesOf = (text: string) => ({
  plain: Buffer.byteLength(text),
  compressed: gzipSync(text, { level: 9 }).length,
});

/** @param program undefined: the machine has it already */
export function userData(handed: Handed, program: HostProgram | undefined): string {
  const config = {
    write_files: [
      ...[...filesOf(handed), ...(program?.units ?? [])].map(written),
      ...(program === undefined ? [] : [packed(program.script)]),
    ],
    runcmd: starting,
  };
  return [
    "#cloud-config",
    comment(handed),
    // 1.1 is what cloud-init reads.
    stringify(config, { version: "1.1", lineWidth: 0 }),
  ].join("\n");
}

interface Written {
  readonly path: string;
  readonly owner: string;
  readonly permissions: string;
  readonly encoding?: string;
  readonly content: string;
}

const written = ({ path, content, mode }: HostFile): Written => ({
  path,
  owner: "root:root",
  permissions: mode.toString(8).padStart(4, "0"),
  content,
});

/** Without its comments, which are as long as itself. */
function packed(script: HostFile): Written {
  const { content, ...rest } = written(script);
  return { ...rest, encoding: "gz+b64", content: gzipSync(withoutComments(content), { level: 9 }).toString("base64") };
}
