import type { LabNames } from "../names.js";
import type { Chapter } from "../runner/chapter.js";
import { keyOf, loginTo, trustingTheCa } from "./hosts.js";

const host = "ssh-with-trusted-user-ca";
const alice = (names: LabNames) => `ssh ${trustingTheCa(names)} ${loginTo(names, host, "alice")} whoami`;
const certificate = (names: LabNames) => `${keyOf(names, "alice")}-cert.pub`;

export const shortLives = (names: LabNames): Chapter => ({
  title: "Certificates that end by themselves",
  teaches:
    "An entry in authorized_keys stays until somebody remembers it. A certificate ends at a moment that is written in it, and " +
    "no host has to be told.",
  needs: ["create-known-hosts", "start-ssh-with-trusted-user-ca"],
  steps: [
    {
      about: "A certificate for one minute.",
      run: "npm run sign-user-key -- alice --ttl 1m0s",
      see: { exit: 0, text: [certificate(names)] },
    },
    {
      about: "Within that minute she gets in.",
      run: alice(names),
      see: { exit: 0, text: [/^admin-ssh-user$/m] },
      claim: "A certificate of 1m0s lets Alice in",
    },
    {
      about:
        "Nobody wants to wait for a minute to be over: for the proof, one of six seconds. It is as good as any other while it lasts.",
      run: `npm run sign-user-key -- alice --ttl 6s && ${alice(names)}`,
      within: 30, // a busy machine may need longer than it lasts
      see: { exit: 0, text: [certificate(names), /^admin-ssh-user$/m] },
      claim: "A certificate of six seconds lets Alice in too",
    },
    {
      about: "The same login, repeated until the answer is another.",
      run: alice(names),
      within: 20,
      see: { exit: 255, text: ["Permission denied (publickey)."], without: [/^admin-ssh-user$/m] },
      claim: "Once it has expired, it does not",
    },
    {
      about: "The host's log gives the reason.",
      run: `docker logs --tail 30 ${names.container(host)} 2>&1 | grep 'Certificate invalid' | tail -n 1`,
      see: { exit: 0, text: ["Certificate invalid: expired"] },
      claim: "sshd's reason is that the certificate expired",
    },
    {
      about: "A role's limit cannot be talked away: a user certificate lives an hour at the most.",
      run: "npm run sign-user-key -- alice --ttl 2h",
      see: { exit: 1, text: ["VAULT_SIGN_DENIED", "ttl"] },
      claim: "Vault signs nothing that would outlive the role's maximum",
    },
    {
      about: "Alice gets an ordinary one again.",
      run: "npm run sign-user-key -- alice",
      see: { exit: 0, text: [certificate(names)] },
    },
  ],
});
