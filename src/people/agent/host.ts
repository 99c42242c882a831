/** Which host a client talks to, by what the client hands on of it: docs/agent.md. */
import type { HostGroup } from "../../fleet/fleet.js";
import { matches } from "../../fleet/patterns.js";
import type { StoredFleet } from "../../fleet/stored.js";
import { isHostName } from "../../ground/host-name.js";
import type { SessionBind } from "../../ssh/agent/session-bind.js";
import { isValidAt } from "../../ssh/certificate-validity.js";
import { parsePublicKey } from "../../ssh/public-key.js";
import { verifySignature } from "../../ssh/verify-signature.js";

export interface FleetHost {
  /** The first name in its certificate. */
  readonly name: string;
  readonly group: HostGroup;
}

export interface NoFleetHost {
  readonly problem: string;
  /** Whether a fleet that was read anew may know it: a new CA, a new group, another pattern. */
  readonly mayBeNew: boolean;
}

/**
 * Whether a host's certificate makes it a host of this fleet. That the host has the key, `readSessionBind` has verified.
 * @param bind its certificate is a stranger's
 */
export function fleetHost({ certificate, key }: SessionBind, stored: StoredFleet, now: Date): FleetHost | NoFleetHost {
  const no = (problem: string, mayBeNew = false): NoFleetHost => ({ problem, mayBeNew });
  if (certificate === undefined) return no(`the host showed a plain key (${key.fingerprint}), and no certificate`);
  const { certType, signatureKey, keyId, principals, criticalOptions } = certificate;
  const name = principals[0] ?? "";
  const shown = `the certificate of ${name === "" ? "a host without a name" : name}`;
  if (certType !== "host") return no("the host showed a user certificate");
  if (!hostCasOf(stored).has(signatureKey.fingerprint))
    return no(`${shown} is by another CA (${signatureKey.fingerprint})`, true);
  if (!verifySignature(certificate)) return no(`the CA did not sign ${shown}`);
  if (!isValidAt(certificate, now)) return no(`${shown} is not valid now`);
  const [critical] = criticalOptions.keys();
  if (critical !== undefined) return no(`${shown} has the critical option ${critical}`);
  // A role's name holds no colon: what comes before the first one is the server's word. Behind it are others' words.
  const role = keyId.includes(":") ? keyId.slice(0, keyId.indexOf(":")) : "";
  const group = stored.fleet.hosts.find((each) => each.name === role);
  if (group === undefined) return no(`${shown} is of no group of hosts (${keyId})`, true);
  const stranger = principals.find((each) => !isNameOf(group, each));
  if (name === "" || stranger === "") return no(`a certificate without a name is of no host of ${group.name}`, true);
  if (stranger !== undefined) return no(`${stranger} is not a name of a host of ${group.name}`, true);
  return { name, group };
}

/** A pattern's star stands for any characters: a comma, a blank or another pattern would be more than one host's name. */
const isNameOf = ({ names, also }: HostGroup, name: string) =>
  isHostName(name) && (also.includes(name) || names.some((pattern) => matches(pattern, name)));

const fingerprints = new WeakMap<StoredFleet, ReadonlySet<string>>();

function hostCasOf(stored: StoredFleet): ReadonlySet<string> {
  const known = fingerprints.get(stored);
  if (known !== undefined) return known;
  const found = new Set(stored.cas.host.map((line) => parsePublicKey(line, "a CA of the fleet").fingerprint));
  fingerprints.set(stored, found);
  return found;
}
