import type { LabNames } from "../names.js";
import type { Chapter } from "../runner/chapter.js";
import { keyOf, loginTo, trustingTheCa } from "./hosts.js";

const host = "ssh-with-trusted-user-ca";
const alice = (names: LabNames) => `ssh ${trustingTheCa(names)} ${loginTo(names, host, "alice")} whoami`;
const certificate = (names: LabNames) => `${keyOf(names, "alice")}-cert.pub`;

export const shortLives = (names: LabNames): Chapter => ({
  title: "Certificates that expire by themselves",
  teaches:
    "An entry in authorized_keys stays until somebody remembers to delete it. A certificate says itself when it expires, " +
    "and nothing has to be done on any host.",
  needs: ["create-known-hosts", "start-ssh-with-trusted-user-ca"],
  steps: [
    {
      about:
        "A certificate for one minute. Its dates span 90 seconds: Vault sets the start 30 seconds before the signing, in case " +
        "the host's clock is behind Vault's, and the end one minute after it.",
      run: "npm run sign-user-key -- alice --ttl 1m0s",
      see: { exit: 0, text: [certificate(names)] },
    },
    {
      about: "Within that minute, Alice logs in.",
      run: alice(names),
      see: { exit: 0, text: [/^admin-ssh-user$/m] },
      claim: "A certificate of 1m0s lets Alice in",
    },
    {
      about:
        "To see a certificate expire without waiting for a minute, Alice gets one for six seconds. Until it expires, it works " +
        "like any other.",
      run: `npm run sign-user-key -- alice --ttl 6s && ${alice(names)}`,
      within: 30, // a busy machine may need longer than it lasts
      see: { exit: 0, text: [certificate(names), /^admin-ssh-user$/m] },
      claim: "A certificate of six seconds lets Alice in too",
    },
    {
      about:
        "What happens to an open session when its certificate expires? Alice gets another certificate for six seconds, logs " +
        "in, and stays logged in for nine.",
      run: `npm run sign-user-key -- alice --ttl 6s && ${alice(names).replace(/whoami$/, '"sleep 9; echo still here"')}`,
      within: 45,
      see: { exit: 0, text: [/^still here$/m] },
      claim: "An open session continues when its certificate expires: sshd checks the certificate only at the login",
    },
    {
      about: "Alice tries a new login with the same certificate.",
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
      about:
        "Alice asks for two hours. The role's maximum is one hour, so Vault refuses. (Without --ttl, the role signs for 15 " +
        "minutes, as in chapter 6.)",
      run: "npm run sign-user-key -- alice --ttl 2h",
      see: { exit: 1, text: ["VAULT_SIGN_DENIED", "ttl"] },
      claim: "Vault signs nothing that would be valid for longer than the role's maximum",
    },
    {
      about: "Alice gets a certificate for the usual 15 minutes again.",
      run: "npm run sign-user-key -- alice",
      see: { exit: 0, text: [certificate(names)] },
    },
  ],
});
