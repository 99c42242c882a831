import type { Chapter, Step } from "../runner/story.js";

const login = "ssh -o UserKnownHostsFile=./known_hosts -p 2022 -i ssh-keys/bob_id_rsa admin-ssh-user@localhost whoami";

const keyTypes: readonly [name: string, algorithm: string, shown: string][] = [
  ["RSA", "rsa-sha2-512-cert-v01@openssh.com", "ssh-rsa-cert-v01@openssh.com"],
  ["ECDSA", "ecdsa-sha2-nistp256-cert-v01@openssh.com", "ecdsa-sha2-nistp256-cert-v01@openssh.com"],
  ["Ed25519", "ssh-ed25519-cert-v01@openssh.com", "ssh-ed25519-cert-v01@openssh.com"],
];

const withEachKey = keyTypes.map(([name, algorithm, shown]): Step => ({
  about: `The client insists on the host's ${name} key, and shows which certificate decided.`,
  run:
    `ssh -v -o StrictHostKeyChecking=yes -o HostKeyAlgorithms=${algorithm} -o UserKnownHostsFile=./known_hosts ` +
    "-p 2022 -i ssh-keys/bob_id_rsa admin-ssh-user@localhost whoami 2>&1 | grep -E '^admin|Server host certificate|is known and matches'",
  see: { exit: 0, text: [`Server host certificate: ${shown}`, "host certificate", /^admin-ssh-user$/m] },
  claim: `The host's ${name} certificate is accepted`,
}));

export const signedHostKeys: Chapter = {
  title: "Hosts that prove who they are",
  teaches:
    "At every start this host makes new keys, as before; and then has each of them signed by Vault. What Vault answers is " +
    "checked before it is installed: key, authority, type, names, dates. Clients need one line, for all hosts there will ever be.",
  needs: ["generate-host-signing-key"],
  steps: [
    {
      about:
        "The request names the principal localhost, where Vault's own tutorial names none: a certificate without principals " +
        "would be good for every host, so the role refuses to sign one.",
      run: "npm run start-ssh-with-signed-hostkey",
      see: { exit: 0, text: ["127.0.0.1:2022"] },
    },
    {
      about: "What the host did when it started.",
      run: "docker logs ssh-with-signed-hostkey 2>&1 | grep ssh-trust-host; docker exec ssh-with-signed-hostkey cat /etc/ssh/sshd_config.d/10-ssh-trust.conf",
      see: {
        exit: 0,
        text: ["host keys signed for localhost", /HostCertificate .*rsa/, /HostCertificate .*ecdsa/, /HostCertificate .*ed25519/],
      },
      claim: "Each of the host's three keys has its certificate",
    },
    {
      about: "The client's side: one line that trusts the authority for hosts of that name.",
      run: "npm run create-known-hosts && cat known_hosts",
      see: { exit: 0, text: [/^@cert-authority localhost ssh-ed25519 /m] },
    },
    {
      about: "Bob logs in. Strict checking means: no question, only yes or no.",
      run: login.replace("ssh ", "ssh -o StrictHostKeyChecking=yes "),
      see: { exit: 0, text: [/^admin-ssh-user$/m], without: ["authenticity", "Permanently added"] },
      claim: "With the CA's line alone, Bob logs in with strict checking and is asked nothing",
    },
    {
      about: "The file is as it was: no host key was stored.",
      run: "cat known_hosts",
      see: { exit: 0, text: [/^@cert-authority localhost ssh-ed25519 \S+[^\n]*\n?$/] },
      claim: "No host key is stored on the client",
    },
    {
      about: "The key that the host has now.",
      run: "docker exec ssh-with-signed-hostkey ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub",
      see: { exit: 0, text: [/SHA256:\S+/] },
      remember: { signedKey: /(SHA256:\S+)/ },
    },
    {
      about: "The machine is replaced by one with other keys, as in chapter 3.",
      run: "npm run stop-ssh-with-signed-hostkey && npm run start-ssh-with-signed-hostkey && docker exec ssh-with-signed-hostkey ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub",
      see: { exit: 0, text: [/SHA256:\S+/], without: ["{{signedKey}}"] },
    },
    {
      about: "This time nobody has to notice.",
      run: login.replace("ssh ", "ssh -o StrictHostKeyChecking=yes "),
      see: { exit: 0, text: [/^admin-ssh-user$/m], without: ["WARNING", "authenticity"] },
      claim: "After a restart with new host keys, Bob logs in as silently as before",
    },
    ...withEachKey,
  ],
};
