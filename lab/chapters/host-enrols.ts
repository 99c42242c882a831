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
      "A registrar adds a host by its name, and gets a file for it: the machine's user-data, which every cloud supports. At " +
      "the first boot, the real cloud-init under the real systemd installs what the file contains. The machine gets its " +
      "identity from Vault, has its host keys signed, accepts the users that the fleet file allows, and reports its state. " +
      "Nobody has to log in to it for that, and sshd does not wait for it.",
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
        about:
          "Everything else follows from the name. Protect the file like a password until it is used: it gives access to the " +
          "machine's secret, once.",
        run: `${host(`add web-1.lab.test --out ${userData}`)} && ls -l ${userData}`,
        see: {
          exit: 0,
          text: ["web-1.lab.test is in the group web", "the file can be used once, until", /^-rw------- /m],
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
          "The machine boots with it. (Its image has systemd, cloud-init and sshd, and nothing about Vault.) The launch ends as " +
          "soon as sshd answers.",
        run: `npm run cloud -- launch web-1 --user-data ${userData}`,
        see: { exit: 0, text: ["web-1 runs"] },
      },
      {
        about: "A few seconds later it is enrolled. The registrar reads the list from Vault, where each host reports its state.",
        run: host("list"),
        within: 60,
        see: { exit: 0, text: [/^web-1\.lab\.test +web +certified until /m] },
        claim: "A machine that nobody logged in to is a host of the fleet, seconds after its first boot",
      },
      {
        about: "The laptop is told which CA to trust for hosts …",
        run: trustAtTheLaptop(names),
        see: { exit: 0, text: [/^@cert-authority \*\.lab\.test ssh-ed25519 \S+\s*$/] },
      },
      {
        about: "… but its user has no password on any host, and no key in any authorized_keys.",
        on: "laptop",
        run: strictLogin("web-1.lab.test"),
        see: { exit: 255, text: ["Permission denied"], without: [/^admin-ssh-user$/m, "Host key verification failed"] },
        claim: "The host proves who it is to a user it does not know, and does not let them in",
      },
      {
        about: "A member of the web team has the laptop's key signed by the team's rule, for a minute.",
        run: certify,
        see: { exit: 0, text: ["ssh-ed25519-cert-v01@openssh.com"] },
      },
      {
        about: "Now host and user prove who they are with certificates, though neither has stored the other's key.",
        on: "laptop",
        run: strictLogin("web-1.lab.test"),
        see: silent,
        claim: "A user with a certificate by a rule of the file is let in, by a host on which nothing was changed for it",
      },
      {
        about:
          "What the registrar sees of the host. Everything below “the host says” comes from the host itself and is not verified, " +
          "except certificates of the fleet's CA.",
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
          state: "from Vault: the time when the first of its valid certificates expires",
          identity: "the addresses from which it may sign in; limit them with --cidr of host add",
          next: "when it renews: when a third of a certificate's time has passed, or up to a quarter of that sooner, chosen at random",
          "lets in": "the CA whose user certificates it accepts: the fleet's",
          but: "other ways to log in that the rest of its sshd_config allows",
        },
      },
      {
        about: "Somebody finds the file later, in a log or in the cloud's console, and tries it.",
        run: unwrap(userData),
        see: { exit: 0, text: ["wrapping token is not valid or does not exist"], without: ["secret_id"] },
        claim: "What a machine enrolled with is worth nothing afterwards",
      },
      {
        about:
          "A timer renews the certificates. Every half hour it checks whether one is due. Here a certificate is deleted, so that " +
          "one is due, and the timer is set to run at once.",
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
          "All three keys have certificates, and the journal shows two signings. Each renewal also makes a new secret id, and " +
          "the previous one becomes invalid.",
        run: inside(
          "web-1",
          `${serials}; journalctl -u ssh-trust-host.service --no-pager -o cat | grep -o "host keys signed for [^ ]*"`,
        ),
        within: 60,
        see: { exit: 0, text: ["host keys signed for web-1.lab.test", /(?:Serial: \d+\s+){3}(?:host keys signed .*\s*){2}$/] },
        claim: "A host renews its certificates by itself",
      },
      {
        about: "Can it pose as another host? It signs in as itself, and asks for a certificate for web-2 …",
        run: inside(
          "web-1",
          'sed "s/web-1.lab.test/web-2.lab.test/; /^SSH_TRUST_ENTRY=/d" /etc/ssh-trust/host.conf >/tmp/other.conf; SSH_TRUST_CONF=/tmp/other.conf ssh-trust-host once',
        ),
        see: { exit: 1, text: ["no host key was signed", "web-2.lab.test is not a valid value for valid_principals"] },
        claim: "A host cannot get a certificate for another host's name, not even in its own group",
      },
      {
        about: "… and can it write web-2's entry in the list?",
        run: inside(
          "web-1",
          'rm /etc/ssh/ssh_host_ed25519_key-cert.pub; sed "/^SSH_TRUST_ENTRY=/s/web-1/web-2/" /etc/ssh-trust/host.conf >/tmp/other.conf; SSH_TRUST_CONF=/tmp/other.conf ssh-trust-host once',
        ),
        see: { exit: 0, text: ["this host's state was not reported", "web-2.lab.test", "permission denied"] },
        claim: "A host writes its own entry, and no other host's",
      },
      {
        about:
          "The host is removed: its identity becomes invalid at once. Clients do not ask Vault at a login, so its certificates " +
          "stay valid until they expire; the command says when that is.",
        run: host("remove --yes web-1.lab.test"),
        see: { exit: 0, text: ["web-1.lab.test can no longer have anything signed", "the certificates that it reported expire"] },
      },
      {
        about: "It tries to renew.",
        run: inside("web-1", "rm /etc/ssh/ssh_host_ed25519_key-cert.pub; ssh-trust-host once"),
        see: { exit: 1, text: ["Vault refuses this host's identity"] },
        claim: "A host that was removed gets no more certificates",
      },
      {
        about: "The machine is terminated, too.",
        run: "npm run cloud -- terminate web-1",
        see: { exit: 0, text: ["web-1 terminated"] },
      },
      end,
    ],
  };
};
