import type { LabNames } from "../names.js";
import { blindYes, type Chapter } from "../runner/chapter.js";
import { login, silent } from "./logins.js";
import { addressIn } from "./patterns.js";

const address = /web\.lab\.test, (\S+)$/m;

export const fiveExperiments = (names: LabNames): Chapter => ({
  title: "Two key pairs, five experiments",
  teaches:
    "Every login uses two key pairs. The user's is on the laptop, and its public key is put into a machine when that is " +
    "launched. The host's is made by the machine at its first boot, and its public key is stored on the laptop at the " +
    "first login. Five things that happen to every cloud machine show what the laptop's known_hosts is: not a list of " +
    "trusted hosts, but a record of which key was seen at which address.",
  needs: ["reset-cloud"],
  steps: [
    {
      about: "Experiment 1, the first connection. A machine is launched; the laptop's public key goes with it.",
      run: "npm run cloud -- launch web",
      see: { exit: 0, text: ["web runs"] },
      remember: { first: address },
    },
    {
      about: "Alice types yes, as everyone does.",
      on: "laptop",
      run: login("{{first}}"),
      answers: blindYes,
      see: {
        exit: 0,
        text: [
          "The authenticity of host '{{first}}",
          "This key is not known by any other names.",
          "Permanently added '{{first}}' (ED25519)",
          /^admin-ssh-user$/m,
        ],
      },
      remember: { key: /ED25519 key fingerprint is (SHA256:\S+)\./ },
      claim: "Experiment 1: at the first connection a person is asked, and what was shown is stored",
    },
    {
      about: "The two key pairs: the user's, on the laptop and in the machine's list; the host's, on the machine.",
      on: "laptop",
      run:
        "ssh-keygen -l -f ~/.ssh/id_ed25519.pub; " +
        "ssh admin-ssh-user@{{first}} 'ssh-keygen -l -f .ssh/authorized_keys; ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub'",
      see: { exit: 0, text: [/^(256 SHA256:\S+) alice@laptop \(ED25519\)\n\1 alice@laptop/, "256 {{key}} root@web (ED25519)"] },
      claim: "The key that lets Alice in is not the key whose fingerprint she was shown",
    },
    {
      about: "Experiment 2: the machine boots again.",
      run: "npm run cloud -- reboot web",
      see: { exit: 0, text: ["the same address"] },
    },
    {
      about: "Same disk, same host keys, same address.",
      on: "laptop",
      run: login("{{first}}"),
      see: silent,
      claim: "Experiment 2: after a reboot the login is silent",
    },
    {
      about: "Experiment 3: the machine is stopped and started. The disk stays, the address does not.",
      run: "npm run cloud -- stop web && npm run cloud -- start web",
      see: { exit: 0, text: ["the new address"], without: ["new address {{first}}"] },
      remember: { second: /the new address (\S+)/ },
    },
    {
      about: "The laptop has seen this key before, but under another name; so it asks all the same.",
      on: "laptop",
      run: login("{{second}}"),
      answers: blindYes,
      see: {
        exit: 0,
        text: [
          "key fingerprint is {{key}}",
          "This host key is known by the following other names/addresses:",
          "~/.ssh/known_hosts:1: {{first}}",
          /^admin-ssh-user$/m,
        ],
      },
      claim: "Experiment 3: after stop and start it is the same key at a new address, and ssh says where it knows it from",
    },
    {
      about: "Experiment 4: the machine is terminated, and another launched under its name.",
      run: "npm run cloud -- terminate web && npm run cloud -- launch web",
      see: { exit: 0, text: ["web runs"] },
      remember: { third: address },
    },
    {
      about: "Its address and its host keys are new.",
      on: "laptop",
      run: login("{{third}}"),
      answers: blindYes,
      see: { exit: 0, text: ["This key is not known by any other names.", /^admin-ssh-user$/m], without: ["{{key}}"] },
      claim: "Experiment 4: a new machine has a new fingerprint, and nothing ties it to the old one",
    },
    {
      about: "Experiment 5: an elastic address leads to the machine. Alice connects to this address.",
      run: "npm run cloud -- associate www web",
      see: { exit: 0, text: ["leads to web"] },
      remember: { elastic: new RegExp(`^www\\.lab\\.test, (${addressIn(names.elastic)}), leads to`, "m") },
    },
    {
      about: "She answers yes once more.",
      on: "laptop",
      run: login("{{elastic}}"),
      answers: blindYes,
      see: { exit: 0, text: ["Permanently added '{{elastic}}'", /^admin-ssh-user$/m] },
    },
    {
      about: "The address moves to another machine, as it does in every deployment.",
      run: "npm run cloud -- launch blue && npm run cloud -- associate www blue",
      see: { exit: 0, text: ["leads to blue (before: web)"] },
    },
    {
      about: "To the laptop this looks like an attack. It cannot tell the two apart.",
      on: "laptop",
      run: login("{{elastic}}"),
      answers: blindYes,
      see: {
        exit: 255,
        text: ["REMOTE HOST IDENTIFICATION HAS CHANGED!", "Host key verification failed."],
        without: [/^admin-ssh-user$/m],
      },
      claim: "Experiment 5: if an address leads to another machine, ssh warns of an attack and refuses",
    },
    {
      about: "The command that everyone copies from the warning: it deletes the stored key.",
      on: "laptop",
      run: "ssh-keygen -R {{elastic}}",
      see: { exit: 0, text: ["updated."] },
    },
    {
      about:
        "What Alice should have done from the beginning: read the fingerprint on the machine's console, where no attacker on " +
        "the network can change it.",
      run: "npm run cloud -- console blue",
      see: { exit: 0, text: ["-----BEGIN SSH HOST KEY FINGERPRINTS-----", "-----END SSH HOST KEY FINGERPRINTS-----"] },
      remember: { console: /256 (SHA256:\S+) root@blue \(ED25519\)/ },
    },
    {
      about: "ssh takes the fingerprint as an answer and does the comparing. Here it is given the one of the first machine.",
      on: "laptop",
      run: login("{{elastic}}"),
      answers: { "(yes/no/[fingerprint])?": "{{key}}" },
      see: {
        exit: 255,
        text: ["Please type 'yes', 'no' or the fingerprint", "Host key verification failed."],
        without: [/^admin-ssh-user$/m],
      },
      claim: "ssh does not accept a fingerprint that is not the host's",
    },
    {
      about: "And here the one from the console.",
      on: "laptop",
      run: login("{{elastic}}"),
      answers: { "(yes/no/[fingerprint])?": "{{console}}" },
      see: { exit: 0, text: ["key fingerprint is {{console}}", "Permanently added '{{elastic}}'", /^admin-ssh-user$/m] },
      claim: "The console shows the same fingerprint as the prompt; typed instead of yes, it makes the first login safe",
    },
    {
      about: "What is left of three machines, of which one is gone.",
      on: "laptop",
      run: "cut -d ' ' -f 1,2 ~/.ssh/known_hosts",
      see: {
        exit: 0,
        text: ["{{first}} ssh-ed25519", "{{second}} ssh-ed25519", "{{third}} ssh-ed25519", "{{elastic}} ssh-ed25519"],
      },
      claim: "The laptop's list grows with every address that was ever used, and lines are only deleted by hand",
    },
  ],
});
