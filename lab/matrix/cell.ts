/** Where a case runs: the releases, and the shells. */
import type { Suite } from "../toolchain/versions.js";

/** The shells that the host script runs under, each as the first line of a script names it. */
export const shells = {
  dash: "/bin/sh",
  "busybox ash": "/bin/busybox ash",
  "bash --posix": "/bin/bash --posix",
} as const;

export type Shell = keyof typeof shells;
export const shellNames = Object.keys(shells) as Shell[];

/** Where a case runs. A client that is left out is the server's own. */
export interface Cell {
  readonly server: Suite;
  readonly client?: Suite;
  readonly shell?: Shell;
}

/** The versions of a cell, such as "9.2". */
export interface Versions {
  readonly server: string;
  readonly client: string;
}

/** A cell in words: "client trixie, server bookworm". */
export const spokenCell = ({ server, client, shell }: Cell): string =>
  [...(client === undefined ? [] : [`client ${client}`]), `server ${server}`, ...(shell === undefined ? [] : [shell])].join(", ");
