import type { LabNames } from "../names.js";
import type { Chapter, Step } from "../runner/chapter.js";
import { alicesMachine } from "./alices-machine.js";
import { pauseOf, silent } from "./logins.js";

/** Whoever believes every host: each key is taken, whatever signed it, and nothing is remembered. */
const careless = "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null";

/** The rule that the chapter adds to the fleet file. Its lives are the shortest that the file takes. */
const rule = "web-team-db";

const commandsOf = (names: LabNames) => {
  const alice = alicesMachine(names, "beside-the-host");
  const vault = names.container("vault");
  const journal = `docker logs ${names.container("eve")} 2>&1`;
  const { ssh, status } = alice;
  /** Eve shows something; Alice comes by her line of configuration, and then as somebody who believes every host. */
  const shows = (about: string, present: string, strict: string, asked: readonly (string | RegExp)[], claim: string): Step[] => [
    { about, run: `npm run eve -- start www --present ${present}`, see: { exit: 0, text: ["leads to her"] } },
    {
      about:
        "Alice tries www.lab.test as configured, and then with all of ssh's checks switched off. After that: what the agent " +
        "did, and how often a key appears in Eve's log.",
      run:
        `${ssh("www")}; ${ssh("www", "whoami", `${careless} -o HostKeyAlgorithms=ssh-ed25519-cert-v01@openssh.com,ssh-ed25519 `)}; ` +
        `${status(1)}; ${journal} | grep -c SHA256:`,
      see: { exit: 1, text: [strict, ...asked, /^0$/m], without: [/^admin-ssh-user$/m] },
      claim,
    },
  ];
  return {
    ...alice,
    shows,
    journal,
    pause: pauseOf(vault),
    unpause: `docker unpause ${vault}`,
    ruleGoes: `sed -i '/name: ${rule},/d' {{fleet}}`,
    /** As root on one of the cloud's machines. */
    asRoot: (machine: string, command: string) => `docker exec ${names.container(`cloud-${machine}`)} sh -c '${command}'`,
    /** Root puts lines before what sshd is told. */
    sshdSays: (lines: readonly string[]) =>
      `printf "%s\\n" ${lines.map((line) => `"${line}"`).join(" ")} > /etc/ssh/sshd_config.d/00-root.conf && sshd -t && pkill -HUP -o sshd`,
  };
};

export const besideTheHost = (names: LabNames): Chapter => {
  const { ssh, status, shows, journal, pause, unpause, ruleGoes, asRoot, sshdSays, ...alice } = commandsOf(names);
  const next = (host: string) => `ssh ${careless} admin-ssh-user@${host}.lab.test whoami`;
  const tried = asRoot(
    "db-1",
    `ssh -v ${careless} -i /tmp/taken-cert.pub admin-ssh-user@db-1.lab.test whoami 2>&1 | grep -E "Server accepts key|Permission denied|^admin"`,
  );
  return {
    title: "Attackers in front of the hosts, and Vault down",
    teaches:
      "Eve takes the place of a host, with a key of her own, with a CA of her own, with a stolen certificate. Even if Alice " +
      "switches off all checks in ssh, the agent offers Eve nothing. Then root on web-1 is hostile, and Alice forwards her " +
      "agent there: root cannot use it to log in to other hosts. Then Vault stops answering. With a rule that has a reserve " +
      "(a certificate signed beforehand), logins are possible for as long as the fleet file says; with a rule without one, " +
      "only until the certificate expires.",
    needs: ["reset-cloud", "apply-fleet"],
    steps: [
      { ...alice.begin, run: `${unpause} >/dev/null 2>&1; ${ruleGoes}; ${alice.begin.run}` },
      {
        about:
          "The fleet file gets one more rule: the web team may log in to db-1, with certificates for 30 seconds, and has a " +
          "reserve of 31 seconds. (A minute and an hour are more usual; here they are short, so that you do not have to wait.)",
        run:
          `sed -i '/^access:/a\\  - { name: ${rule}, who: web-team, on: db, as: [admin-ssh-user], for: 30s, reserve: 31s, with: [pty] }' {{fleet}} && ` +
          "npm run apply-fleet && grep reserve: {{fleet}}",
        see: { exit: 0, text: ["reserve: 31s"] },
      },
      alice.signIn,
      {
        about: "Three machines, hosts of the fleet. www.lab.test leads to web-1.",
        run: "for name in web-1 web-2 db-1; do npm run cloud -- launch $name --signed || exit 1; done; npm run cloud -- associate www web-1",
        see: { exit: 0, text: ["web-1 runs", "web-2 runs", "db-1 runs", "leads to web-1"] },
      },
      alice.configure,
      {
        about: "Her ssh is configured for the fleet, as in chapter 22.",
        run: alice.install,
        see: { exit: 0, text: ["does what the fleet says", "the agent was started"] },
      },
      {
        about: "Without Eve, each of them lets her in.",
        run: ["www", "web-2", "db-1"].map((host) => ssh(host)).join(" && "),
        within: 60,
        see: { ...silent, text: [/(?:^admin-ssh-user\s*){3}/m] },
      },
      ...shows(
        "Eve takes the place of web-1: www.lab.test leads to her. She shows a key of her own.",
        "own-key",
        "no matching host key type",
        [/nothing +the host showed a plain key/],
        "To a host with a plain key the agent offers nothing, even if ssh accepts the host: Eve does not see a public key",
      ),
      {
        about: "Would Eve have seen one without the agent? The laptop has an ordinary key, and ssh's checks are off.",
        on: "laptop",
        run: `ssh ${careless} -o PasswordAuthentication=no admin-ssh-user@www.lab.test whoami`,
        see: { exit: 255, text: ["Permission denied"] },
      },
      {
        about: "Her log.",
        run: journal,
        see: { exit: 0, text: [/^eve: admin-ssh-user offers the public key SHA256:/m] },
        claim: "ssh offers an ordinary key to any host that it accepts: the laptop's is in Eve's log",
      },
      ...shows(
        "Eve makes a CA of her own, and signs a certificate for the right name.",
        "own-ca",
        "Host key verification failed",
        [/nothing +.*CA/],
        "To a host with a certificate from another CA the agent offers nothing, even if ssh accepts the host",
      ),
      ...shows(
        "She shows web-1's certificate, without having its key.",
        "stolen-certificate",
        "incorrect signature",
        ["it offered nothing 2 times"],
        "With a stolen certificate, Eve does not even reach the login: ssh sees that the host's signature is wrong",
      ),
      { about: "She gives up.", run: "npm run eve -- stop", see: { exit: 0, text: ["leads to web-1 again"] } },
      {
        about:
          "web-1 itself is hostile now: its root has configured sshd to let in anybody, without a key. It is still a host of the " +
          "fleet, with a certificate.",
        run: asRoot(
          "web-1",
          `passwd -q -d admin-ssh-user; ${sshdSays(["UsePAM no", "PasswordAuthentication yes", "PermitEmptyPasswords yes", "AuthenticationMethods none"])}`,
        ),
        see: { exit: 0 },
      },
      {
        about:
          "Alice forwards her agent there. Her session runs what root would try with it: list its keys, log in to web-2, where " +
          "Alice may log in, and log in to db-1.",
        run: `${ssh("web-1", `'echo $SSH_AUTH_SOCK; ssh-add -l; ${next("web-2")}; ${next("db-1")}'`, "-A ")}; ${status(3)}`,
        within: 10, // sshd is being started anew
        see: {
          exit: 0,
          text: [
            /^\/tmp\/ssh-\S+$/m,
            "The agent has no identities",
            "web-2.lab.test: Permission denied (publickey)",
            "db-1.lab.test: Permission denied (publickey)",
            /nothing +no rule of alice forwards an agent from web-1\.lab\.test \(web\) to web-2\.lab\.test \(web\)/,
            /nothing +no rule of alice forwards an agent from web-1\.lab\.test \(web\) to db-1\.lab\.test \(db\)/,
          ],
          without: [/^admin-ssh-user$/m],
        },
        claim:
          "A hostile host to which the agent is forwarded sees no key, and cannot log in with it to any host, of its own group " +
          "or of another",
      },
      {
        about: "Root on db-1 has sshd keep the certificate that Alice shows when she logs in.",
        run: asRoot(
          "db-1",
          sshdSays([
            "ExposeAuthInfo yes",
            'ForceCommand cut -d \\" \\" -f 2- \\$SSH_USER_AUTH > /tmp/taken-cert.pub; \\$SSH_ORIGINAL_COMMAND',
          ]),
        ),
        see: { exit: 0 },
      },
      {
        about: "The agent is restarted: its only certificate is the reserve, which it has signed beforehand.",
        run: `${alice.agentStops}; as alice ssh-trust agent start && ${status(0)}`,
        within: 20,
        see: {
          exit: 0,
          text: [/web-team-db: admin-ssh-user on db, reserve, valid for another (?:31|30|2\d)s/],
          without: ["web-team-web:"],
        },
      },
      {
        about: "Vault stops answering.",
        run: `${pause} && curl -sS -m 1 {{vault}}/v1/sys/health`,
        see: { exit: 28, text: ["timed out"] },
      },
      {
        about: "Alice logs in to db-1, by the rule with a reserve.",
        run: `${ssh("db-1")} && ${status(2)}`,
        see: { exit: 0, text: [/^admin-ssh-user$/m, /offered +db-1\.lab\.test \(db\): web-team-db .*reserve/] },
        claim: "While Vault does not answer, logins by a rule with a reserve still work",
      },
      {
        about:
          "Root on db-1 has the certificate now. It is valid, and sshd would accept it, but root does not have its private key. " +
          "(Tried on db-1 itself.)",
        run: `${asRoot("db-1", "cat /tmp/taken-cert.pub")} | ssh-trust inspect - && ${tried}`,
        see: {
          exit: 0,
          text: [/Key ID: "web-team-db_reserve:\S*alice"/, "[valid-now]", "Server accepts key", "Permission denied"],
          without: [/^admin-ssh-user$/m],
        },
        claim: "A certificate that a host has seen is worth nothing without its key, which stays on Alice's machine",
      },
      {
        about: "She tries web-2, by the rule without a reserve. ssh waits ten seconds for Vault's answer.",
        run: `${ssh("web-2")}; ${status(1)}`,
        see: {
          exit: 0,
          text: ["web-2.lab.test: Permission denied (publickey)", /nothing +/],
          without: [/^admin-ssh-user$/m],
        },
        claim:
          "While Vault does not answer, the agent offers nothing by a rule that has neither a reserve nor a valid certificate",
      },
      {
        about:
          "She tries db-1 again, until the reserve has expired. In its last seconds it is not offered any more, because clocks " +
          "may differ.",
        run: `${ssh("db-1")}; ${status(1)}`,
        within: 60,
        see: { exit: 0, text: ["db-1.lab.test: Permission denied (publickey)", /nothing +/], without: [/^admin-ssh-user$/m] },
        claim: "The reserve expires, too: nobody logs in without Vault for longer than the fleet file says",
      },
      {
        about: "Root on db-1 tries the certificate again. sshd's log says why it is refused.",
        run: `${tried}; docker logs ${names.container("cloud-db-1")} 2>&1 | grep expired | tail -n 1`,
        within: 40,
        see: { exit: 0, text: ["Permission denied", "Certificate invalid: expired"], without: ["Server accepts key"] },
        claim: "Half a minute after it was signed, the host does not accept the certificate from anybody",
      },
      {
        about: "Vault answers again, and Alice logs in.",
        run: `${unpause} && ${ssh("web-2")}`,
        within: 30,
        see: { ...silent },
        claim: "When Vault answers again, the next login gets a certificate again",
      },
      {
        about: "The rule is removed from the fleet file, and the file is applied to Vault.",
        run: `${ruleGoes} && npm run apply-fleet`,
        see: { exit: 0, without: ["error"] },
      },
      alice.end("web-1", "web-2", "db-1"),
    ],
  };
};
