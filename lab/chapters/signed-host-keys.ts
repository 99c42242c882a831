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
    about: `The client accepts only the host's ${name} key this time. With -v it says which certificate it was shown, and which line trusts it.`,
    run:
      `ssh -v -o StrictHostKeyChecking=yes -o HostKeyAlgorithms=${algorithm} ${bob(names)} 2>&1 | ` +
      "grep -E '^admin|Server host certificate|is known and matches'",
    see: { exit: 0, text: [`Server host certificate: ${shown}`, "host certificate", /^admin-ssh-user$/m] },
    claim: `The host's ${name} certificate is accepted`,
  }));

export const signedHostKeys = (names: LabNames): Chapter => ({
  title: "Hosts that prove who they are",
  teaches:
    "At every start this host makes new host keys, as before, and has Vault sign each of them. While it runs, it has them " +
    "signed again before the certificates expire. It checks each certificate before it installs it: key, CA, type, names, " +
    "dates. Clients need one line for all hosts, also for those that will be added later.",
  needs: ["generate-host-signing-key"],
  steps: [
    {
      about:
        "When the host starts, it asks Vault to sign its keys for the principal localhost: the host name that the certificate " +
        "is valid for. Vault's own tutorial names none. For clients before OpenSSH 10.3, a certificate without principals is " +
        "valid for every host name, so this role refuses to sign one.",
      run: "npm run start-ssh-with-signed-hostkey",
      see: { exit: 0, text: [`127.0.0.1:${portOf(names, host)}`] },
    },
    {
      about:
        "What the host did when it started. “renewal in” says when it will have its keys signed again: after 12 to 16 of the " +
        "certificate's 24 hours, at random, so that hosts that started together do not all renew at once.",
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
      about:
        "The client's side: one line that trusts the CA for hosts of that name. It has the marker @cert-authority, the names " +
        "that it is good for (a pattern), and the CA's public key. It means: accept any host key with a valid certificate that " +
        "this CA signed, if the name that was typed matches the pattern, and is one of the certificate's principals. Here the " +
        "line is fetched from Vault on this machine. " +
        "In real life, send it to clients over a channel that they trust already: your configuration management, a package, or " +
        "the directory's page /trust over HTTPS, with the fingerprint compared over a second channel. Never fetch it over the " +
        "SSH connection that it is meant to protect: an attacker in the middle would send the line of a CA of his own.",
      run: `npm run create-known-hosts && cat ${names.knownHosts}`,
      see: { exit: 0, text: [/^@cert-authority localhost ssh-ed25519 /m] },
    },
    {
      about: "Bob logs in. With strict checking, ssh asks nothing: it accepts or refuses.",
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
      about: "Bob logs in again. The client has never seen the new key, but its certificate is from the CA that it trusts.",
      run: strictLogin(names),
      see: { exit: 0, text: [/^admin-ssh-user$/m], without: ["WARNING", "authenticity"] },
      claim: "After a restart with new host keys, Bob logs in without a question or a warning",
    },
    ...withEachKey(names),
  ],
});
