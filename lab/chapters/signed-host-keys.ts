import type { LabNames } from "../names.js";
import type { Chapter, Step } from "../runner/chapter.js";
import { hostKeyOf, loginTo, portOf, trustingTheCa } from "./hosts.js";

const host = "ssh-with-signed-hostkey";
const bob = (names: LabNames) => `${trustingTheCa(names)} ${loginTo(names, host, "bob")} whoami`;
const strictLogin = (names: LabNames) => `ssh -o StrictHostKeyChecking=yes ${bob(names)}`;

const keyTypes: readonly [name: string, algorithm: string, shown: string][] = [
  ["RSA", "rsa-sha2-512-cert-v01@openssh.com", "ssh-rsa-cert-v01@openssh.com"],
  ["ECDSA", "ecdsa-sha2-nistp256-cert-v01@openssh.com", "ecdsa-sha2-nistp256-cert-v01@openssh.com"],
  ["Ed25519", "ssh-ed25519-cert-v01@openssh.com", "ssh-ed25519-cert-v01@openssh.com"],
];

const withEachKey = (names: LabNames): Step[] =>
  keyTypes.map(([name, algorithm, shown]) => ({
    about: `The client insists on the host's ${name} key, and shows which certificate decided.`,
    run:
      `ssh -v -o StrictHostKeyChecking=yes -o HostKeyAlgorithms=${algorithm} ${bob(names)} 2>&1 | ` +
      "grep -E '^admin|Server host certificate|is known and matches'",
    see: { exit: 0, text: [`Server host certificate: ${shown}`, "host certificate", /^admin-ssh-user$/m] },
    claim: `The host's ${name} certificate is accepted`,
  }));

export const signedHostKeys = (names: LabNames): Chapter => ({
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
      see: { exit: 0, text: [`127.0.0.1:${portOf(names, host)}`] },
    },
    {
      about: "What the host did when it started.",
      run:
        `docker logs ${names.container(host)} 2>&1 | grep ssh-trust-host; ` +
        `docker exec ${names.container(host)} cat /etc/ssh/sshd_config.d/10-ssh-trust.conf`,
      see: {
        exit: 0,
        text: ["host keys signed for localhost", /HostCertificate .*rsa/, /HostCertificate .*ecdsa/, /HostCertificate .*ed25519/],
      },
      claim: "Each of the host's three keys has its certificate",
    },
    {
      about: "The client's side: one line that trusts the authority for hosts of that name.",
      run: `npm run create-known-hosts && cat ${names.knownHosts}`,
      see: { exit: 0, text: [/^@cert-authority localhost ssh-ed25519 /m] },
    },
    {
      about: "Bob logs in. Strict checking means: no question, only yes or no.",
      run: strictLogin(names),
      see: { exit: 0, text: [/^admin-ssh-user$/m], without: ["authenticity", "Permanently added"] },
      claim: "With the CA's line alone, Bob logs in with strict checking and is asked nothing",
    },
    {
      about: "The file is as it was: no host key was stored.",
      run: `cat ${names.knownHosts}`,
      see: { exit: 0, text: [/^@cert-authority localhost ssh-ed25519 \S+[^\n]*\n?$/] },
      claim: "No host key is stored on the client",
    },
    {
      about: "The key that the host has now.",
      run: hostKeyOf(names, host),
      see: { exit: 0, text: [/SHA256:\S+/] },
      remember: { signedKey: /(SHA256:\S+)/ },
    },
    {
      about: "The machine is replaced by one with other keys, as in chapter 3.",
      run: `npm run stop-ssh-with-signed-hostkey && npm run start-ssh-with-signed-hostkey && ${hostKeyOf(names, host)}`,
      see: { exit: 0, text: [/SHA256:\S+/], without: ["{{signedKey}}"] },
    },
    {
      about: "This time nobody has to notice.",
      run: strictLogin(names),
      see: { exit: 0, text: [/^admin-ssh-user$/m], without: ["WARNING", "authenticity"] },
      claim: "After a restart with new host keys, Bob logs in as silently as before",
    },
    ...withEachKey(names),
  ],
});
