import type { LabNames } from "../names.js";
import type { Chapter } from "../runner/chapter.js";
import { account, hostName, type HostName, type Person } from "../story.js";
import { keyOf, portOf, trustingTheCa } from "./hosts.js";
import { literally } from "./patterns.js";

const trace = (names: LabNames, host: HostName, person: Person) =>
  `ssh-trust trace -o StrictHostKeyChecking=yes ${trustingTheCa(names)} -p ${portOf(names, host)} -i ${keyOf(names, person)}`;
const login = `${account}@${hostName}`;

/** How a trace names a person's key. */
const keyIn = (names: LabNames, person: Person) => literally(keyOf(names, person));

/** What a trace shows after another, whatever stands between. */
const inOrder = (...parts: readonly string[]) => new RegExp(parts.join("[^]*"));

export const handshake = (names: LabNames): Chapter => ({
  title: "The handshake, made visible",
  teaches:
    "Every login of the previous chapters had three phases: client and host agree on algorithms; the host proves who it is, " +
    "by signing the result of the key exchange with its private key; the user proves who they are, by signing the identifier " +
    "of this session with theirs. The client checks the host's signature, and looks for its key, or for the CA of its " +
    "certificate, in known_hosts. `ssh-trust trace` runs a login with ssh's own log on, and shows it in order: who " +
    "sent what, when, and what decided.",
  needs: [
    "create-known-hosts",
    "start-ssh-with-authorized-keys",
    "start-ssh-with-signed-hostkey",
    "start-ssh-with-trusted-user-ca",
  ],
  steps: [
    {
      about:
        "Bob logs in to the host with certificates. In phase 2 the host sends its certificate, and the client looks for the CA " +
        "in known_hosts.",
      run: `${trace(names, "ssh-with-signed-hostkey", "bob")} ${login}`,
      see: {
        exit: 0,
        text: [
          `the CA is known for “localhost”: line 1 of ./${names.knownHosts}`,
          "certificate ssh-ed25519-cert-v01@openssh.com",
          inOrder("1 {2}Setup", "2 {2}Key exchange and host authentication", "3 {2}User authentication"),
          "logged in after",
        ],
        without: ["a person has to say"],
      },
      legend: {
        "→ ←": "what the client says, and what the server says",
        "·": "what the client decides by itself: whether the key and the signature are right",
        "┊ ┃": "the channel: ┊ is not encrypted, ┃ is encrypted",
        "ms, +ms": "the time since the start, and how long this one thing took to happen",
      },
      claim: "The line of known_hosts that names the CA decided, and no other",
    },
    {
      about:
        "The same trace once more, to show the order: a password or a signature is never sent before encryption has started.",
      run: `${trace(names, "ssh-with-signed-hostkey", "bob")} ${login} | grep -E 'signature is right|encrypted$|asks what|probe|prove that|over this very|welcome'`,
      see: {
        exit: 0,
        text: [
          inOrder("the host holds the private half", "from here on, everything is encrypted", "asks what admin-ssh-user may try"),
          inOrder(
            `the probe: would the key ${keyIn(names, "bob")} do`,
            "yes: prove that you hold it",
            "the signature",
            "welcome",
          ),
        ],
      },
      claim: "The host proves who it is, then encryption starts, and only then does the user prove anything",
    },
    {
      about: "Alice gets a certificate, for the host that trusts the user CA.",
      run: "npm run sign-user-key -- alice",
      see: { exit: 0, text: [`${keyOf(names, "alice")}-cert.pub`] },
    },
    {
      about:
        "ssh offers her key without the certificate first, which this host does not know; then the certificate, which it " +
        "accepts.",
      run: `${trace(names, "ssh-with-trusted-user-ca", "alice")} ${login}`,
      see: {
        exit: 0,
        text: [
          `the probe: would the certificate of ${keyOf(names, "alice")} do?`,
          inOrder(
            `would the key ${keyIn(names, "alice")} do`,
            "no: not this one",
            "would the certificate",
            "yes: prove that you hold it",
          ),
          "for the user admin-ssh-user",
          "signed with rsa-sha2-512-cert-v01@openssh.com",
        ],
      },
      claim:
        "Alice's key without the certificate is declined when it is offered, before anything is signed; her certificate is " +
        "accepted",
    },
    {
      about: `The old host, on port ${portOf(names, "ssh-with-authorized-keys")}, has no certificate, and this known_hosts has no key for it.`,
      run: `${trace(names, "ssh-with-authorized-keys", "bob")} ${login}`,
      see: {
        exit: 1,
        text: [
          "the login ended in phase 2, key exchange and host authentication",
          `no known_hosts file has a key for [localhost]:${portOf(names, "ssh-with-authorized-keys")}`,
          "3  User authentication: not reached",
        ],
        without: ["everything is encrypted", "the probe"],
      },
      claim: "If the host cannot prove who it is, the login ends in phase 2: no user name, key or password was sent",
    },
    {
      about: "Alice tries the host that knows only Bob's key. It proves who it is; she cannot.",
      run: `${trace(names, "ssh-with-signed-hostkey", "alice")} ${login}`,
      see: {
        exit: 1,
        text: [
          inOrder("from here on, everything is encrypted", `would the key ${keyIn(names, "alice")} do`, "no: not this one"),
          "the login ended in phase 3, user authentication: permission denied for admin-ssh-user",
        ],
        without: ["over this very session", "welcome"],
      },
      claim: "If the user is refused, the login ends in phase 3, and the trace names what was tried",
    },
    {
      about: "The same as an HTML page, to keep or to send to somebody: a drawing of the handshake, and ssh's whole log.",
      run:
        `${trace(names, "ssh-with-signed-hostkey", "bob")} --report ${names.folder}/trace.html ${login} && ` +
        `grep -o '<title>.*</title>' ${names.folder}/trace.html`,
      see: { exit: 0, text: [`<title>Logged in: ${login}</title>`, `the report: ${names.folder}/trace.html`] },
    },
  ],
});
