/** What a case of the matrix is: what is done, where, and what has to be seen there. */
import type { Cell, Versions } from "./cell.js";
import type { Grounds } from "./grounds.js";

/** How the cells of a group are laid out: for each server, or for each server with each of something else. */
export type Across = "server" | "client" | "shell";

export const groups = {
  "host-certificates": { title: "Host certificates", across: "client" },
  "user-certificates": { title: "User certificates", across: "client" },
  renewal: { title: "A host's new certificate", across: "server" },
  trace: { title: "ssh-trust trace", across: "client" },
  "host-script": { title: "ssh-trust-host", across: "shell" },
} as const satisfies Record<string, { readonly title: string; readonly across: Across }>;

export type GroupName = keyof typeof groups;
export const groupNames = Object.keys(groups) as GroupName[];

export interface Case {
  /** Permanent: JSON and tests name it. */
  readonly id: string;
  readonly group: GroupName;
  /** For people, in less than 50 letters. */
  readonly what: string;
  /** Why these versions cannot do it; undefined where they can. */
  readonly cannot?: (versions: Versions) => string | undefined;
  /** What has to be seen, in the words of `outcome.ts`, of a trace, or of the case itself. */
  readonly expected: (versions: Versions) => string;
  /** Cells with the same answer run one after the other, in the order of the cases. */
  readonly inTurn?: (cell: Cell) => string;
  /** @returns what was seen */
  readonly run: (grounds: Grounds, cell: Cell) => Promise<string>;
}
