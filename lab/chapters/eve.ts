import type { LabNames } from "../names.js";
import { blindYes, type Chapter, type Step } from "../runner/chapter.js";
import { loggedIn, login, silent, strictLogin, trustAtTheLaptop } from "./logins.js";

const www = "www.lab.test";
/** The machine that Eve stands before. */
const web = (names: LabNames) => names.container("cloud-web");
const eve = (names: LabNames) => names.container("eve");
const withPassword = { ...blindYes, "password:": "{{password}}" };

/** Eve shows something, and a strict client with the CA's line looks at it. */
const shows = (about: string, options: string, shown: string, seen: string, claim: string): Step[] => [
  { about, run: `npm run eve -- start www ${options}`, see: { exit: 0, text: ["leads to her"] } },
  {
    about: "With -v the client says what it was shown. It does not ask Alice for her password.",
    on: "laptop",
    run: `${strictLogin(www).replace("ssh ", "ssh -v ")} 2>&1 | grep -E '^admin|password:|Server host certificate|invalid|verification failed|incorrect signature'`,
    unasked: withPassword,
    see: { exit: 0, text: [seen, shown, /Host key verification failed|incorrect signature/], without: [loggedIn, "password:"] },
    claim,
  },
];

export const eveInTheMiddle = (names: LabNames): Chapter => ({
  title: "Eve in the middle",
  teaches:
    "Eve controls the network path to www.lab.test: its address leads to her. She is a server to the laptop and a client " +
    "to the machine, and passes on what she can: passwords and commands, but no login with a key (12.6). Alice's client has " +
    "three settings, one after the other: it trusts on first use, it has stored the host's key, it trusts the host CA. Eve " +
    "attacks only machines of the lab's own cloud; her log says what she got.",
  needs: ["reset-cloud", "apply-fleet"],
  steps: [
    {
      about: "A machine behind www.lab.test, with an account that accepts a password too.",
      run: "npm run cloud -- launch web --signed --password && npm run cloud -- associate www web",
      see: { exit: 0, text: ["leads to web"] },
      remember: { password: /^password of admin-ssh-user: (\S+)$/m },
    },
    { about: "Eve takes its place.", run: "npm run eve -- start www", see: { exit: 0, text: ["leads to her, not to web"] } },
    {
      about:
        "Alice's client has stored no host key yet. She answers yes, as everyone does. Her key does not work through Eve (step " +
        "12.6 explains why), so ssh asks for her password, and she types it.",
      on: "laptop",
      run: login(www),
      answers: withPassword,
      see: { exit: 0, text: ["Permanently added 'www.lab.test' (ED25519)", loggedIn] },
      claim: "With trust on first use and a blind yes, a login through Eve looks like any other",
    },
    {
      about: "Eve's log of this login.",
      run: `docker logs ${eve(names)}`,
      see: {
        exit: 0,
        text: ["eve: password of admin-ssh-user: {{password}}", "eve: read the command: whoami", "eve: added one of my own"],
      },
      claim: "Eve has read the password and the command",
    },
    {
      about: "And what she left on the machine, in Alice's name.",
      run: `docker exec ${web(names)} cat /home/admin-ssh-user/eve-was-here`,
      see: { exit: 0, text: [/^Eve was here$/m] },
      claim: "Eve has run a command of her own in Alice's session",
    },
    {
      about:
        "Why did Alice's key not work? What it signs begins with the identifier of the session, which results from the key " +
        "exchange (RFC 4252, section 7). There are two sessions, Alice's with Eve and Eve's with the machine, with two " +
        "identifiers, and Eve cannot make them the same. So a login with a key cannot be passed on: Eve gets the user name and " +
        "the public keys that were offered, but no private key, and no signature that any host accepts. She still can pretend " +
        "to be the host: ask for a password, even if the real host accepts only keys, or accept the login herself; and read " +
        "what is typed. If the client refuses her host key, she learns nothing about the user, not even the name.",
      run: `docker logs ${eve(names)} | grep session; docker logs ${web(names)} 2>&1 | grep -m 1 'Failed publickey'`,
      see: {
        exit: 0,
        text: [
          /signature is over the session (\w+)…, the one with me\n.*over the session (?!\1)\w+…, its own/,
          "Failed publickey for admin-ssh-user",
        ],
      },
      claim:
        "A public-key login cannot be passed on: the signature is valid for one session only, and the machine refuses it in " +
        "another",
    },
    {
      about: "Eve stops.",
      run: "npm run eve -- stop",
      see: { exit: 0, text: ["leads to web again"] },
    },
    {
      about:
        "Alice connects to the machine itself, and her client stores its key. For her, two things differ from the first time: " +
        "the fingerprint, which she compares with nothing, and that she is asked for no password. Neither tells her that this " +
        "is the right key.",
      on: "laptop",
      run: `rm ~/.ssh/known_hosts; ${login(www)}`,
      answers: blindYes,
      see: { exit: 0, text: ["Permanently added", loggedIn], without: ["password:"] },
    },
    { about: "Eve comes back.", run: "npm run eve -- start www", see: { exit: 0, text: ["leads to her"] } },
    {
      about: "Now the client has a stored key to compare Eve's with.",
      on: "laptop",
      run: login(www),
      unasked: withPassword,
      see: { exit: 255, text: ["REMOTE HOST IDENTIFICATION HAS CHANGED!", "Host key verification failed."], without: [loggedIn] },
      claim:
        "A client that has stored the host's key warns and refuses (with the same warning as when an address had only moved)",
    },
    {
      about:
        "Instead of the key that it stored at its first connection, the client gets one line: which CA it trusts, and for " +
        "which names.",
      run: trustAtTheLaptop(names),
      see: { exit: 0, text: [/^@cert-authority \*\.lab\.test ssh-ed25519 \S+\s*$/] },
    },
    {
      about: "Eve still shows a key of her own.",
      on: "laptop",
      run: strictLogin(www),
      unasked: withPassword,
      see: {
        exit: 255,
        text: ["No ED25519 host key is known for www.lab.test", "Host key verification failed."],
        without: [loggedIn, "password:"],
      },
      claim: "With @cert-authority and strict checking, Eve gets nothing with a key of her own",
    },
    {
      about: "Her log since she came back: two clients connected, the one with the stored key and the one with strict checking.",
      run: `docker logs ${eve(names)}; docker logs ${eve(names)} 2>&1 | grep -c -e password -e signature -e 'read the command'`,
      see: { exit: 1, text: ["eve: I listen where www.lab.test leads", /^0$/m] },
      claim: "Neither of the two sent Eve a password, a signature or a command",
    },
    ...shows(
      "She makes a CA of her own, and signs a certificate for the right name.",
      "--present own-ca",
      'serial 0 ID "www.lab.test" CA ssh-ed25519',
      "Host key verification failed.",
      "She gets nothing with a certificate from her own CA",
    ),
    ...shows(
      "She shows the certificate of the real host, which anyone can have, but signs with another key: she does not have the host's.",
      "--present stolen-certificate",
      "Server host certificate: ssh-ed25519-cert-v01@openssh.com",
      "incorrect signature",
      "She gets nothing with the real host's certificate without its key: the signature over the key exchange is wrong",
    ),
    {
      about:
        "Eve is a customer of the same cloud. She launches a machine of her own, which she is allowed to (the fleet has a " +
        "group for guests), and takes its key and certificate.",
      run: "npm run cloud -- launch mallory --signed",
      see: { exit: 0, text: ["mallory runs"] },
    },
    ...shows(
      "The real CA signed this certificate, and she has its private key. But it names another host.",
      "--present other-host --machine mallory",
      "Server host certificate: ssh-ed25519-cert-v01@openssh.com",
      "Certificate invalid: name is not a listed principal",
      "She gets nothing with a certificate from the real CA for another host's name",
    ),
    { about: "She gives up.", run: "npm run eve -- stop", see: { exit: 0, text: ["leads to web again"] } },
    {
      about: "The host itself, with its own key and certificate, is accepted without a question.",
      on: "laptop",
      run: strictLogin(www),
      see: silent,
      claim: "The real host is accepted with the same line with which Eve was refused every time",
    },
  ],
});
