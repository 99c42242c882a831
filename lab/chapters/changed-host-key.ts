import type { LabNames } from "../names.js";
import { blindYes, type Chapter } from "../runner/chapter.js";
import { hostKeyOf, loginTo, portOf } from "./hosts.js";

const host = "ssh-with-authorized-keys";
const bob = (names: LabNames) => `ssh ${loginTo(names, host, "bob")} whoami`;

export const changedHostKey = (names: LabNames): Chapter => ({
  title: "The machine is replaced",
  teaches:
    "A machine that is rebuilt or replaced has a new host key, even under the old name. The client cannot tell it from an " +
    "attacker, so it refuses. Its warning says how to delete the stored key. Then the person is asked the question of " +
    "chapter 1 again, and knows no more than then. (In this lab, every start of a host is like a new machine. A real machine " +
    "keeps its host keys when it reboots.)",
  needs: ["start-ssh-with-authorized-keys"],
  steps: [
    {
      about: "The host's key before the machine is replaced.",
      run: hostKeyOf(names, host),
      see: { exit: 0, text: [/SHA256:\S+/] },
      remember: { oldKey: /(SHA256:\S+)/ },
    },
    {
      about: "Bob logs in; his client has stored this key.",
      run: bob(names),
      answers: blindYes,
      see: { exit: 0, text: [/^admin-ssh-user$/m] },
    },
    { about: "The machine is stopped.", run: "npm run stop-ssh-with-authorized-keys", see: { exit: 0, text: ["stopped"] } },
    {
      about: "A new one is started under the same name.",
      run: "npm run start-ssh-with-authorized-keys",
      see: { exit: 0, text: ["started"] },
    },
    {
      about: "The new machine has another host key.",
      run: hostKeyOf(names, host),
      see: { exit: 0, text: [/SHA256:\S+/], without: ["{{oldKey}}"] },
      remember: { newKey: /(SHA256:\S+)/ },
      claim: "After the machine is replaced, the host has another key",
    },
    {
      about: "Bob tries to log in again. His client refuses, and asks nothing: the host's key is not the one that it has stored.",
      run: bob(names),
      unasked: blindYes,
      see: {
        exit: 255,
        text: ["WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!", "{{newKey}}", "Host key verification failed."],
        without: [/^admin-ssh-user$/m],
      },
      claim: "The client warns that the host's identification has changed, and refuses to connect",
    },
    {
      about: "What the warning says to do: delete the old key from known_hosts.",
      run: `ssh-keygen -f ${names.folder}/client/known_hosts -R "[localhost]:${portOf(names, host)}"`,
      see: { exit: 0, text: ["updated."] },
    },
    {
      about: "Then the client asks again, and Bob trusts the next key on first use, without knowing whose it is.",
      run: bob(names),
      answers: blindYes,
      see: { exit: 0, text: ["key fingerprint is {{newKey}}", /^admin-ssh-user$/m] },
      claim: "After ssh-keygen -R, Bob can log in again, but only by another yes that nobody checked",
    },
  ],
});
