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
      about: "A certificate for one minute. (It begins 30 seconds in the past, for clocks that are behind.)",
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
      about:
        "What becomes of a session that is open when its certificate expires? Alice gets another one of six seconds, logs in, and stays for nine.",
      run: `npm run sign-user-key -- alice --ttl 6s && ${alice(names).replace(/whoami$/, '"sleep 9; echo still here"')}`,
      within: 45,
      see: { exit: 0, text: [/^still here$/m] },
      claim: "A session that is open goes on when its certificate expires: sshd asks for it at the login only",
    },
    {
      about: "A new login with the same certificate.",
      run: alice(names),
      see: { exit: 255, text: ["Permission denied (publickey)."], without: [/^admin-ssh-user$/m] },
      claim: "Once it has expired, no new login is possible with it",
    },
    {
      about: "The host's log gives the reason.",
      run: `docker logs --tail 30 ${names.container(host)} 2>&1 | grep 'Certificate invalid' | tail -n 1`,
      see: { exit: 0, text: ["Certificate invalid: expired"] },
      claim: "sshd's reason is that the certificate expired",
    },
    {
      about: "Nobody gets more than the role's maximum: an hour. (Without --ttl it is 15 minutes.)",
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
