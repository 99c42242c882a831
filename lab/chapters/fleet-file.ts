import type { LabNames } from "../names.js";
import type { Chapter } from "../runner/chapter.js";
import { cloudCas } from "../roles.js";
import { tokenHeader } from "./hosts.js";

/** One line of the file is changed, in a way that can be found again and taken back, also after an interruption. */
const withoutForwarding = `sed -i '/name: dba-db/s/, port-forwarding\\] }$/] } # no port-forwarding/' {{fleet}}`;
const asBefore = `sed -i 's/\\] } # no port-forwarding$/, port-forwarding] }/' {{fleet}}`;

const role = "allowed_users|default_extensions|max_ttl";

const commandsOf = (names: LabNames) => {
  const asked = (path: string, options = "") => `curl -s ${options}${tokenHeader(names)} {{vault}}/v1/${path}`;
  return {
    asked,
    ca: `curl -s {{vault}}/v1/${cloudCas.user}/public_key | ssh-keygen -l -f -`,
    readRole: `${asked(`${cloudCas.user}/roles/dba-db`)} | grep -oE '"(${role})":("[^"]*"|\\{[^}]*\\}|[0-9]+)'`,
    byHand: `${cloudCas.user}/roles/by-hand`,
    apply: (how: string) =>
      `VAULT_ADDR={{vault}} VAULT_TOKEN=$(cut -d " " -f 2 ${names.folder}/client/token-header) ssh-trust apply --file {{fleet}} ${how}`,
    wrong: `${names.folder}/wrong.yaml`,
  };
};

export const fleetFile = (names: LabNames): Chapter => {
  const { asked, ca, readRole, byHand, apply, wrong } = commandsOf(names);
  return {
    title: "A fleet in one file",
    teaches:
      "One file says which hosts and groups of people there are, and who may log in where, to which account. It can be " +
      "reviewed like any other file. `ssh-trust apply` configures Vault as the file says. Before it does so, it shows what " +
      "would change, first in the file's terms and then in Terraform's. It never touches the keys of the two CAs.",
    needs: ["apply-fleet"],
    steps: [
      {
        about:
          "Vault is configured as the lab's fleet file says. What an earlier, interrupted run of this chapter left there is " +
          "removed first. The last line is the user CA's key: it has to be the same at the end.",
        run: `${asked(byHand, "-X DELETE ")}; ${asBefore} && npm run apply-fleet && ${ca}`,
        see: { exit: 0, text: [/hosts of web: web\.lab\.test/, "(ED25519)"] },
        remember: { fleetCa: /(SHA256:\S+) .*\(ED25519\)\s*$/ },
      },
      {
        about:
          "The file, without its comments. Hosts are in groups, people are in groups, and each line of `access` is a rule: people of " +
          "web-team may log in to hosts of web as admin-ssh-user, with a certificate that is valid for a minute and allows a terminal.",
        run: "grep -vE '^ *(#|$)' {{fleet}}",
        see: {
          exit: 0,
          text: [
            /name: web-team-web, who: web-team, on: web, as: \[admin-ssh-user\], for: 1m, with: \[pty\]/,
            /name: dba-db,.*port-forwarding/,
          ],
        },
      },
      {
        about:
          "A copy with three mistakes: any account, certificates for two days, a group of people that does not exist. All are " +
          "reported at once, each with its line and column. No server is asked.",
        run:
          `sed -e '/name: web-team-web/s/\\[admin-ssh-user\\], for: 1m/["*"], for: 48h/' -e 's/who: dba,/who: dbas,/' {{fleet}} > ${wrong}; ` +
          `ssh-trust apply --file ${wrong} --plan; status=$?; rm ${wrong}; exit $status`,
        see: {
          exit: 1,
          text: [
            "has 3 mistakes",
            "FLEET_FILE_INVALID",
            /wrong\.yaml:\d+:\d+: access\[0\]\.as\[0\]: "\*" is not an account/,
            /wrong\.yaml:\d+:\d+: access\[0\]\.for: "48h" is longer/,
            /wrong\.yaml:\d+:\d+: access\[1\]\.who: .*"dbas"; did you mean "dba"/,
          ],
        },
        claim: "A wrong file changes nothing: every mistake is reported at once, with its line and column",
      },
      {
        about:
          "One line is changed: people of dba may no longer forward ports to databases. The plan says so in a sentence, and " +
          "shows what Terraform would change: one role. The exit status is 2, which tells programs that something would change.",
        run: `${withoutForwarding} && ${apply("--plan")}`,
        see: {
          exit: 2,
          text: [
            /^- dba may no longer use port forwarding on db$/m,
            /rule_dba-db will be updated in-place/,
            /- "permit-port-forwarding"/,
            /0 to add, 1 to change, 0 to destroy/,
          ],
        },
        claim: "The plan for a changed line says in words who loses what, and shows the one role that changes",
      },
      {
        about: "It was only a plan: the role in Vault is as it was.",
        run: readRole,
        see: { exit: 0, text: ['"permit-port-forwarding"', '"allowed_users":"admin-ssh-user@db"'] },
        claim: "A plan changes nothing in Vault",
      },
      {
        about:
          "Now it is applied. At the end, apply says for each rule how long somebody who is removed can still log in. " +
          "Certificates are not revoked, so this time has to be short.",
        run: apply("--yes"),
        see: { exit: 0, text: [/^ *web-team-web: 1m$/m, /^ *dba-db: 1m$/m, "applied; Terraform: 1 changed"] },
        claim: "apply says for each rule how long somebody who leaves can still log in",
      },
      {
        about:
          "Read back from Vault: port forwarding has been removed, the rest is the same. A principal is account@group, so a " +
          "certificate for a database is not accepted by a web server. And the CA has the same key as before.",
        run: `${readRole}; ${ca}`,
        see: {
          exit: 0,
          text: ['"allowed_users":"admin-ssh-user@db"', '"default_extensions":{"permit-pty":""}', '"max_ttl":60', "{{fleetCa}}"],
          without: ["permit-port-forwarding"],
        },
        claim: "In Vault one role has changed as the line says, and the CA's key is the same",
      },
      {
        about:
          "Somebody adds a role to the CA by hand, for any account anywhere. The file does not have it, so nobody would see it in a review.",
        run: `${asked(byHand)} -d '{"key_type":"ca","allow_user_certificates":true,"allowed_users":"*"}'; ${apply("--yes")}`,
        see: {
          exit: 1,
          text: ["FLEET_FOREIGN_ROLE", "(by-hand)", `vault delete ${byHand}`],
          without: ["applied", "nothing to change"],
        },
        claim: "If the CA has a role that is not from the file, apply stops and says how to remove it",
      },
      {
        about: "The command from the hint, with curl. Then apply runs again, and finds nothing to change.",
        run: `${asked(byHand, "-X DELETE ")} && ${apply("--yes")}`,
        see: { exit: 0, text: ["nothing to change: Vault is what the fleet file says"] },
        claim: "Applied again, nothing changes",
      },
      {
        about: "The line is changed back. With a file in a repository, this would be a revert.",
        run: `${asBefore} && ${apply("--yes")}`,
        see: { exit: 0, text: [/^\+ dba may now use port forwarding on db \(rule dba-db\)$/m, "applied; Terraform: 1 changed"] },
        claim: "The old file restores the old access",
      },
    ],
  };
};
