import { printable } from "../ground/printable.js";
import { WireReader, type Refuse } from "./wire.js";

/** A critical option or an extension, just as it was sent. */
export interface CertificateOption {
  readonly name: string;
  /** Empty for a flag, else most often one wrapped string; what it means depends on the name. */
  readonly data: Buffer;
  /** The wrapped string; "" for a flag; "0x" and hexadecimal for data of another form, which is never of OpenSSH's own options. */
  readonly value: string;
}

type Section = "critical option" | "extension";
type Form = "flag" | "string";

/** OpenSSH's own options and the form of their data: PROTOCOL.certkeys, "Critical options" and "Extensions". */
const knownOptions: Readonly<Record<Section, ReadonlyMap<string, Form>>> = {
  "critical option": new Map<string, Form>([
    ["force-command", "string"],
    ["source-address", "string"],
    ["verify-required", "flag"],
  ]),
  extension: new Map<string, Form>([
    ["no-touch-required", "flag"],
    ["permit-X11-forwarding", "flag"],
    ["permit-agent-forwarding", "flag"],
    ["permit-port-forwarding", "flag"],
    ["permit-pty", "flag"],
    ["permit-user-rc", "flag"],
  ]),
};

/** The form that OpenSSH gives an option's data; undefined where it does not know the option. */
export function formOf(section: Section, name: string): Form | undefined {
  return knownOptions[section].get(name);
}

/**
 * Reads a list of options. Their order and that a name comes only once is the CA's duty; OpenSSH does not check it when it
 * reads, so neither do we. Data of the wrong form in an option that OpenSSH knows is refused, as `ssh-keygen -L` and sshd do.
 */
export function readOptions(list: Buffer, section: Section, refuse: Refuse): CertificateOption[] {
  const reader = new WireReader(list, refuse);
  const options: CertificateOption[] = [];
  while (!reader.atEnd) {
    const name = reader.text(`name of the ${section}`);
    const option = `${section} ${printable(name)}`;
    const data = reader.string(`value of the ${option}`);
    options.push({ name, data, value: readValue(data, formOf(section, name), option, refuse) });
  }
  return options;
}

function readValue(data: Buffer, form: Form | undefined, option: string, refuse: Refuse): string {
  if (form === "flag" && data.length > 0) throw refuse(`the ${option} takes no value, but has one`);
  if (form === "string") return readWrapped(data, option, refuse);
  if (data.length === 0) return "";
  return tryWrapped(data) ?? `0x${data.toString("hex")}`;
}

function readWrapped(data: Buffer, option: string, refuse: Refuse): string {
  const reader = new WireReader(data, refuse);
  const value = reader.text(`value of the ${option}`);
  reader.end(`value of the ${option}`);
  return value;
}

function tryWrapped(data: Buffer): string | undefined {
  try {
    return readWrapped(data, "", (problem) => new RangeError(problem));
  } catch {
    return undefined;
  }
}

/** The options by name. Of a name that comes twice, the first counts. */
export function valuesOf(options: readonly CertificateOption[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { name, value } of options) if (!values.has(name)) values.set(name, value);
  return values;
}
