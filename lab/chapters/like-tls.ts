import type { LabNames } from "../names.js";
import type { Chapter, Step } from "../runner/chapter.js";

/** The faults, in the order of their ports: 4431 and 2201, 4432 and 2202, … */
const kinds = ["good", "name", "time", "issuer"] as const;
type Kind = (typeof kinds)[number];
const port = (kind: Kind, first: number) => String(first + kinds.indexOf(kind));

const openssl = (kind: Kind) =>
  `openssl s_client -brief -connect shop.lab.test:${port(kind, 4431)} -verify_hostname shop.lab.test ` +
  "-verify_return_error -CAfile tls/ca.crt < /dev/null";
const ssh = (kind: Kind) =>
  `ssh -v -p ${port(kind, 2201)} -o StrictHostKeyChecking=yes -o UserKnownHostsFile=tls/known_hosts admin-ssh-user@shop.lab.test ` +
  "whoami 2>&1 | grep -E '^admin|Server host certificate|Certificate invalid|host key is known|verification failed'";
const shownCertificate = "Server host certificate: ssh-ed25519-cert-v01@openssh.com";

const shop = (names: LabNames) => names.container("cloud-shop");
const laptop = (names: LabNames) => names.container("laptop");

/** One fault, met by a TLS client and by ssh. */
const fault = (kind: Kind, about: string, tls: string, words: string, claim: string): Step[] => [
  {
    about: `${about} What openssl says:`,
    on: "laptop",
    run: openssl(kind),
    see: { exit: 1, text: [tls], without: ["Verification: OK"] },
    claim: `${claim}: TLS refuses`,
  },
  {
    about: "And what ssh says of the host certificate with the same fault:",
    on: "laptop",
    run: ssh(kind),
    see: { exit: 0, text: [words, shownCertificate, "Host key verification failed."], without: [/^admin-ssh-user$/m] },
    claim: `${claim}: ssh refuses`,
  },
];

export const likeTls = (names: LabNames): Chapter => ({
  title: "TLS, for comparison",
  teaches:
    "A browser checks three things in a certificate: is it for the name that was typed, is it valid now, was it signed by " +
    "a CA that the browser trusts. ssh checks the same three things in a host certificate. Here each check fails once, " +
    "with TLS and with ssh. Two things differ: browsers come with about a hundred CAs, ssh with none. And if a check " +
    "fails, a browser shows a warning page, and ssh asks the person, unless strict checking is on.",
  needs: ["reset-cloud"],
  steps: [
    {
      about: "A machine that will show four certificates of each kind.",
      run:
        `npm run cloud -- launch shop && docker exec ${shop(names)} cat /etc/ssh/ssh_host_ed25519_key.pub | ` +
        `docker exec -i ${laptop(names)} sh -c 'mkdir tls && cat > tls/host.pub'`,
      see: { exit: 0, text: ["shop runs"] },
    },
    {
      about: "Two CAs of each kind: one that the clients will trust, and one that they do not know (stranger).",
      on: "laptop",
      run:
        "mkdir -p ~/authorities && cd ~/authorities && for name in ca stranger; do " +
        "openssl req -x509 -newkey ed25519 -nodes -days 1 -subj /CN=$name -keyout $name.key -out $name.crt && " +
        "ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done",
      see: { exit: 0 },
    },
    {
      about:
        "The same four host certificates of each kind: one without a fault, one for another name, one that expired yesterday, " +
        "one from the unknown CA. An X.509 certificate has the names in subjectAltName, an SSH certificate has them in the " +
        "principals.",
      on: "laptop",
      run:
        "cd ~/authorities && openssl genpkey -algorithm ed25519 -out ~/tls/shop.key && make() { " +
        "openssl req -new -key ~/tls/shop.key -subj /CN=shop -addext subjectAltName=DNS:$3 | " +
        "openssl x509 -req -CA $2.crt -CAkey $2.key -copy_extensions copy -days $4 -out ~/tls/$1.crt && " +
        "ssh-keygen -q -s $2 -h -I shop -n $3 -V -2d:$5 ~/tls/host.pub && mv ~/tls/host-cert.pub ~/tls/$1-cert.pub; } && " +
        "make good ca shop.lab.test 1 +1d && make name ca other.lab.test 1 +1d && make time ca shop.lab.test -1 -1d && " +
        "make issuer stranger shop.lab.test 1 +1d && ssh-keygen -L -f ~/tls/time-cert.pub | grep -A 3 -e Valid && " +
        "openssl x509 -in ~/tls/time.crt -noout -enddate",
      see: { exit: 0, text: ["Valid: from", "shop.lab.test", "notAfter="] },
    },
    {
      about: "What the clients trust: one CA each.",
      on: "laptop",
      run: 'cp ~/authorities/ca.crt ~/tls/ && echo "@cert-authority *.lab.test $(cat ~/authorities/ca.pub)" | tee ~/tls/known_hosts',
      see: { exit: 0, text: [/^@cert-authority \*\.lab\.test ssh-ed25519 /] },
    },
    {
      about: "The machine gets its certificates, and shows each at a port of its own: TLS from 4431 on, SSH from 2201 on.",
      run:
        `rm -rf ${names.folder}/tls && docker cp ${laptop(names)}:/home/alice/tls ${names.folder}/ && ` +
        `docker cp ${names.folder}/tls ${shop(names)}:/srv/ && rm -rf ${names.folder}/tls && ` +
        `docker exec ${shop(names)} sh -c 'chown -R root:root /srv/tls; cd /srv/tls; n=0; for fault in good name time issuer; do n=$((n+1)); ` +
        "openssl s_server -quiet -accept 443$n -cert $fault.crt -key shop.key >/dev/null 2>&1 & " +
        "/usr/sbin/sshd -f /etc/ssh/sshd_config -o PidFile=none -p 220$n -o HostCertificate=/srv/tls/$fault-cert.pub; done'",
      see: { exit: 0 },
    },
    {
      about: "First the certificate without a fault, with TLS.",
      on: "laptop",
      run: openssl("good"),
      within: 10,
      see: { exit: 0, text: ["Verification: OK"] },
      claim: "A certificate without a fault is accepted by TLS",
    },
    {
      about: "And with ssh.",
      on: "laptop",
      run: ssh("good"),
      see: { exit: 0, text: [/^admin-ssh-user$/m, shownCertificate] },
      claim: "A host certificate without a fault is accepted by ssh",
    },
    ...fault(
      "name",
      "The right name?",
      "hostname mismatch",
      "Certificate invalid: name is not a listed principal",
      "The wrong name",
    ),
    ...fault("time", "The right time?", "certificate has expired", "Certificate invalid: expired", "The wrong time"),
    ...fault(
      "issuer",
      "The right issuer?",
      "unable to get local issuer certificate",
      "No ED25519 host key is known for",
      "An unknown issuer",
    ),
  ],
  table: {
    title: "The browser's three checks, in both worlds",
    head: ["", "TLS", "SSH"],
    rows: [
      ["The name is in", "subjectAltName", "the principals"],
      ["The wrong name", "hostname mismatch", "name is not a listed principal"],
      ["The wrong time", "certificate has expired", "expired"],
      ["An unknown issuer", "unable to get local issuer certificate", "no host key is known"],
      ["Trusted CAs from the start", "about a hundred", "none: one @cert-authority line names yours"],
      ["For which names", "all of them", "those that the line names"],
      ["Chains of CAs", "yes", "no: the CA that you trust signs the host's key itself"],
    ],
  },
});
