import type { LabNames } from "../names.js";
import { cloudCas } from "../roles.js";
import type { Chapter } from "../runner/chapter.js";
import { silent, strictLogin, trustAtTheLaptop } from "./logins.js";
import { registrarOf } from "./registrar.js";

const serials = "for each in /etc/ssh/ssh_host_*-cert.pub; do ssh-keygen -L -f $each | grep Serial; done";

export const hostEnrols = (names: LabNames): Chapter => {
  const { folder, host, tried, unwrap, inside, certify, begin, end } = registrarOf(names);
  const userData = `${folder}/web-1`;
  return {
    title: "A host enrols itself",
    teaches:
      "A registrar adds a host by its name, and gets a file for it: the machine's user-data, as every cloud has it. At its first boot the " +
      "real cloud-init, under the real systemd, puts in place what it says; the machine gets its identity from Vault, has its host keys signed, " +
      "lets in whom the fleet file names, and says what it is. Nobody logs in to it for that, and sshd waits for none of it.",
    needs: ["reset-cloud", "apply-fleet"],
    steps: [
      ...begin,
      {
        about: "A name that no group of the fleet file has is refused: the file decides which hosts there are.",
        run: host(`add mail.lab.test --out ${folder}/mail`),
        see: { exit: 1, text: ["[HOST_IN_NO_GROUP]", "web-*.lab.test"] },
        claim: "A registrar adds no host that the fleet file does not name",
      },
      {
        about: "The name decides all the rest. The file is a password until it is used: it opens the machine's secret, once.",
        run: `${host(`add web-1.lab.test --out ${userData}`)} && ls -l ${userData}`,
        see: {
          exit: 0,
          text: ["web-1.lab.test is in the group web", "the file is good once, until", /^-rw------- /m],
        },
        claim: "A host's group, names and rights follow from its name",
      },
      {
        about: "What the registrar's token cannot do: have a key signed, and see the secret that it hands over.",
        run:
          `for path in ${cloudCas.host}/sign/web auth/ssh-trust/hosts/lab.test/role/web-1/secret-id; do ` +
          `${tried}/$path -d '{}'; done`,
        see: { exit: 0, text: [/(?:permission denied[^]*){2}/], without: ["signed_key", "secret_id_accessor"] },
        claim: "A registrar has nothing signed, and sees no host's secret",
      },
      {
        about:
          "The machine boots with it. (Its image has systemd, cloud-init and sshd, and no word of Vault.) The launch is over once sshd answers.",
        run: `npm run cloud -- launch web-1 --user-data ${userData}`,
        see: { exit: 0, text: ["web-1 runs"] },
      },
      {
        about: "A few seconds later it is enrolled. The list is the registrar's: from Vault, where each host says what it is.",
        run: host("list"),
        within: 60,
        see: { exit: 0, text: [/^web-1\.lab\.test +web +certified until /m] },
        claim: "A machine that nobody logged in to is a host of the fleet, seconds after its first boot",
      },
      {
        about: "The laptop learns whose signature counts for hosts …",
        run: trustAtTheLaptop(names),
        see: { exit: 0, text: [/^@cert-authority \*\.lab\.test ssh-ed25519 \S+\s*$/] },
      },
      {
        about: "… but knows nobody's password, and has its key on no host's list.",
        on: "laptop",
        run: strictLogin("web-1.lab.test"),
        see: { exit: 255, text: ["Permission denied"], without: [/^admin-ssh-user$/m, "Host key verification failed"] },
        claim: "The host proves itself to a stranger, and lets no stranger in",
      },
      {
        about: "Somebody of the web team has the key signed, by the team's rule: for a minute.",
        run: certify,
        see: { exit: 0, text: ["ssh-ed25519-cert-v01@openssh.com"] },
      },
      {
        about: "Now both prove themselves by certificates, to each other, without having met.",
        on: "laptop",
        run: strictLogin("web-1.lab.test"),
        see: silent,
        claim: "Who has a certificate by a rule of the file is let in, by a host that nobody told of it",
      },
      {
        about:
          "What the registrar can see of it. All below “the host says” is a stranger's text: only certificates of the fleet's CA count.",
        run: host("show web-1.lab.test"),
        see: {
          exit: 0,
          text: [
            /state +certified until/,
            /group +web, certificates of 24h/,
            /problem +none/,
            /addresses +[\d.]+/,
            /certificate +(?:ssh-)?ed25519/i,
          ],
        },
        legend: {
          state: "Vault's view: the first of its valid certificates ends then",
          identity: "where it may sign in from; --cidr of host add narrows it",
          next: "when it wants to renew: after a third of a certificate's life, minus a random part",
          "lets in": "whose certificates it takes from people: the fleet's user CA",
          but: "what else lets people in, by the rest of its sshd_config",
        },
      },
      {
        about: "Somebody finds the file later, in a log or in the cloud's console.",
        run: unwrap(userData),
        see: { exit: 0, text: ["wrapping token is not valid or does not exist"], without: ["secret_id"] },
        claim: "What a machine enrolled with is worth nothing afterwards",
      },
      {
        about:
          "The timer renews. It looks every half hour whether something is due; here a certificate is taken away, so that something is, and " +
          "the timer is told to look at once.",
        run: inside(
          "web-1",
          "rm /etc/ssh/ssh_host_ed25519_key-cert.pub; timer=ssh-trust-host.timer; mkdir -p /etc/systemd/system/$timer.d; " +
            'printf "[Timer]\\nOnActiveSec=1\\nRandomizedDelaySec=0\\nAccuracySec=1s\\n" >/etc/systemd/system/$timer.d/soon.conf; ' +
            "systemctl daemon-reload; systemctl restart $timer; systemctl list-timers --no-pager $timer",
        ),
        see: { exit: 0, text: [/ssh-trust-host\.timer +ssh-trust-host\.service/] },
      },
      {
        about:
          "All three keys have certificates, and the journal has two signings. Each renewal also makes a new secret id, and ends the one before.",
        run: inside(
          "web-1",
          `${serials}; journalctl -u ssh-trust-host.service --no-pager -o cat | grep -o "host keys signed for [^ ]*"`,
        ),
        within: 60,
        see: { exit: 0, text: ["host keys signed for web-1.lab.test", /(?:Serial: \d+\s+){3}(?:host keys signed .*\s*){2}$/] },
        claim: "A host renews its certificates by itself",
      },
      {
        about: "Could it be its neighbour? It signs in as itself, and asks for web-2's name …",
        run: inside(
          "web-1",
          'sed "s/web-1.lab.test/web-2.lab.test/; /^SSH_TRUST_ENTRY=/d" /etc/ssh-trust/host.conf >/tmp/other.conf; SSH_TRUST_CONF=/tmp/other.conf ssh-trust-host once',
        ),
        see: { exit: 1, text: ["no host key is signed", "web-2.lab.test is not a valid value for valid_principals"] },
        claim: "A host has no other host's name signed, of its own group either",
      },
      {
        about: "… and could it say in the list that it is web-2?",
        run: inside(
          "web-1",
          'rm /etc/ssh/ssh_host_ed25519_key-cert.pub; sed "/^SSH_TRUST_ENTRY=/s/web-1/web-2/" /etc/ssh-trust/host.conf >/tmp/other.conf; SSH_TRUST_CONF=/tmp/other.conf ssh-trust-host once',
        ),
        see: { exit: 0, text: ["this host's entry is not written", "web-2.lab.test", "permission denied"] },
        claim: "A host writes its own entry, and no other host's",
      },
      {
        about:
          "The host is removed: its identity ends at once. A login does not ask Vault, so what it showed is good until it ends; the command says " +
          "when that is.",
        run: host("remove --yes web-1.lab.test"),
        see: { exit: 0, text: ["web-1.lab.test can have nothing more signed", "the certificates that it showed end"] },
      },
      {
        about: "It tries.",
        run: inside("web-1", "rm /etc/ssh/ssh_host_ed25519_key-cert.pub; ssh-trust-host once"),
        see: { exit: 1, text: ["Vault does not take this host's identity"] },
        claim: "A host that was removed has nothing more signed",
      },
      { about: "The machine goes, too.", run: "npm run cloud -- terminate web-1", see: { exit: 0, text: ["web-1 terminated"] } },
      end,
    ],
  };
};
