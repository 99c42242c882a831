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
    "Trust is worth what it refuses. An impostor with a certificate of his own making; a certificate used for another account; " +
    "a certificate of one kind passed off as the other. Each is tried for real, by OpenSSH's own client and server.",
  needs: ["create-known-hosts", "start-ssh-with-signed-hostkey", "start-ssh-with-trusted-user-ca"],
  steps: [
    {
      about: "The impostor makes himself an authority and a host key, and certifies himself as localhost.",
      run:
        `rm -rf ${made(names)} && mkdir -p ${made(names)} && cd ${made(names)} && ` +
        "ssh-keygen -q -t ed25519 -N '' -C 'a CA of his own' -f ca && ssh-keygen -q -t ed25519 -N '' -C impostor -f host_key && " +
        "ssh-keygen -s ca -h -I impostor -n localhost -V -5m:+1h host_key.pub",
      see: { exit: 0, text: ["Signed host key"] },
    },
    {
      about: "His sshd answers in the place of the real one. Nothing listens for it: ssh talks to it through a pipe.",
      run:
        `docker exec ${host(names)} rm -rf /tmp/impostor; ` +
        `docker cp -q ${made(names)} ${host(names)}:/tmp/ 2>/dev/null || docker cp ${made(names)} ${host(names)}:/tmp/; ` +
        `docker exec ${host(names)} chown -R root:root /tmp/impostor`,
      see: { exit: 0 },
    },
    {
      about: "The client knows the name, but not the authority.",
      run: impostor(names, "host_key-cert.pub"),
      see: { exit: 255, text: ["Host key verification failed."], without: [/^admin-ssh-user$/m] },
      claim: "A host certificate from another CA is refused",
    },
    {
      about: "He steals the certificate of the real host, which anyone can see; its private key he does not have.",
      run: impostor(names, "../../etc/ssh/ssh_host_ed25519_key-cert.pub"),
      see: { exit: 255, text: ["Host key verification failed."], without: [/^admin-ssh-user$/m] },
      claim: "The real host's certificate is of no use without the real host's key",
    },
    {
      about: "He certifies his host key as if it were a person's, and finds a client that trusts his authority for hosts.",
      run:
        `ssh-keygen -q -s ${made(names)}/ca -I alice -n localhost -V -5m:+1h ${made(names)}/host_key.pub && ` +
        `docker cp ${made(names)}/host_key-cert.pub ${host(names)}:/tmp/impostor/user-cert.pub && ` +
        `echo "@cert-authority localhost $(cat ${made(names)}/ca.pub)" > ${made(names)}/known_hosts`,
      see: { exit: 0 },
    },
    {
      about: "Even that client does not take a user certificate for a host's.",
      run: impostor(names, "user-cert.pub", `-o UserKnownHostsFile=${made(names)}/known_hosts`),
      see: { exit: 255, text: ["not a host certificate"], without: [/^admin-ssh-user$/m] },
      claim: "A user certificate used as a host certificate is refused",
    },
    {
      about:
        "How far does an authority reach? He has his authority certify a host key as github.com. This client trusts the authority for localhost, and " +
        "looks for github.com.",
      run:
        `ssh-keygen -q -s ${made(names)}/ca -h -I elsewhere -n github.com -V -5m:+1h ${made(names)}/host_key.pub && ` +
        `docker cp ${made(names)}/host_key-cert.pub ${host(names)}:/tmp/impostor/elsewhere-cert.pub; ` +
        impostor(names, "elsewhere-cert.pub", `-o HostKeyAlias=github.com -o UserKnownHostsFile=${made(names)}/known_hosts`),
      see: { exit: 255, text: ["Host key verification failed."], without: [/^admin-ssh-user$/m] },
      claim: "An authority that is trusted for localhost vouches for no other name",
    },
    {
      about: "The same with a line that begins with `@cert-authority *`.",
      run:
        `sed -i 's/^@cert-authority localhost/@cert-authority */' ${made(names)}/known_hosts && cut -c 1-40 ${made(names)}/known_hosts && ` +
        impostor(names, "elsewhere-cert.pub", `-o HostKeyAlias=github.com -o UserKnownHostsFile=${made(names)}/known_hosts`),
      see: { exit: 0, text: ["@cert-authority * ", /^admin-ssh-user$/m] },
      claim: "An authority that is trusted for * can be any host there is, github.com too: name your own domain in that line",
    },
    {
      about: "Alice has a good certificate for admin-ssh-user.",
      run: "npm run sign-user-key -- alice",
      see: { exit: 0, text: ["admin-ssh-user"] },
    },
    {
      about: "With it she tries the account deploy, which exists on the host.",
      run: `ssh ${trustingTheCa(names)} ${loginTo(names, "ssh-with-trusted-user-ca", "alice", "deploy")} whoami`,
      see: { exit: 255, text: ["Permission denied (publickey)."], without: [/^deploy$/m] },
      claim: "A user certificate does not open an account that is not among its principals",
    },
    {
      about: "The host's log gives the reason.",
      run: `docker logs --tail 30 ${names.container("ssh-with-trusted-user-ca")} 2>&1 | grep 'Certificate invalid' | tail -n 1`,
      see: { exit: 0, text: ["name is not a listed principal"] },
      claim: "sshd's reason is the principal",
    },
    {
      about: "Could she have one for root? The lab's token may do anything at all, and even so:",
      run: signing(names, "user-ssh", '"valid_principals":"root"'),
      see: { exit: 0, text: ["root is not a valid value for valid_principals"], without: ["signed_key"] },
      claim: "The user CA does not sign for a principal that its role does not name",
    },
    {
      about: "And a host certificate from the role for people?",
      run: signing(names, "user-ssh", '"cert_type":"host","valid_principals":"localhost"'),
      see: { exit: 0, text: ["cert_type 'host' is not allowed by role"], without: ["signed_key"] },
      claim: "The user CA signs no host certificates",
    },
    {
      about: "A wildcard in a host's name, which newer clients would honour for every host under it?",
      run: signing(names, "host-ssh", '"cert_type":"host","valid_principals":"*"'),
      see: { exit: 0, text: ["* is not a valid value for valid_principals"], without: ["signed_key"] },
      claim: "The host CA signs no wildcard",
    },
    {
      about: "A host certificate that names nobody, and so would stand for everybody?",
      run: signing(names, "host-ssh", '"cert_type":"host"'),
      see: { exit: 0, text: [/"errors":\[".*principals/], without: ["signed_key"] },
      claim: "The host CA signs no certificate without a principal",
    },
  ],
});
