import type { LabNames } from "../names.js";
import type { Chapter, Step } from "../runner/chapter.js";
import { tokenHeader } from "./hosts.js";

/** The commands whose paths and containers are the lab's. */
const commandsOf = (names: LabNames) => {
  const folder = `${names.folder}/offline-ca`;
  const ca = (verb: string) => `ssh-trust offline-ca ${verb} --dir ${folder}/SSH`;
  const certs = (name: string) => `${folder}/SSH/host/certs/${name}.lab.test`;
  const machine = (name: string) => names.container(`cloud-${name}`);
  return {
    folder,
    ca,
    certs,
    machine,
    laptop: names.container("laptop"),
    signing: (verb: string) => `${ca(verb)} --passphrase-file ${folder}/passphrase`,
    /** The lines and the certificates go into a machine on its standard input; then its sshd reads its settings again. */
    install: (name: string) =>
      `${ca(`export --host ${name}`)} | docker exec -i ${machine(name)} tee /etc/ssh/sshd_config.d/20-offline-ca.conf && ` +
      `(cd ${certs(name)} && tar --owner=root --group=root -c *-cert.pub) | docker exec -i ${machine(name)} tar -x -C /etc/ssh && ` +
      `docker exec ${machine(name)} sh -c '/usr/sbin/sshd -t && kill -HUP "$(cat /run/sshd.pid)"'`,
    vault: `curl -sf ${tokenHeader(names)} {{vault}}/v1`,
  };
};

const login = "admin-ssh-user@$host.lab.test whoami";
const asked = ["authenticity", "Permanently added", "WARNING"];

const keyTypes: readonly [name: string, algorithm: string, shown: string][] = [
  ["ECDSA", "ecdsa-sha2-nistp256-cert-v01@openssh.com", "ecdsa-sha2-nistp256-cert-v01@openssh.com"],
  ["Ed25519", "ssh-ed25519-cert-v01@openssh.com", "ssh-ed25519-cert-v01@openssh.com"],
  ["RSA", "rsa-sha2-512-cert-v01@openssh.com", "ssh-rsa-cert-v01@openssh.com"],
];

const withEachKey = keyTypes.map(([name, algorithm, shown]): Step => ({
  about: `Each host has to prove who it is with its ${name} key. Strict checking asks nothing: it accepts or refuses.`,
  on: "laptop",
  run:
    `for host in web db; do ssh -v -o StrictHostKeyChecking=yes -o HostKeyAlgorithms=${algorithm} ${login} 2>&1; done | ` +
    "grep -E '^admin|authenticity|WARNING|refused|failed|Server host certificate|is known and matches'",
  see: {
    exit: 0,
    text: [
      new RegExp(
        `certificate: ${shown.replaceAll(".", "\\.")} .*"web_v01".*CA [^]*^admin-ssh-user$[^]*"db_v01"[^]*^admin-ssh-user$`,
        "m",
      ),
      `Host 'web.lab.test' is known and matches the ${name.toUpperCase()}-CERT host certificate.`,
      `Host 'db.lab.test' is known and matches the ${name.toUpperCase()}-CERT host certificate.`,
    ],
    without: asked,
  },
  claim: `Both hosts of the domain are accepted without a question, with their ${name} keys`,
  within: 15,
}));

export const offlineCa = (names: LabNames): Chapter => {
  const { folder, ca, certs, machine, laptop, signing, install, vault } = commandsOf(names);
  return {
    title: "An offline CA, kept in a safe",
    teaches:
      "Some networks are closed, and some CAs are kept in a safe. Such a CA is a folder: three keys for hosts and three for " +
      "users, each encrypted with a passphrase, and a record of every certificate that it signed. Public keys are carried to " +
      "it, and certificates are carried back. Clients are configured as with Vault, with one line for each of the three host " +
      "CA keys. If Vault is used later, it can continue with the same key.",
    needs: ["reset-cloud", "start-vault"],
    steps: [
      {
        about: "The CA. Its passphrase is read from a file that only its owner can read; at a terminal it is asked for.",
        run:
          `rm -rf ${folder} && mkdir -m 700 -p ${folder} && (umask 077; head -c 24 /dev/urandom | base64 > ${folder}/passphrase) && ` +
          signing("init --domain lab.test"),
        see: {
          exit: 0,
          text: [
            /^host +ecdsa-sha2-nistp521 +SHA256:/m,
            /^host +ssh-ed25519 +SHA256:/m,
            /^host +ssh-rsa +SHA256:/m,
            /^user +ssh-rsa/m,
          ],
        },
      },
      {
        about: "Its private keys cannot be used without the passphrase, and other accounts cannot read them at all.",
        run: `ls -l ${folder}/SSH/host/private && ssh-keygen -y -P '' -f ${folder}/SSH/host/private/lab_host_rsa_key`,
        see: { exit: "not 0", text: ["-r-------- ", "incorrect passphrase"], without: ["-rw-r", "ssh-rsa AAAA"] },
        claim: "The CA's private keys need a passphrase, and only their owner can read them",
      },
      {
        about: "Three hosts of one domain.",
        run: "for name in web db stray; do npm run cloud -- launch $name; done",
        see: { exit: 0, text: ["web runs", "db runs", "stray runs"] },
      },
      {
        about: "What is carried to the CA: the public keys, three from each host.",
        run:
          `for name in web db; do mkdir -p ${folder}/incoming/$name && ` +
          `docker exec ${machine("$name")} sh -c 'cd /etc/ssh && tar -c ssh_host_*_key.pub' | tar -x -C ${folder}/incoming/$name; done; ` +
          `ls ${folder}/incoming/web ${folder}/incoming/db`,
        see: { exit: 0, text: [/(ssh_host_(ecdsa|ed25519|rsa)_key\.pub\s+){3}/], without: [/_key$/m] },
      },
      {
        about: "Somebody copied all of /etc/ssh by mistake, with the private keys.",
        run:
          `mkdir -p ${folder}/incoming/all && docker exec ${machine("db")} sh -c 'cd /etc/ssh && tar -c ssh_host_*' | tar -x -C ${folder}/incoming/all; ` +
          `${signing(`sign-host db --from ${folder}/incoming/all`)}; status=$?; rm -r ${folder}/incoming/all; exit $status`,
        see: { exit: 2, text: ["is a private key", "OFFLINE_CA_PRIVATE_KEY_OFFERED"], without: ["-cert.pub"] },
        claim: "A private host key is not accepted, and the reason is given",
      },
      {
        about: "Three certificates for each host, for its short name and its full name, for five years.",
        run: ["web", "db"].map((name) => signing(`sign-host ${name} --from ${folder}/incoming/${name}`)).join(" && "),
        see: {
          exit: 0,
          text: [
            "web_v01: 3 certificates for web and web.lab.test, serials 1, 2, 3",
            "db_v01: 3 certificates for db and db.lab.test, serials 4, 5, 6",
          ],
        },
        claim: "Each host has a certificate for each of its three keys, and no serial comes twice",
      },
      {
        about: "A certificate is read back, field by field.",
        run: ca(`verify ${certs("web")}/ssh_host_rsa_key-cert.pub`),
        see: {
          exit: 0,
          text: [/ok +principals +web, web\.lab\.test/, /ok +identity +web_v01/, /ok +serial +3/, /ok +signature +rsa-sha2-512/],
          without: ["WRONG"],
        },
        claim: "Every field of a certificate is what was asked for",
      },
      {
        about: "A second time for the same host: this needs --renew, and then the first certificates are kept too.",
        run: signing(`sign-host web --from ${folder}/incoming/web`),
        see: { exit: 1, text: ['"web" has certificates already: web_v01', "--renew"] },
        claim: "A host that is certified is not certified again by mistake",
      },
      {
        about: "The certificates are carried back to the hosts, with the lines of sshd_config that name them.",
        run: ["web", "db"].map(install).join(" && "),
        see: { exit: 0, text: [/^HostCertificate \/etc\/ssh\/ssh_host_ecdsa_key-cert\.pub$/m, /_rsa_key-cert\.pub$/m] },
      },
      {
        about: "All that the laptop is given: one line for each of the CA's three keys.",
        run: `${ca("export")} | docker exec -i ${laptop} tee .ssh/known_hosts`,
        see: {
          exit: 0,
          text: [
            /^@cert-authority \*\.lab\.test ecdsa-/m,
            /^@cert-authority \*\.lab\.test ssh-ed25519 /m,
            /^@cert-authority \*\.lab\.test ssh-rsa /m,
          ],
        },
      },
      ...withEachKey,
      {
        about:
          "A host of the same domain that has no certificate. No other host of this domain makes ssh ask, so Alice answers no.",
        on: "laptop",
        run: "ssh admin-ssh-user@stray.lab.test whoami",
        answers: { "(yes/no/[fingerprint])?": "no" },
        see: {
          exit: 255,
          text: ["The authenticity of host 'stray.lab.test", "Host key verification failed."],
          without: [/^admin-ssh-user$/m],
        },
        claim: "In a domain of certified hosts, only the one that is not certified makes ssh ask",
      },
      {
        about: "Vault gets the CA key that signs Ed25519 host keys. It is decrypted in memory only, and never shown.",
        run:
          `${vault}/sys/mounts/offline-ca -X DELETE; ${vault}/sys/mounts/offline-ca -d '{"type":"ssh"}' && ` +
          `${vault}/offline-ca/roles/host -d '{"key_type":"ca","allow_host_certificates":true,"allowed_domains":"lab.test","allow_subdomains":true,"ttl":"24h"}' >/dev/null && ` +
          `VAULT_ADDR={{vault}} VAULT_TOKEN=$(cut -d " " -f 2 ${names.folder}/client/token-header) ` +
          signing("import-to-vault --kind host --type ed25519 --mount offline-ca"),
        see: { exit: 0, text: ["now signs in", "what it signed before stays valid"], without: ["PRIVATE KEY"] },
      },
      {
        about: "Vault signs a certificate for the host stray.",
        run:
          `key=$(docker exec ${machine("stray")} cat /etc/ssh/ssh_host_ed25519_key.pub) && ` +
          `${vault}/offline-ca/sign/host -d '{"cert_type":"host","valid_principals":"stray.lab.test","public_key":"'"$key"'"}' | ` +
          `docker exec -i ${machine("stray")} sh -c 'cd /etc/ssh && jq -j .data.signed_key > ssh_host_ed25519_key-cert.pub && ` +
          `echo "HostCertificate /etc/ssh/ssh_host_ed25519_key-cert.pub" > sshd_config.d/20-offline-ca.conf && ` +
          `/usr/sbin/sshd -t && kill -HUP "$(cat /run/sshd.pid)" && ssh-keygen -L -f ssh_host_ed25519_key-cert.pub'`,
        see: { exit: 0, text: ["host certificate", "stray.lab.test"] },
      },
      {
        about: "The laptop was not told of Vault. Its lines are the same.",
        on: "laptop",
        run:
          "for host in web stray; do ssh -o StrictHostKeyChecking=yes -o HostKeyAlgorithms=ssh-ed25519-cert-v01@openssh.com " +
          `${login}; done`,
        see: { exit: 0, text: [/^admin-ssh-user\nadmin-ssh-user$/m], without: asked },
        claim:
          "Certificates that the offline CA signed and certificates that Vault signs with its key are trusted by the same line",
        within: 15,
      },
    ],
  };
};
