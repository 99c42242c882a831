import type { LabNames } from "../names.js";
import { cloudCas } from "../roles.js";
import type { Chapter } from "../runner/chapter.js";
import { silent, throughTheLaptop } from "./logins.js";
import { officeOf } from "./office.js";

const commandsOf = (names: LabNames) => {
  const who = "the people registrar";
  const office = officeOf(names, { who, policy: "people", called: "lab-people-registrar", folder: "people" });
  const { folder } = office;
  const of = (person: string, file: string) => `${folder}/${person}/${file}`;
  const given = (person: string, second: string) => `--password-file ${of(person, "password")} ${second}`;
  const config = `${folder}/ssh_config`;
  return {
    ...office,
    of,
    config,
    people: (what: string) => office.sshTrust(`people ${what}`),
    /** @param whose whose invitation it is */
    accept: (person: string, whose = person) =>
      `(umask 077; mkdir -p ${folder}/${person}; openssl rand -base64 18 > ${of(person, "password")}); ` +
      `as ${person} ssh-trust login --invitation ${folder}/${whose}.invitation ${given(person, `--factor-out ${of(person, "factor")}`)}`,
    /** With Alice's password, and the code that is in a file of hers. */
    loginAsAlice: (person: string, options = "") =>
      `as ${person} ssh-trust login${options} ${given("alice", `--code-file ${of("alice", "code")}`)}`,
    sign: `as alice ssh-trust sign ${of("alice", "id_ed25519.pub")} --on web`,
    ssh: (person: string, host: string) => `as ${person} ssh-trust ssh -F ${config} admin-ssh-user@${host}.lab.test whoami`,
  };
};

export const peopleSignIn = (names: LabNames): Chapter => {
  const { folder, tried, people, begin, end, of, config, accept, loginAsAlice, sign, ssh } = commandsOf(names);
  const knownHosts = `${folder}/known_hosts`;
  const refusedByRules = "[LOGIN_ACCOUNT_DENIED]";
  return {
    title: "People sign in as themselves",
    teaches:
      "A registrar invites Alice to the web team and Carol to the database administrators. Each chooses a password, gets a " +
      "second factor, signs in, and logs in where the fleet file allows it, with certificates that are valid for a minute. " +
      "Mallory, who learns Alice's password, gets nothing. When Alice leaves, her next request for a certificate is refused, " +
      "and nothing is changed on any host.",
    needs: ["reset-cloud", "apply-fleet"],
    steps: [
      ...begin,
      {
        about: "The people registrar lists the people. (Those of an earlier run are removed first.)",
        run: `for name in alice carol; do ${people("remove --yes $name")} >/dev/null 2>&1; done; ${people("list")}`,
        see: { exit: 0, without: ["alice", "carol"] },
      },
      {
        about:
          "Alice is invited to the web team, and Carol to the database administrators. An invitation is a file, and can be used " +
          "once.",
        run:
          `${people(`add alice --group web-team --out ${folder}/alice.invitation`)} && ` +
          `${people(`add carol --group dba --out ${folder}/carol.invitation`)} && ls -l ${folder}/*.invitation`,
        see: {
          exit: 0,
          text: ["alice is invited, to the group web-team", "carol is invited, to the group dba", /(?:^-rw------- .*\s*){2}/m],
        },
      },
      {
        about: "What the registrar's token cannot do: have a key signed, and make a group in Vault.",
        run: `${tried}/${cloudCas.user}/sign/web-team-web -d '{}'; ${tried}/identity/group -d '{"name":"admins"}'`,
        see: { exit: 0, text: [/(?:permission denied[^]*){2}/], without: ["signed_key", '"id"'] },
        claim: "The people registrar can have nothing signed, and can make no groups",
      },
      {
        about:
          "Alice has a machine of her own. Here a small program, `as`, stands for it: it runs a command with her own home folder " +
          "and her own folder in memory, and without any token.",
        run: `cat ${names.folder}/client/bin/as`,
        see: { exit: 0, text: ["HOME=", "-u VAULT_TOKEN"] },
      },
      {
        about:
          "She accepts the invitation and chooses a password. At a terminal she would see the second factor as a QR code and " +
          "scan it with her phone; here it is written to a file. Its first code is sent at once, so she is signed in.",
        run: accept("alice"),
        see: {
          exit: 0,
          text: [/^alice is signed in at /m, /^may log in to web .* as admin-ssh-user, for 1m each/m],
          without: ["may log in to db", "otpauth"],
        },
        claim: "With an invitation, a person chooses a password, gets a second factor, and is signed in",
      },
      {
        about: "Mallory has a copy of the invitation, and opens it after her.",
        run: accept("mallory", "alice"),
        see: { exit: 1, text: ["[INVITATION_OPENED]"], without: ["signed in at"] },
        claim: "An invitation can be used once, and the second person is told that it was opened before",
      },
      {
        about: "Two machines, hosts of the fleet. Nothing about Alice or Carol is configured on them.",
        run: "npm run cloud -- launch web-1 --signed && npm run cloud -- launch db-1 --signed",
        see: { exit: 0, text: ["web-1 runs", "db-1 runs"] },
      },
      {
        about: "`whoami` says who is signed in, until when, and where the fleet file allows her to log in.",
        run: "as alice ssh-trust whoami",
        see: { exit: 0, text: [/^alice, signed in at .* with userpass$/m, "[web-team-web]"], without: ["may log in to db"] },
      },
      {
        about:
          "She has her key signed for the hosts of web. The certificate says what she may do there, and is valid for a minute.",
        run:
          `ssh-keygen -q -t ed25519 -N '' -C alice -f ${of("alice", "id_ed25519")} && ${sign} && ` +
          `ssh-trust inspect ${of("alice", "id_ed25519-cert.pub")}`,
        see: {
          exit: 0,
          text: [/Key ID: "web-team-web:.*alice"/, /^ +admin-ssh-user@web$/m, "[valid-now]"],
          without: ["@db", "permit-port-forwarding"],
        },
        legend: {
          "Key ID": "the rule, the hash of her key, and who she is: sshd logs it at every login",
          Principals:
            "account@group, as the rule says: the certificate is valid for this account on hosts of web, and on no others",
        },
        claim: "Somebody who is signed in has a key signed, for what the rules of their group say",
      },
      {
        about:
          "From here, the cloud can only be reached through the laptop, which passes bytes on and cannot read them. A " +
          "configuration file tells ssh to do so, and to offer none of your own keys. (For hosts of your own it is not needed.)",
        run: `printf '%s\\n' 'Host *.lab.test' '  IdentityAgent none' '  IdentitiesOnly yes' '  ProxyCommand ${throughTheLaptop(names)}' | tee ${config}`,
        see: { exit: 0, text: ["ProxyCommand"] },
      },
      {
        about:
          "For a login, nothing has to be signed beforehand: `ssh-trust ssh` makes a key, has it signed, and runs ssh with it.",
        run: ssh("alice", "web-1"),
        within: 60,
        see: silent,
        claim: "Alice logs in to a host of web on which nothing was configured for her",
      },
      {
        about: "For db-1 she is refused before anything is signed or connected: no rule lets her in.",
        run: ssh("alice", "db-1"),
        see: { exit: 255, text: [refusedByRules, "alice may log in to web"], without: [/^admin-ssh-user$/m] },
        claim: "If no rule lets somebody in, nothing is signed for them",
      },
      {
        about:
          "She tries it with plain ssh, and with her certificate for web: web-1 lets her in, db-1 does not. Both know the same CA; db-1 asks for " +
          "admin-ssh-user@db.",
        run:
          `as alice ssh-trust known-hosts --out ${knownHosts} && ${sign} && for host in web-1 db-1; do ` +
          `ssh -F ${config} -o UserKnownHostsFile=${knownHosts} -i ${of("alice", "id_ed25519")} admin-ssh-user@$host.lab.test whoami; done`,
        see: { exit: 255, text: [/db-1\.lab\.test: Permission denied/, /^admin-ssh-user$/m], without: ["authenticity"] },
        claim: "A host of db refuses a certificate for web, without asking Vault",
      },
      {
        about: "Carol accepts her invitation, too.",
        run: accept("carol"),
        see: { exit: 0, text: [/^may log in to db .* as admin-ssh-user/m], without: ["may log in to web"] },
      },
      {
        about: "For her it is the other way round.",
        run: `${ssh("carol", "db-1")} && ${ssh("carol", "web-1")}`,
        within: 30,
        see: { exit: 255, text: [/^admin-ssh-user$/m, refusedByRules, "carol may log in to db"] },
        claim: "Carol, a database administrator, logs in to db-1, and not to web-1",
      },
      {
        about:
          "The next morning Alice signs in with password and code. The server's address and her user name are stored. A small " +
          "program, `phone`, stands for her phone: it shows a code of the second factor, and never one that was used already (so " +
          "it may take half a minute).",
        run:
          `as alice ssh-trust logout; (umask 077; phone ${of("alice", "factor")} > ${of("alice", "code")}); ` +
          loginAsAlice("alice"),
        see: { exit: 0, text: [/^logged out at /m, /^alice is signed in at /m] },
      },
      {
        about:
          "Mallory has learnt her password. The server's answer to the password alone is no token, and a request for the second " +
          "factor.",
        run:
          `sed 's/.*/{"password":"&"}/' ${of("alice", "password")} | curl -s -d @- {{vault}}/v1/auth/ssh-trust/people/login/alice | ` +
          `grep -oE '"(client_token|mfa_request_id)":"[^"]*"'`,
        see: { exit: 0, text: ['"client_token":""', /"mfa_request_id":"\S+"/] },
        claim: "The password alone gives no token",
      },
      {
        about: "He also saw the code that she just used.",
        run: loginAsAlice("mallory", " --vault {{vault}} --user alice"),
        see: { exit: 1, text: ["[SIGN_IN_CODE_REFUSED]", "each code can be used once"], without: ["is signed in"] },
        claim: "A password and a code that was used already give no token",
      },
      {
        about: "Alice leaves. The registrar runs one command, and it says how long a certificate that she has is still accepted.",
        run: people("remove --yes alice"),
        see: { exit: 0, text: ["alice can no longer have anything signed, and earlier sign-ins have ended", "for 1m at most"] },
      },
      {
        about: "Her machine still has the token of her sign-in. She asks for a certificate with it, and for a login.",
        run: `${sign}; ${ssh("alice", "web-1")}`,
        see: { exit: 255, text: [/(?:no longer accepts the token[^]*){2}/], without: [/^admin-ssh-user$/m, "by the rule"] },
        claim: "Once Alice is removed, her next request for a certificate is refused, although she was signed in",
      },
      {
        about:
          "What has to be done on the hosts? Nothing: nothing about her was configured on web-1. The number of files in its /etc " +
          "that contain her name:",
        run: `docker exec ${names.container("cloud-web-1")} grep -rl alice /etc | wc -l`,
        see: { exit: 0, text: [/^0$/m] },
        claim: "Nothing has to be changed on any host when somebody joins or leaves",
      },
      {
        about: "Carol is removed, and the machines are terminated.",
        run: `as carol ssh-trust logout; ${people("remove --yes carol")} && npm run cloud -- terminate web-1 db-1`,
        see: {
          exit: 0,
          text: ["logged out at", "carol can no longer have anything signed", "web-1 terminated", "db-1 terminated"],
        },
      },
      end,
    ],
  };
};
