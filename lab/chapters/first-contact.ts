import type { LabNames } from "../names.js";
import { blindYes, type Chapter } from "../runner/chapter.js";
import { hostKeyOf, loginTo, portOf } from "./hosts.js";

const host = "ssh-with-authorized-keys";
const port = (names: LabNames) => portOf(names, host);

export const firstContact = (names: LabNames): Chapter => ({
  title: "First contact: who is at the other end?",
  teaches:
    "A client that connects to a host for the first time has nothing to compare the host's key with, so it asks the " +
    "person: is this key really the key of the host that you mean? Two key pairs take part in a login with keys: first the host " +
    "proves with its key that it is the host, then the user proves with theirs who they are. This chapter is about the " +
    "first, the next one about the second. The lab's hosts make new host keys at every start, as cloud machines do at their " +
    "first boot.",
  needs: [],
  steps: [
    {
      about: "A host like any new cloud machine: it has new host keys, and Bob's public key in authorized_keys.",
      run: "npm run start-ssh-with-authorized-keys",
      see: { exit: 0, text: [`127.0.0.1:${port(names)}`] },
    },
    {
      about:
        "The fingerprint of its host key, read inside the machine. If it is read over the network, it could be an attacker's.",
      run: hostKeyOf(names, host),
      see: { exit: 0, text: [/SHA256:\S+/] },
      remember: { hostKey: /(SHA256:\S+)/ },
    },
    {
      about:
        "ssh shows the fingerprint, and asks whether to continue: “Are you sure you want to continue connecting " +
        "(yes/no/[fingerprint])?” Nobody answers here, and without an answer there is no login. (If you type it, press Ctrl-C at " +
        "the question.)",
      run: `ssh ${loginTo(names, host, "bob")} whoami`,
      see: {
        exit: 255,
        text: [
          `The authenticity of host '[localhost]:${port(names)}`,
          "ED25519 key fingerprint is {{hostKey}}",
          "Host key verification failed.",
        ],
      },
      claim: "The first connection asks a person to verify a fingerprint, and that fingerprint is the one in the container",
    },
    {
      about:
        "Bob answers yes without comparing, as most people do. The prompt shows the fingerprint that was read inside the " +
        "machine: if he compares the two, he knows that it is the right host.",
      run: `ssh ${loginTo(names, host, "bob")} whoami`,
      answers: blindYes,
      see: {
        exit: 0,
        text: ["key fingerprint is {{hostKey}}", `Permanently added '[localhost]:${port(names)}' (ED25519)`, /^admin-ssh-user$/m],
      },
      claim: "After yes, Bob is logged in and the key is stored",
    },
    {
      about: "The client has stored this key for this name. That records what it saw; it does not mean that anybody verified it.",
      run: `ssh-keygen -f ${names.folder}/client/known_hosts -l -F "[localhost]:${port(names)}"`,
      see: { exit: 0, text: ["{{hostKey}}"] },
      claim: "known_hosts now holds the key with that fingerprint",
    },
  ],
});
