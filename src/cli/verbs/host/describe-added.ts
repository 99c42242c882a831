/** What is said of hosts that have an identity now. */
import type { StoredFleet } from "../../../fleet/stored.js";
import type { AddedHost } from "../../../host/add.js";
import type { VaultTls } from "../../../host/hand-over/files.js";
import type { HandOverFormat } from "../../../host/hand-over/render.js";
import { mostOfUserData, sizesOf } from "../../../host/hand-over/user-data.js";
import { programName } from "../../../settings/program.js";
import type { VaultSettings } from "../../../settings/vault.js";
import { moment } from "../../times.js";
import { unbroken } from "../../../terminal/wrap.js";

export interface Handing {
  readonly verb: "add" | "reissue";
  readonly stored: StoredFleet;
  readonly settings: VaultSettings;
  readonly tls: VaultTls;
  readonly format: HandOverFormat;
}

export function describeAdded(hosts: readonly AddedHost[], { verb, stored, settings, tls, format }: Handing): readonly string[] {
  const [first] = hosts;
  if (first === undefined) return [];
  const { vault } = stored.fleet;
  const until = new Date(Math.min(...hosts.map(({ wrapped }) => wrapped.until.getTime())));
  const only = hosts.length === 1;
  const what = only ? "the file" : "each file";
  const { jwt } = first.group;
  return [
    ...(only
      ? [`${first.name} is in the group ${first.group.name}; it may be certified for ${first.principals.join(", ")}`]
      : []),
    ...(verb === "reissue" ? [`the old identity no longer works; what was signed for it is accepted until it expires`] : []),
    ...(jwt === undefined
      ? []
      : [`a token of auth/${jwt.mount} that names ${only ? "it" : "one of them"} gets that identity, too, without the file`]),
    ...(first.cidrs.length > 0 ? [`it may sign in from ${first.cidrs.join(", ")} only`] : []),
    ...(settings.address === vault ? [] : [`hosts are told the fleet's address of Vault, ${vault}`]),
    ...(tls.caCert === undefined
      ? []
      : ["the certificates in VAULT_CACERT are included: hosts trust these CAs, and no others, for Vault"]),
    `${what} can be used once, until ${moment(until)}; the first who uses it can act as that host, so treat it as a password until then`,
    `next: ${steps[format]}; then see`,
    `  ${unbroken(`${programName()} host ${only ? `show ${first.name}` : "list"}`)}`,
  ];
}

const steps: Readonly<Record<HandOverFormat, string>> = {
  "user-data": "start the machine with it as its user-data",
  shell: `bring it to the machine, and run it there as root: ${unbroken("sh <file>")}`,
  env: `put its lines in place on the machine, and run ${unbroken("ssh-trust-host enroll")} there`,
};

/** @param out as it is typed */
export function sizeWarning(text: string, out: string): readonly string[] {
  const { plain, compressed } = sizesOf(text);
  const size = `the user-data has ${String(plain)} bytes`;
  if (plain <= mostOfUserData) return [size];
  return [
    `warning: ${size}, and some clouds take no more than ${String(mostOfUserData)}`,
    compressed <= mostOfUserData
      ? `  compressed it has ${String(compressed)}; cloud-init reads that, too: ${unbroken(`gzip -9 ${out === "-" ? "<file>" : out}`)}`
      : `  most of it is the script: build an image with ${unbroken(`${programName()} host program`)}, then give --installed`,
  ];
}
