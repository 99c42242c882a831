import type { LabNames } from "../names.js";
import { blindYes, type Chapter } from "../runner/chapter.js";
import { hostKeyOf, loginTo, portOf } from "./hosts.js";

const host = "ssh-with-authorized-keys";
const bob = (names: LabNames) => `ssh ${loginTo(names, host, "bob")} whoami`;

export const changedHostKey = (names: LabNames): Chapter => ({
  title: "The machine is replaced",
  teaches:
    "A new machine has a new host key, even under the old name. The client cannot tell it from an attacker, so it refuses; " +
    "and the cure that it proposes is to forget what it knew, and to ask the person again.",
  needs: ["start-ssh-with-authorized-keys"],
  steps: [
    {
      about: "Before: the host's key, and a client that has stored it.",
      run: hostKeyOf(names, host),
      see: { exit: 0, text: [/SHA256:\S+/] },
      remember: { oldKey: /(SHA256:\S+)/ },
    },
    {
      about: "Bob knows this host.",
      run: bob(names),
      answers: blindYes,
      see: { exit: 0, text: [/^admin-ssh-user$/m] },
    },
    { about: "The machine goes.", run: "npm run stop-ssh-with-authorized-keys", see: { exit: 0, text: ["stopped"] } },
    {
      about: "Another one comes in its place.",
      run: "npm run start-ssh-with-authorized-keys",
      see: { exit: 0, text: ["started"] },
    },
    {
      about: "Its key is another one.",
      run: hostKeyOf(names, host),
      see: { exit: 0, text: [/SHA256:\S+/], without: ["{{oldKey}}"] },
      remember: { newKey: /(SHA256:\S+)/ },
      claim: "After the machine is replaced, the host has another key",
    },
    {
      about: "Bob comes back.",
      run: bob(names),
      answers: blindYes,
      see: {
        exit: 255,
        text: ["WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!", "{{newKey}}", "Host key verification failed."],
        without: [/^admin-ssh-user$/m],
      },
      claim: "The client warns that the host's identification has changed, and refuses to connect",
    },
    {
      about: "The cure, as the warning words it: forget the old key.",
      run: `ssh-keygen -f ${names.folder}/client/known_hosts -R "[localhost]:${portOf(names, host)}"`,
      see: { exit: 0, text: ["updated."] },
    },
    {
      about: "And trust the next one on first use, whoever it is.",
      run: bob(names),
      answers: blindYes,
      see: { exit: 0, text: ["key fingerprint is {{newKey}}", /^admin-ssh-user$/m] },
      claim: "ssh-keygen -R cures it, at the price of another blind yes",
    },
  ],
});
