/** One outside program (or image, or plug-in) that the project needs, and how it was come by. */
export interface Part {
  readonly name: string;
  readonly version: string;
  /** `found` was there already; `fetched` and `built` were put into the cache; `installed` was added to the machine. */
  readonly how: "found" | "fetched" | "built" | "installed";
  /** Where it lies when it was found; otherwise where it came from. */
  readonly where: string;
  /** What it was checked against. */
  readonly checksum?: string;
}

/** A part that is one program; `binary` is its absolute path. */
export type Program = Part & { readonly binary: string };

const verbs = { found: "found", fetched: "fetched from", built: "built from", installed: "installed from" } as const;

/**
 * The part in one line.
 * @example describePart(ssh) // "openssh-client 9.2p1  found /usr/bin/ssh"
 */
export function describePart(part: Part): string {
  const checked = part.checksum === undefined ? "" : ` (${part.checksum})`;
  return `${part.name} ${part.version}  ${verbs[part.how]} ${part.where}${checked}`;
}
