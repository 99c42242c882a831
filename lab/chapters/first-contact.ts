import type { LabNames } from "../names.js";
import { blindYes, type Chapter } from "../runner/chapter.js";
import { hostKeyOf, loginTo, portOf } from "./hosts.js";

const host = "ssh-with-authorized-keys";
const port = (names: LabNames) => portOf(names, host);

export const firstContact = (names: LabNames): Chapter => ({
  title: "First contact: who is at the other end?",
  teaches:
    "A client that meets a host for the first time has nothing to hold its key against, so it asks the person. " +
    "The lab's hosts make new host keys whenever they start, as cloud machines do at their first boot.",
  needs: [],
  steps: [
    {
      about: "A host as it comes from any cloud: new host keys, and Bob's public key in authorized_keys.",
      run: "npm run start-ssh-with-authorized-keys",
      see: { exit: 0, text: [`127.0.0.1:${port(names)}`] },
    },
    {
      about: "The fingerprint of its host key, read inside the machine. Over the network, nobody could vouch for it.",
      run: hostKeyOf(names, host),
      see: { exit: 0, text: [/SHA256:\S+/] },
      remember: { hostKey: /(SHA256:\S+)/ },
    },
    {
      about: "Nobody answers the question here: without an answer there is no login.",
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
      about: "Bob answers yes, as everyone does. The prompt shows the same fingerprint; had he compared it, he would know.",
      run: `ssh ${loginTo(names, host, "bob")} whoami`,
      answers: blindYes,
      see: {
        exit: 0,
        text: ["key fingerprint is {{hostKey}}", `Permanently added '[localhost]:${port(names)}' (ED25519)`, /^admin-ssh-user$/m],
      },
      claim: "Answering yes lets Bob in and has the key stored",
    },
    {
      about: "What is stored is that key under that name: a memory, not a verification.",
      run: `ssh-keygen -f ${names.folder}/client/known_hosts -l -F "[localhost]:${port(names)}"`,
      see: { exit: 0, text: ["{{hostKey}}"] },
      claim: "known_hosts now holds the key with that fingerprint",
    },
  ],
});
