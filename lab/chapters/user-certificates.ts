import type { LabNames } from "../names.js";
import type { Chapter } from "../runner/chapter.js";
import type { Person } from "../story.js";
import { keyOf, loginTo, trustingTheCa } from "./hosts.js";

const host = "ssh-with-trusted-user-ca";
const as = (names: LabNames, person: Person) => `${trustingTheCa(names)} ${loginTo(names, host, person)}`;
const certificateOf = (names: LabNames, person: Person) => `${keyOf(names, person)}-cert.pub`;

export const userCertificates = (names: LabNames): Chapter => ({
  title: "People who prove who they are",
  teaches:
    "Now the other direction: a second CA signs the keys of users, and this host trusts that CA. The host has no " +
    "authorized_keys file, so nothing on it has to be changed when somebody joins or leaves.",
  needs: ["generate-host-signing-key", "create-known-hosts"],
  steps: [
    {
      about:
        "A second mount, so that a host certificate can never be used as a user certificate. Its role signs for 15 minutes if " +
        "the request names no time, and for one hour at most. It allows one principal, which is the account to log in to: " +
        "admin-ssh-user. sshd would refuse a user certificate without a principal.",
      run: "npm run terraform-apply-ssh-with-trusted-user-ca",
      see: { exit: 0, text: ["mount and role user-ssh:"] },
    },
    {
      about:
        "The user CA's own key pair. What must be guarded now? Anyone who may sign with the role host-ssh can pose as this host, " +
        "and anyone who may sign with the role user-ssh can log in as admin-ssh-user. Anyone who may change the roles, or has " +
        "the CAs' keys, can be any host and any user. So guard the tokens that may sign; the right to change Vault's roles and " +
        "policies; Vault's backups, which hold the CAs' keys; and the unseal keys, which decrypt them.",
      run: "npm run generate-user-signing-key",
      see: { exit: 0, text: [/user CA \(user-ssh\): ED25519 SHA256:\S+/] },
      remember: { userCa: /(SHA256:\S+)/ },
    },
    {
      about: "Vault signs the host's keys when it starts, as in chapter 5. It also fetches the user CA's public key.",
      run:
        "npm run start-ssh-with-trusted-user-ca && " +
        `docker exec ${names.container(host)} cat /etc/ssh/sshd_config.d/10-ssh-trust.conf`,
      see: { exit: 0, text: ["TrustedUserCAKeys", "HostCertificate"] },
    },
    {
      about: "Certificates of an earlier run are deleted: nobody has one now.",
      run: `rm -f ${certificateOf(names, "alice")} ${certificateOf(names, "bob")}`,
      see: { exit: 0 },
    },
    {
      about: "Alice tries to log in with her key alone.",
      run: `ssh ${as(names, "alice")} whoami`,
      see: { exit: 255, text: ["Permission denied (publickey)."], without: [/^admin-ssh-user$/m] },
      claim: "Without a certificate, Alice is refused",
    },
    {
      about: "Vault signs her public key. Her private key is not sent anywhere.",
      run: "npm run sign-user-key -- alice",
      see: { exit: 0, text: [certificateOf(names, "alice"), "admin-ssh-user"] },
    },
    {
      about: "The same command as before; ssh finds the certificate beside the key.",
      run: `ssh ${as(names, "alice")} whoami`,
      see: { exit: 0, text: [/^admin-ssh-user$/m], without: ["authenticity"] },
      claim: "With her certificate, Alice is let in, and nothing changed on the host",
    },
    {
      about: "The certificate allows a terminal.",
      run: `ssh -tt ${as(names, "alice")} tty`,
      see: { exit: 0, text: ["/dev/pts/"] },
      claim: "The extension permit-pty gives her a terminal",
    },
    {
      about: "The certificate allows nothing else: a forwarded port is refused.",
      run: `ssh -o ExitOnForwardFailure=yes -R 0:localhost:22 ${as(names, "alice")} whoami`,
      see: { exit: 255, text: [/remote port forwarding failed/i], without: [/^admin-ssh-user$/m] },
      claim: "What the certificate does not permit, port forwarding, is denied",
    },
    {
      about: "The certificate, field by field.",
      run: `ssh-keygen -L -f ${certificateOf(names, "alice")}`,
      see: { exit: 0, text: ["ssh-rsa-cert-v01@openssh.com user certificate", "{{userCa}}", "admin-ssh-user", "permit-pty"] },
      legend: {
        Type: "a user certificate: no host can use it to prove who it is",
        "Public key": "Alice's public key: nobody can use the certificate without the private key",
        "Signing CA": "the fingerprint of the user CA; the host trusts it through TrustedUserCAKeys",
        "Key ID": "role, token and key hash, written by Vault; sshd logs it at every login",
        Serial: "the number by which this one certificate could be revoked",
        Valid: "from 30 seconds before the signing, in case the host's clock is behind, until the role's 15 minutes after it",
        Principals: "the accounts that it is valid for; a login to any other account is refused",
        "Critical Options": "limits such as source-address or force-command; the role lets nobody set any",
        Extensions: "what a session may do: a terminal, and no more",
      },
      claim: "The certificate says who signed it, for which account, until when",
    },
    {
      about: "Bob's key was on every host until now. It is not on this one.",
      run: `ssh ${as(names, "bob")} whoami`,
      see: { exit: 255, text: ["Permission denied (publickey)."], without: [/^admin-ssh-user$/m] },
      claim: "Bob, whose key nobody signed, is refused",
    },
  ],
});
