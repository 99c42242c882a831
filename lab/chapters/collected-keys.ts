import type { LabNames } from "../names.js";
import type { Chapter } from "../runner/chapter.js";
import { silent, strictLogin } from "./logins.js";

const store = (names: LabNames) => `https://localhost:${String(names.ports.objectStore)}`;

export const collectedKeys = (names: LabNames): Chapter => ({
  title: "Known hosts the old way, done right",
  teaches:
    "Without a CA there is still a way without trust on first use: each machine publishes its public host keys when it boots, " +
    "to a store that knows which machine writes, and every client fetches the list over a channel that it can trust, before it " +
    "connects. It is safe. What it costs is seen as soon as anything changes.",
  needs: ["reset-cloud", "start-object-store"],
  steps: [
    {
      about:
        "Two machines. Each gets a ticket that allows it to write one object in the store, its own. It uses the ticket at its " +
        "first boot.",
      run: "npm run cloud -- launch web --publish && npm run cloud -- launch blue --publish",
      see: { exit: 0, text: ["web runs", "blue runs"], without: ["could not be published"] },
    },
    {
      about:
        "The store has a TLS certificate that only clients that were given it accept, and refuses requests without credentials.",
      run:
        `curl -s ${store(names)}/host-keys/web; echo "curl: $?"; ` +
        `curl -sk ${store(names)}/host-keys/web | grep -o '<Code>.*</Code>'; ` +
        `curl -sk -T README.md ${store(names)}/host-keys/web | grep -o '<Code>.*</Code>'`,
      see: { exit: 0, text: ["curl: 60", /(<Code>AccessDenied<\/Code>\s*){2}/] },
      claim:
        "Without credentials, nothing is read from the store or written to it, and only clients that were given its " +
        "certificate trust it",
    },
    {
      about: "The client's side: the keys are fetched with credentials, checked, and written as known_hosts lines.",
      run: "npm run collect-host-keys",
      see: { exit: 0, text: ["6 lines for 2 hosts"] },
    },
    {
      about: "Three keys a host, each under its name and its address.",
      on: "laptop",
      run: "cut -d ' ' -f 1,2 /etc/ssh/ssh_known_hosts",
      see: { exit: 0, text: [/^web\.lab\.test,\S+ ssh-ed25519$/m, /^blue\.lab\.test,\S+ ssh-ed25519$/m] },
    },
    {
      about: "The laptop has never connected to either of them.",
      on: "laptop",
      run: `${strictLogin("web.lab.test")} && ${strictLogin("blue.lab.test")}`,
      see: { ...silent, text: [/^admin-ssh-user\nadmin-ssh-user$/m] },
      claim: "With a list that was fetched beforehand, the first connection is strict and silent",
    },
    {
      about: "A third machine is launched; it publishes its keys too.",
      run: "npm run cloud -- launch late --publish",
      see: { exit: 0, text: ["late runs"] },
    },
    {
      about: "The laptop's list is from before.",
      on: "laptop",
      run: strictLogin("late.lab.test"),
      see: {
        exit: 255,
        text: ["No ED25519 host key is known for late.lab.test", "Host key verification failed."],
        without: [/^admin-ssh-user$/m],
      },
      claim: "A new machine is refused until every client has collected again",
    },
    {
      about: "A machine that is rebuilt has new keys.",
      run: "npm run cloud -- terminate web && npm run cloud -- launch web --publish",
      see: { exit: 0, text: ["web runs"] },
    },
    {
      about: "It published them, but the laptop still has the old list.",
      on: "laptop",
      run: strictLogin("web.lab.test"),
      see: {
        exit: 255,
        text: ["REMOTE HOST IDENTIFICATION HAS CHANGED!", "Host key verification failed."],
        without: [/^admin-ssh-user$/m],
      },
      claim: "A rebuilt machine is taken for an attacker until every client has collected again",
    },
    {
      about: "So every client has to collect again, after every launch.",
      run: "npm run collect-host-keys",
      see: { exit: 0, text: ["9 lines for 3 hosts"] },
    },
    {
      about: "Now both are known.",
      on: "laptop",
      run: `${strictLogin("web.lab.test")} && ${strictLogin("late.lab.test")}`,
      see: { ...silent, text: [/^admin-ssh-user\nadmin-ssh-user$/m] },
      claim: "After collecting again, both machines are accepted",
    },
    {
      about:
        "And lists grow. A login with many lines, plain and hashed, against the one line of a host CA (one round; `npm run bench` has more):",
      run: "npm run bench -- known-hosts --rounds 1",
      see: { exit: 0, text: ["@cert-authority, 1 line", "plain, 100,000 lines", "hashed, 100,000 lines"] },
    },
  ],
  table: {
    title: "Four ways to know a host",
    head: ["", "What an attacker in the middle gets", "What grows with the number of hosts", "What a rebuild costs"],
    rows: [
      [
        "Trust on first use, blindly",
        "at the first connection everything: the password, the commands, the session",
        "on every client some lines for every host and every address it ever had",
        "on every client a warning of an attack, ssh-keygen -R, and one more blind yes",
      ],
      [
        "Verified fingerprint",
        "nothing, if a person really compares",
        "the same lines, and for each a person who compares",
        "the warning, and a person who compares again, on every client",
      ],
      [
        "Distributed known_hosts",
        "nothing, with strict checking",
        "three lines for every host on every client, and a store, and every client's fetching",
        "refused as an attack until every client has fetched again",
      ],
      [
        "Host CA",
        "nothing, with strict checking",
        "nothing: one line on every client",
        "nothing: new keys are signed at the first boot",
      ],
    ],
  },
});
