import type { LabNames } from "../names.js";
import type { Chapter } from "../runner/chapter.js";
import { cloudCas } from "../roles.js";
import { keyOf, tokenHeader } from "./hosts.js";

const group = "identity/group/name/ssh-trust-web-team";
/** Bob's entity in Vault, and all that is made for it. */
const bob = "lab-bob";

const commandsOf = (names: LabNames) => {
  const folder = `${names.folder}/leaver`;
  const signing = `curl -s -H @${folder}/token-header {{vault}}/v1/${cloudCas.user}/sign`;
  const withKey = `"public_key":"'"$(cat ${keyOf(names, "bob")}.pub)"'"`;
  return {
    folder,
    certificate: `${folder}/bob-cert.pub`,
    asked: (path: string, options = "") => `curl -s ${options}${tokenHeader(names)} {{vault}}/v1/${path}`,
    /** What Bob asks for. @param what within a JSON object */
    sign: (what: string, rule = "web-team-web") => `${signing}/${rule} -d '{${what},${withKey}}'`,
  };
};

/** He asks for more than his rule says: what it is, what he sends, what the answer is. */
const tooMuch: readonly [what: string, asked: string, answer: string, rule?: string][] = [
  ["Bob asks for root.", '"valid_principals":"root@web"', "root@web is not a valid value for valid_principals"],
  ["For an hour.", '"valid_principals":"admin-ssh-user@web","ttl":"1h"', "ttl is larger than maximum allowed"],
  [
    "For port forwarding.",
    '"valid_principals":"admin-ssh-user@web","extensions":{"permit-port-forwarding":""}',
    "extensions [permit-port-forwarding] are not on allowed list",
  ],
  ["For a database, by the rule of other people.", '"valid_principals":"admin-ssh-user@db"', "permission denied", "dba-db"],
];

export const leaver = (names: LabNames): Chapter => {
  const { folder, certificate, asked, sign } = commandsOf(names);
  const members = (list: string) => `${asked(group)} -d '{"member_entity_ids":[${list}]}'`;
  const readGroup = `${asked(group)} | grep -oE '"(member_entity_ids|policies)":(null|\\[[^]]*\\])'`;
  return {
    title: "Somebody leaves",
    teaches:
      "The file says what a group of people may do. Who is in the group is stored in Vault, and can change every day. Bob " +
      "joins the web team, has a certificate signed by its rule, asks for more than that, and leaves again. Nothing is " +
      "changed on any host.",
    needs: ["apply-fleet"],
    steps: [
      {
        about:
          "In Vault, an entity stands for a person. Bob gets one. If an interrupted run of this chapter left one, it is removed " +
          "first.",
        run:
          `rm -rf ${folder} && mkdir -m 700 ${folder} && ${asked(`identity/entity/name/${bob}`, "-X DELETE ")} && ` +
          `${asked("identity/entity")} -d '{"name":"${bob}"}'; ${asked("sys/auth/token")} | grep -oE '"accessor":"[^"]*"' | head -n 1`,
        see: { exit: 0, text: [`"name":"${bob}"`] },
        remember: { bob: /"id":"([\w-]+)"/, tokens: /^"accessor":"([\w-]+)"/m },
      },
      {
        about:
          "Chapter 20 shows how people sign in with a second factor. Here the operator makes a token that stands for Bob, and " +
          "writes it to a file that only its owner can read. Without a group, the token can do almost nothing.",
        run:
          `${asked("identity/entity-alias")} -d '{"name":"${bob}","canonical_id":"{{bob}}","mount_accessor":"{{tokens}}"}' >/dev/null && ` +
          `${asked(`auth/token/roles/${bob}`)} -d '{"allowed_entity_aliases":"${bob}","allowed_policies":"default","token_explicit_max_ttl":"10m"}' && ` +
          `(umask 077; ${asked(`auth/token/create/${bob}`)} -d '{"entity_alias":"${bob}","ttl":"10m"}' | ` +
          `sed -n 's/.*"client_token":"\\([^"]*\\)".*/X-Vault-Token: \\1/p' > ${folder}/token-header) && test -s ${folder}/token-header && ls -l ${folder}/token-header`,
        see: { exit: 0, text: [/^-rw------- /m], without: ["client_token"] },
      },
      {
        about: "Who is in the web team now? Bob is not. He asks for a certificate by its rule anyway.",
        run: `${asked(group)} | grep -oE '"member_entity_ids":(null|\\[[^]]*)' | sed 's/"$/",/'; ${sign('"valid_principals":"admin-ssh-user@web"')}`,
        see: { exit: 0, text: ["permission denied"], without: ["signed_key"] },
        // Members that a person put there stay: with a comma behind the last one where another follows, and without.
        remember: { others: /^"member_entity_ids":(?:null|\[)(.*)$/m, rest: /^"member_entity_ids":(?:null|\[)(.*?),?$/m },
        claim: "People in no group get no certificate",
      },
      {
        about:
          "He joins: the list of members is written again, with him in it. apply made the group, with the policy for its rules. " +
          "Terraform does not manage the members, so the next apply leaves them as they are.",
        run: `${members('{{others}}"{{bob}}"')}; ${readGroup}`,
        see: { exit: 0, text: ['"{{bob}}"', '"ssh-trust-people-web-team"'] },
      },
      {
        about:
          "The same request with the same token. The certificate is shown and checked against the fleet's user CA: it says which rule " +
          "signed it, for which account on which group of hosts, and until when.",
        run:
          `${sign('"valid_principals":"admin-ssh-user@web"')} | sed -n 's/.*"signed_key":"\\([^"\\]*\\).*/\\1/p' > ${certificate} && ` +
          `curl -s {{vault}}/v1/${cloudCas.user}/public_key > ${folder}/user_ca.pub && ` +
          `ssh-trust inspect --ca ${folder}/user_ca.pub ${certificate}`,
        see: {
          exit: 0,
          text: [/Key ID: "web-team-web:/, /^ +admin-ssh-user@web$/m, /^ +permit-pty$/m],
          without: ["permit-port-forwarding"],
        },
        legend: {
          "Key ID": "first the rule, written by Vault; then the hash of Bob's key. sshd logs it at every login",
          Valid: "from 30 seconds before the signing, in case a host's clock is behind, until the rule's minute after it",
          Principals: "account@group: hosts of web accept it, hosts of other groups do not",
          Extensions: "a terminal, as the rule says, and no more",
        },
        claim: "A member of the group has a key signed, for what the rule says",
      },
      ...tooMuch.map(([about, what, answer, rule], index) => ({
        about,
        run: sign(what, rule),
        see: { exit: 0, text: [answer], without: ["signed_key"] },
        ...(index === tooMuch.length - 1 ? { claim: "A member of the group has nothing signed that the rule does not say" } : {}),
      })),
      {
        about: "He leaves the team. No file is changed, and nothing is applied. With the token that he still has, he asks again.",
        run: `${members("{{rest}}")}; ${readGroup}; ${sign('"valid_principals":"admin-ssh-user@web"')}`,
        see: { exit: 0, text: ["permission denied"], without: ["{{bob}}", "signed_key"] },
        claim: "Once he has left the group, the next signature is refused",
      },
      {
        about:
          "The certificate that he has stays valid until it expires, a minute after it was signed. This is the 1m that apply " +
          "printed.",
        run: `ssh-trust inspect --ca ${folder}/user_ca.pub ${certificate} | grep -E 'Valid:|trusted-ca|valid-now'`,
        see: { exit: 0, text: [/valid now, for another \d+ seconds?: .*\[valid-now\]$/m, /\[trusted-ca\]$/m] },
        claim: "What was signed before he left is valid for the rest of its minute, and no longer",
      },
      {
        about: "What was made for him is removed.",
        run:
          `curl -s -H @${folder}/token-header -X POST {{vault}}/v1/auth/token/revoke-self; ` +
          `${asked(`auth/token/roles/${bob}`, "-X DELETE ")}; ${asked(`identity/entity/name/${bob}`, "-X DELETE ")} && rm -r ${folder}`,
        see: { exit: 0, without: ["errors"] },
      },
    ],
  };
};
