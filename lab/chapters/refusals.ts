import type { Chapter } from "../runner/story.js";

const strict = "ssh -o StrictHostKeyChecking=yes -o UserKnownHostsFile=./known_hosts";
const impostor = (certificate: string) =>
  `${strict} -o ProxyCommand="docker exec -i ssh-with-signed-hostkey /usr/sbin/sshd -i -e -f /dev/null ` +
  `-o HostKey=/tmp/impostor/host_key -o HostCertificate=/tmp/impostor/${certificate}" ` +
  "-i ssh-keys/bob_id_rsa admin-ssh-user@localhost whoami";

/** A request to sign Alice's key. The token comes from a file, so no argument shows it. */
const signing = (mount: string, asked: string) =>
  `curl -s -H @.lab/client/token-header {{vault}}/v1/${mount}/sign/${mount} ` +
  `-d '{${asked},"public_key":"'"$(cat ssh-keys/alice_id_rsa.pub)"'"}'`;

export const refusals: Chapter = {
  title: "What is refused",
  teaches:
    "Trust is worth what it refuses. An impostor with a certificate of his own making; a certificate used for another account; " +
    "a certificate of one kind passed off as the other. Each is tried for real, by OpenSSH's own client and server.",
  needs: ["create-known-hosts", "start-ssh-with-signed-hostkey", "start-ssh-with-trusted-user-ca"],
  steps: [
    {
      about: "The impostor makes himself an authority and a host key, and certifies himself as localhost.",
      run:
        "rm -rf .lab/impostor && mkdir -p .lab/impostor && cd .lab/impostor && " +
        "ssh-keygen -q -t ed25519 -N '' -C 'a CA of his own' -f ca && ssh-keygen -q -t ed25519 -N '' -C impostor -f host_key && " +
        "ssh-keygen -s ca -h -I impostor -n localhost -V -5m:+1h host_key.pub",
      see: { exit: 0, text: ["Signed host key"] },
    },
    {
      about: "His sshd answers in the place of the real one. Nothing listens for it: ssh talks to it through a pipe.",
      run: `docker exec ssh-with-signed-hostkey rm -rf /tmp/impostor; docker cp -q .lab/impostor ssh-with-signed-hostkey:/tmp/ 2>/dev/null || docker cp .lab/impostor ssh-with-signed-hostkey:/tmp/; docker exec ssh-with-signed-hostkey chown -R root:root /tmp/impostor`,
      see: { exit: 0 },
    },
    {
      about: "The client knows the name, but not the authority.",
      run: impostor("host_key-cert.pub"),
      see: { exit: 255, text: ["Host key verification failed."], without: [/^admin-ssh-user$/m] },
      claim: "A host certificate from another CA is refused",
    },
    {
      about: "He steals the certificate of the real host, which anyone can see; its private key he does not have.",
      run: impostor("../../etc/ssh/ssh_host_ed25519_key-cert.pub"),
      see: { exit: 255, text: ["Host key verification failed."], without: [/^admin-ssh-user$/m] },
      claim: "The real host's certificate is of no use without the real host's key",
    },
    {
      about: "He certifies his host key as if it were a person's, and finds a client that trusts his authority for hosts.",
      run:
        "ssh-keygen -q -s .lab/impostor/ca -I alice -n localhost -V -5m:+1h .lab/impostor/host_key.pub && " +
        "docker cp .lab/impostor/host_key-cert.pub ssh-with-signed-hostkey:/tmp/impostor/user-cert.pub && " +
        `echo "@cert-authority localhost $(cat .lab/impostor/ca.pub)" > .lab/impostor/known_hosts`,
      see: { exit: 0 },
    },
    {
      about: "Even that client does not take a user certificate for a host's.",
      run: impostor("user-cert.pub").replace("=./known_hosts", "=.lab/impostor/known_hosts"),
      see: { exit: 255, text: ["not a host certificate"], without: [/^admin-ssh-user$/m] },
      claim: "A user certificate used as a host certificate is refused",
    },
    {
      about: "Alice has a good certificate for admin-ssh-user.",
      run: "npm run sign-user-key -- alice",
      see: { exit: 0, text: ["admin-ssh-user"] },
    },
    {
      about: "With it she tries the account deploy, which exists on the host.",
      run: "ssh -o UserKnownHostsFile=./known_hosts -p 3022 -i ssh-keys/alice_id_rsa deploy@localhost whoami",
      see: { exit: 255, text: ["Permission denied (publickey)."], without: [/^deploy$/m] },
      claim: "A user certificate does not open an account that is not among its principals",
    },
    {
      about: "The host's log gives the reason.",
      run: "docker logs --tail 30 ssh-with-trusted-user-ca 2>&1 | grep 'Certificate invalid' | tail -n 1",
      see: { exit: 0, text: ["name is not a listed principal"] },
      claim: "sshd's reason is the principal",
    },
    {
      about: "Could she have one for root? The lab's token may do anything at all, and even so:",
      run: signing("user-ssh", '"valid_principals":"root"'),
      see: { exit: 0, text: ["root is not a valid value for valid_principals"], without: ["signed_key"] },
      claim: "The user CA does not sign for a principal that its role does not name",
    },
    {
      about: "And a host certificate from the role for people?",
      run: signing("user-ssh", '"cert_type":"host","valid_principals":"localhost"'),
      see: { exit: 0, text: ["cert_type 'host' is not allowed by role"], without: ["signed_key"] },
      claim: "The user CA signs no host certificates",
    },
    {
      about: "A wildcard in a host's name, which newer clients would honour for every host under it?",
      run: signing("host-ssh", '"cert_type":"host","valid_principals":"*"'),
      see: { exit: 0, text: ["* is not a valid value for valid_principals"], without: ["signed_key"] },
      claim: "The host CA signs no wildcard",
    },
    {
      about: "A host certificate that names nobody, and so would stand for everybody?",
      run: signing("host-ssh", '"cert_type":"host"'),
      see: { exit: 0, text: [/"errors":\[".*principals/], without: ["signed_key"] },
      claim: "The host CA signs no certificate without a principal",
    },
  ],
};
