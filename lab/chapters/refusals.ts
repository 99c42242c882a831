import type { LabNames } from "../names.js";
import type { Chapter } from "../runner/chapter.js";
import { account, hostName } from "../story.js";
import { keyOf, loginTo, tokenHeader, trustingTheCa } from "./hosts.js";

/** The host in whose place the impostor answers. */
const host = (names: LabNames) => names.container("ssh-with-signed-hostkey");

/** What he made, below the project's folder. */
const made = (names: LabNames) => `${names.folder}/impostor`;

/** @param trusting the known_hosts option of the client that meets him */
const impostor = (names: LabNames, certificate: string, trusting = trustingTheCa(names)) =>
  `ssh -o StrictHostKeyChecking=yes ${trusting} -o ProxyCommand="docker exec -i ${host(names)} /usr/sbin/sshd -i -e -f /dev/null ` +
  `-o HostKey=/tmp/impostor/host_key -o HostCertificate=/tmp/impostor/${certificate}" ` +
  `-i ${keyOf(names, "bob")} ${account}@${hostName} whoami`;

/** A request to sign Alice's key. */
const signing = (names: LabNames, mount: string, asked: string) =>
  `curl -s ${tokenHeader(names)} {{vault}}/v1/${mount}/sign/${mount} ` +
  `-d '{${asked},"public_key":"'"$(cat ${keyOf(names, "alice")}.pub)"'"}'`;

export const refusals = (names: LabNames): Chapter => ({
  title: "What is refused",
  teaches:
    "What clients, hosts and Vault must refuse: an impostor with a certificate from a CA of his own, a certificate used " +
    "for another account, a certificate of one type used as the other. Each is tried for real, with OpenSSH's own client " +
    "and server.",
  needs: ["create-known-hosts", "start-ssh-with-signed-hostkey", "start-ssh-with-trusted-user-ca"],
  steps: [
    {
      about: "The impostor makes a CA and a host key of his own, and signs himself a certificate for localhost.",
      run:
        `rm -rf ${made(names)} && mkdir -p ${made(names)} && (cd ${made(names)} && ` +
        "ssh-keygen -q -t ed25519 -N '' -C 'a CA of his own' -f ca && ssh-keygen -q -t ed25519 -N '' -C impostor -f host_key && " +
        "ssh-keygen -s ca -h -I impostor -n localhost -V -5m:+1h host_key.pub)",
      see: { exit: 0, text: ["Signed host key"] },
    },
    {
      about: "His sshd answers instead of the real one. It listens on no port: ssh talks to it through a pipe.",
      run:
        `docker exec ${host(names)} rm -rf /tmp/impostor; ` +
        `docker cp -q ${made(names)} ${host(names)}:/tmp/ 2>/dev/null || docker cp ${made(names)} ${host(names)}:/tmp/; ` +
        `docker exec ${host(names)} chown -R root:root /tmp/impostor`,
      see: { exit: 0 },
    },
    {
      about: "The certificate has the right name, but the client does not trust its CA.",
      run: impostor(names, "host_key-cert.pub"),
      see: { exit: 255, text: ["Host key verification failed."], without: [/^admin-ssh-user$/m] },
      claim: "A host certificate from another CA is refused",
    },
    {
      about:
        "He takes the certificate of the real host, which anyone can get by connecting to it. He does not have its private key, so " +
        "his sshd does not even present it, and the client sees a key that nobody signed. (Step 12.16 has a server that does " +
        "present it.)",
      run: impostor(names, "../../etc/ssh/ssh_host_ed25519_key-cert.pub"),
      see: { exit: 255, text: ["Host key verification failed."], without: [/^admin-ssh-user$/m] },
      claim: "The real host's certificate is of no use without the real host's key",
    },
    {
      about: "He signs his host key as a user certificate. This time the client trusts his CA for hosts.",
      run:
        `ssh-keygen -q -s ${made(names)}/ca -I alice -n localhost -V -5m:+1h ${made(names)}/host_key.pub && ` +
        `docker cp ${made(names)}/host_key-cert.pub ${host(names)}:/tmp/impostor/user-cert.pub && ` +
        `echo "@cert-authority localhost $(cat ${made(names)}/ca.pub)" > ${made(names)}/known_hosts`,
      see: { exit: 0 },
    },
    {
      about: "Even this client does not accept a user certificate from a host.",
      run: impostor(names, "user-cert.pub", `-o UserKnownHostsFile=${made(names)}/known_hosts`),
      see: { exit: 255, text: ["not a host certificate"], without: [/^admin-ssh-user$/m] },
      claim: "A user certificate used as a host certificate is refused",
    },
    {
      about:
        "For which names is a CA trusted? He has his CA sign a host certificate for github.com. This client trusts the CA for " +
        "localhost, and takes the host for github.com: HostKeyAlias says so, and nothing is sent to github.com.",
      run:
        `ssh-keygen -q -s ${made(names)}/ca -h -I elsewhere -n github.com -V -5m:+1h ${made(names)}/host_key.pub && ` +
        `docker cp ${made(names)}/host_key-cert.pub ${host(names)}:/tmp/impostor/elsewhere-cert.pub; ` +
        impostor(names, "elsewhere-cert.pub", `-o HostKeyAlias=github.com -o UserKnownHostsFile=${made(names)}/known_hosts`),
      see: { exit: 255, text: ["Host key verification failed."], without: [/^admin-ssh-user$/m] },
      claim: "A CA that is trusted for localhost is trusted for no other name",
    },
    {
      about:
        "The same with a line that begins with `@cert-authority *`: the CA is trusted for every name. Now the impostor succeeds.",
      run:
        `sed -i 's/^@cert-authority localhost/@cert-authority */' ${made(names)}/known_hosts && cut -c 1-40 ${made(names)}/known_hosts && ` +
        impostor(names, "elsewhere-cert.pub", `-o HostKeyAlias=github.com -o UserKnownHostsFile=${made(names)}/known_hosts`),
      see: { exit: 0, text: ["@cert-authority * ", /^admin-ssh-user$/m] },
      claim: "With `*`, anyone who has the CA's key can pose as any host, github.com too: name only your own domain in that line",
    },
    {
      about: "Alice gets a valid certificate for admin-ssh-user.",
      run: "npm run sign-user-key -- alice",
      see: { exit: 0, text: ["admin-ssh-user"] },
    },
    {
      about: "With it she tries to log in to the account deploy, which exists on the host.",
      run: `ssh ${trustingTheCa(names)} ${loginTo(names, "ssh-with-trusted-user-ca", "alice", "deploy")} whoami`,
      see: { exit: 255, text: ["Permission denied (publickey)."], without: [/^deploy$/m] },
      claim: "A user certificate does not open an account that is not among its principals",
    },
    {
      about: "The host's log gives the reason.",
      run: `docker logs --tail 30 ${names.container("ssh-with-trusted-user-ca")} 2>&1 | grep 'Certificate invalid' | tail -n 1`,
      see: { exit: 0, text: ["name is not a listed principal"] },
      claim: "sshd's reason is that the account is not among the principals",
    },
    {
      about:
        "Can she get one for root? The lab's token has all rights in Vault, but a role limits what is signed with any token. " +
        "(With these rights, somebody could change the role first: see step 6.2.)",
      run: signing(names, "user-ssh", '"valid_principals":"root"'),
      see: { exit: 0, text: ["root is not a valid value for valid_principals"], without: ["signed_key"] },
      claim: "The user CA does not sign for a principal that its role does not name",
    },
    {
      about: "Can the role for users sign a host certificate?",
      run: signing(names, "user-ssh", '"cert_type":"host","valid_principals":"localhost"'),
      see: { exit: 0, text: ["cert_type 'host' is not allowed by role"], without: ["signed_key"] },
      claim: "The user CA signs no host certificates",
    },
    {
      about:
        "Can the role for hosts sign a wildcard? Newer clients would accept such a certificate for every host name that " +
        "matches it.",
      run: signing(names, "host-ssh", '"cert_type":"host","valid_principals":"*"'),
      see: { exit: 0, text: ["* is not a valid value for valid_principals"], without: ["signed_key"] },
      claim: "The host CA signs no wildcard",
    },
    {
      about:
        "Can it sign a certificate without a principal? For clients before OpenSSH 10.3, that would be valid for every host name.",
      run: signing(names, "host-ssh", '"cert_type":"host"'),
      see: { exit: 0, text: [/"errors":\[".*principals/], without: ["signed_key"] },
      claim: "The host CA signs no certificate without a principal",
    },
  ],
});
