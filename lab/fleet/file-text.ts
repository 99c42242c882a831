/** The lab's fleet file, as it is written where there is none. Whoever learns reads it first; from then on it is theirs. */
import { cloudCas } from "../roles.js";
import { account, domain } from "../story.js";
import type { LabNames } from "../names.js";

export interface FleetServer {
  /** Vault's address. */
  readonly vault: string;
  readonly namespace: string | undefined;
}

/** @param file how a person at the project's folder calls it */
export const fleetFileText = (
  { task, ports }: Pick<LabNames, "task" | "ports">,
  { vault, namespace }: FleetServer,
  file: string,
): string =>
  `# The fleet of the lab's small cloud: which machines are hosts, which people there are, and who may log in where.
# The lab wrote this file once, and leaves it alone: change it as you like. Then
#
#   npx ssh-trust apply --file ${file} --plan
#
# shows what that would change (with Vault's token in VAULT_TOKEN), and
#
#   ${task("apply-fleet")}
#
# brings Vault to what the file says.

vault: ${vault}
${namespace === undefined ? "" : `namespace: ${namespace}\n`}
# The host CA vouches for names below this one, and for no others.
domains: [${domain}]

# Groups of hosts. \`${task("cloud", "launch NAME --signed")}\` takes the names that a group has. A machine's certificate holds its own
# name and the other names of its group ("also"): web and blue may both stand for www.${domain}, mallory may not.
hosts:
  web:
    names: [web.${domain}, "web-*.${domain}", blue.${domain}, green.${domain}]
    also: [www.${domain}]
    accounts: [${account}]
    for: 24h # how long a certificate is valid; it is renewed after a third of that
  db:
    names: [db.${domain}, "db-*.${domain}"]
    accounts: [${account}]
    for: 24h
  # Machines of other customers of this cloud. The CA vouches for their names too, and no rule below lets anybody of ours in.
  guests:
    names: [mallory.${domain}, trudy.${domain}, "guest-*.${domain}"]
    accounts: [${account}]
    for: 24h

# Groups of people. Who is in them is said in Vault, not here.
people:
  web-team: {}
  dba: {}

# Who may log in where as whom. A certificate of the rule is valid for so long ("for"), and allows no more than is listed ("with").
access:
  - { name: web-team-web, who: web-team, on: web, as: [${account}], for: 1m, with: [pty] }
  - { name: dba-db, who: dba, on: db, as: [${account}], for: 1m, with: [pty, port-forwarding] }

# Where the directory of the fleet is, and who may read it without signing in: here whoever is on this machine. (On other machines its
# address has to begin with https.)
directory:
  address: http://localhost:${String(ports.directory)}
  open-to: [127.0.0.1/32, "::1/128"]

# Where the two CAs of this fleet are in Vault. The usual mounts, host-ssh and user-ssh, are the tutorial's.
mounts:
  host-ca: ${cloudCas.host}
  user-ca: ${cloudCas.user}
`;
