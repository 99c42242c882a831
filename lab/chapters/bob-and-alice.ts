import type { LabNames } from "../names.js";
import { blindYes, type Chapter } from "../runner/chapter.js";
import { loginTo } from "./hosts.js";

const host = "ssh-with-authorized-keys";

export const bobAndAlice = (names: LabNames): Chapter => ({
  title: "Who may log in: a list on every host",
  teaches:
    "Now the user's key pair. Bob's public key was put into the image when it was built. Alice's was not: before she can log in, every machine has " +
    "to be provisioned again. So two things are missing: a way to trust hosts without asking a person (chapter 1), and a " +
    "way to trust users without a list on every host.",
  needs: ["start-ssh-with-authorized-keys"],
  steps: [
    {
      about:
        "Bob logs in. (The host's key is stored already. If you start with this chapter, it is not, and he answers yes again.)",
      run: `ssh ${loginTo(names, host, "bob")} whoami`,
      answers: blindYes,
      see: { exit: 0, text: [/^admin-ssh-user$/m] },
      claim: "Bob, whose key is in authorized_keys, logs in",
    },
    {
      about: "Alice tries the same with her own key.",
      run: `ssh ${loginTo(names, host, "alice")} whoami`,
      see: { exit: 255, text: ["Permission denied (publickey)."], without: [/^admin-ssh-user$/m] },
      claim: "Alice, whose key is not, is refused",
    },
    {
      about: "This is the whole list of who may log in. Each machine has its own copy.",
      run: `docker exec ${names.container(host)} cat /home/admin-ssh-user/.ssh/authorized_keys`,
      see: { exit: 0, text: [/^ssh-rsa \S+ bob$/m], without: ["alice"] },
    },
  ],
});
