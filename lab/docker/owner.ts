/** Whose a container, a network or an image is: every one that the project makes says so in its labels. */
import { statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { shellWord } from "../../src/ground/shell-word.js";
import { systemCode } from "../../src/ground/system-error.js";
import { defaultLab } from "../names.js";

/** A lab of a checkout. */
export interface Owner {
  readonly lab: string;
  /** The project's folder. */
  readonly checkout: string;
}

export type Kind = "container" | "network" | "image";

/** The first says what it is, and that it is of this project; the others whose, and on which machine that was. */
export const label = {
  kind: "io.ssh-trust.lab",
  lab: "io.ssh-trust.lab.name",
  checkout: "io.ssh-trust.lab.checkout",
  machine: "io.ssh-trust.lab.machine",
};

/** Of an image that those of all labs are built on, and that is no lab's own. */
export const baseLabels: Readonly<Record<string, string>> = { [label.kind]: "base" };

type Labels = Readonly<Record<string, string | undefined>>;

export const labelsOf = ({ lab, checkout }: Owner, kind: Kind): Record<string, string> => ({
  [label.kind]: kind,
  [label.lab]: lab,
  [label.checkout]: checkout,
  [label.machine]: hostname(),
});

/** The engine's filter for all of a kind, whosever lab it is. */
export const ofKind = (kind: Kind | "base") => ({ label: [`${label.kind}=${kind}`] });

/** For the docker command: what is of one owner, on whichever machine. */
export const filtersOf = ({ lab, checkout }: Owner): string =>
  [`${label.lab}=${lab}`, `${label.checkout}=${checkout}`].map((each) => `--filter ${shellWord(`label=${each}`)}`).join(" ");

/** Without the labels that say whose it is. */
export const withoutOwner = (labels: Labels): Labels => ({
  ...labels,
  [label.lab]: undefined,
  [label.checkout]: undefined,
  [label.machine]: undefined,
});

/**
 * Whether a lab may use it and remove it. It may where it has made it; and where the checkout that did is no more: it was
 * moved, or removed without a clean. The value of the first label tells containers that somebody made from one of our images:
 * these carry the image's own.
 */
export function isOwn(labels: Labels, owner: Owner, kind: Kind): boolean {
  if (labels[label.kind] !== kind || (labels[label.lab] ?? defaultLab) !== owner.lab) return false;
  const checkout = labels[label.checkout];
  return checkout === undefined || checkout === owner.checkout || isGone(checkout, labels[label.machine]);
}

/** For certain: a folder that we may not look into is there, and one of another machine may be. */
function isGone(checkout: string, machine: string | undefined): boolean {
  if (machine !== hostname()) return false;
  try {
    statSync(join(checkout, "package.json"));
    return false;
  } catch (error) {
    return ["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "");
  }
}

/** The lab of another checkout that it is of, where it is. */
export function otherOwner(labels: Labels, kind: Kind): Owner | undefined {
  const [lab, checkout] = [labels[label.lab], labels[label.checkout]];
  return labels[label.kind] === kind && lab !== undefined && checkout !== undefined ? { lab, checkout } : undefined;
}
