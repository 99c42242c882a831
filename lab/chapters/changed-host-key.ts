import { blindYes, type Chapter } from "../runner/story.js";

export const changedHostKey: Chapter = {
  title: "The machine is replaced",
  teaches:
    "A new machine has a new host key, even under the old name. The client cannot tell it from an attacker, so it refuses; " +
    "and the cure that it proposes is to forget what it knew, and to ask the person again.",
  needs: ["start-ssh-with-authorized-keys"],
  steps: [
    {
      about: "Before: the host's key, and a client that has stored it.",
      run: "docker exec ssh-with-authorized-keys ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub",
      see: { exit: 0, text: [/SHA256:\S+/] },
      remember: { oldKey: /(SHA256:\S+)/ },
    },
    {
      about: "Bob knows this host.",
      run: "ssh -p 1022 -i ssh-keys/bob_id_rsa admin-ssh-user@localhost whoami",
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
      run: "docker exec ssh-with-authorized-keys ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub",
      see: { exit: 0, text: [/SHA256:\S+/], without: ["{{oldKey}}"] },
      remember: { newKey: /(SHA256:\S+)/ },
      claim: "After stop and start, the host has another key",
    },
    {
      about: "Bob comes back.",
      run: "ssh -p 1022 -i ssh-keys/bob_id_rsa admin-ssh-user@localhost whoami",
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
      run: 'ssh-keygen -f .lab/client/known_hosts -R "[localhost]:1022"',
      see: { exit: 0, text: ["updated."] },
    },
    {
      about: "And trust the next one on first use, whoever it is.",
      run: "ssh -p 1022 -i ssh-keys/bob_id_rsa admin-ssh-user@localhost whoami",
      answers: blindYes,
      see: { exit: 0, text: ["key fingerprint is {{newKey}}", /^admin-ssh-user$/m] },
      claim: "ssh-keygen -R cures it, at the price of another blind yes",
    },
  ],
};
