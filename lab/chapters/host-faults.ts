import type { LabNames } from "../names.js";
import type { Chapter } from "../runner/chapter.js";
import { pauseOf, silent, strictLogin, trustAtTheLaptop } from "./logins.js";
import { registrarOf } from "./registrar.js";

export const hostFaults = (names: LabNames): Chapter => {
  const { folder, host, unwrap, machine, inside, certify, begin, end } = registrarOf(names);
  const vault = names.container("vault");
  const launch = (name: string, file = name) => `npm run cloud -- launch ${name} --user-data ${folder}/${file}`;
  const listed = (name: string, state: string) => new RegExp(`^${name}\\.lab\\.test +web +${state}`, "m");
  const shown = (name: string) => `ssh-keyscan -t ed25519 ${name}.lab.test 2>/dev/null | cut -d ' ' -f 1,2`;
  const due = "rm /etc/ssh/ssh_host_*-cert.pub; ssh-trust-host once";
  return {
    title: "What goes wrong with hosts",
    teaches:
      "Somebody else uses a host's file first (the one that `host add` wrote, chapter 18); Vault does not answer when a " +
      "machine boots, or when it renews; a machine is off for a month; a disk is cloned. In every case sshd must run, and the " +
      "fault must be reported. (“Plain keys” are host keys without certificates.)",
    needs: ["reset-cloud", "apply-fleet"],
    steps: [
      ...begin,
      {
        about: "Before web-2 boots, a thief gets at its file and uses it. (He writes the secret that was in it to a file.)",
        run:
          `${host(`add web-2.lab.test --out ${folder}/web-2`)} && (umask 077; ${unwrap(`${folder}/web-2`)} | ` +
          `sed -n 's/.*"secret_id":"\\([^"]*\\)".*/\\1/p' > ${folder}/stolen) && test -s ${folder}/stolen && echo opened`,
        see: { exit: 0, text: [/^opened$/m] },
      },
      {
        about:
          "The machine boots with a file that has been used already. It writes an alarm to its log, and does not enrol in any " +
          "other way.",
        run: `${launch("web-2")} && ${inside("web-2", "until journalctl -u ssh-trust-host.service -o cat --no-pager | grep ALARM; do sleep 1; done")}`,
        see: { exit: 0, text: [/ALARM: .*SOMEBODY ELSE HAS OPENED IT/] },
        claim: "A machine whose file was used by somebody else says so, and does not enrol",
      },
      {
        about: "The registrar sees that it is not enrolled; the machine's sshd runs, with plain keys.",
        run: `${host("list")}; docker exec ${names.container("laptop")} sh -c "${shown("web-2")}"`,
        see: { exit: 0, text: [/^web-2\.lab\.test ssh-ed25519$/m, listed("web-2", "not enrolled yet")] },
        claim: "sshd runs anyway",
      },
      {
        about:
          "The thief can pose as web-2 until the registrar gives it another identity. He signs in with the secret (the shell " +
          "function `thief`), before and after that: before, he gets a token; after, he does not.",
        run:
          `thief() { sed 's/.*/{"role_id":"'"$(grep -A 5 "etc/ssh-trust/role-id" ${folder}/web-2 | grep -oE '[0-9a-f-]{36}')"'","secret_id":"&"}/' ` +
          `${folder}/stolen | curl -s -d @- {{vault}}/v1/auth/ssh-trust/hosts/lab.test/login | grep -oE '"client_token"|invalid role or secret ID'; }; ` +
          `thief; ${host(`reissue --yes web-2.lab.test --out ${folder}/web-2-again`)}; thief`,
        see: {
          exit: 0,
          text: [/^invalid role or secret ID$/m, /^"client_token"$/m, "the old identity no longer works"],
        },
        claim: "reissue makes a stolen identity invalid at once",
      },
      {
        about: "Vault is paused, and the machine is launched again, with the new file. Its sshd answers.",
        run: `npm run cloud -- terminate web-2 && ${pauseOf(vault)} && ${launch("web-2", "web-2-again")} && docker exec ${names.container("laptop")} sh -c "${shown("web-2")}"`,
        see: { exit: 0, text: [/^web-2\.lab\.test ssh-ed25519$/m] },
        claim: "Without Vault, a new machine's sshd answers, with plain keys",
      },
      {
        about: "Vault answers again. Nothing is done on the machine.",
        run: `docker unpause ${vault} >/dev/null 2>&1; ${host("list")}`,
        within: 90,
        see: { exit: 0, text: [listed("web-2", "certified until")] },
        claim: "Once Vault answers, the machine enrols by itself",
      },
      {
        about:
          "Vault is paused again. One of the three certificates is deleted, so that it has to be renewed: that fails, with an " +
          "error.",
        run:
          `${pauseOf(vault)} >/dev/null; ${inside("web-2", "rm /etc/ssh/ssh_host_rsa_key-cert.pub; ssh-trust-host once")}; ` +
          `status=$?; docker unpause ${vault} >/dev/null; exit $status`,
        see: { exit: 1, text: ["ssh-trust-host: error: Vault at"] },
      },
      {
        about: "The others are still used: clients that connect meanwhile notice nothing.",
        run: `${trustAtTheLaptop(names)} >/dev/null && ${certify} && docker exec ${names.container("laptop")} ${strictLogin("web-2.lab.test")}`,
        see: silent,
        claim: "While Vault does not answer, the certificates that are there are still used",
      },
      {
        about:
          "The machine is off for a month: when it starts again, its certificates and its token have expired. (To show this " +
          "without waiting for a month, the certificates are deleted before it stops. It keeps no token.)",
        run: `${inside("web-2", "rm /etc/ssh/ssh_host_*-cert.pub")} && npm run cloud -- stop web-2 && npm run cloud -- start web-2`,
        see: { exit: 0, text: ["web-2 started: the same disk"] },
      },
      {
        about: "It still has its secret id, which is valid for 35 days, and signs in with it.",
        run: `${certify} && docker exec ${names.container("laptop")} ${strictLogin("web-2.lab.test")}`,
        within: 60,
        see: silent,
        claim: "A machine that was off until its certificates had expired gets new ones by itself",
      },
      {
        about:
          "It checks that sshd shows its certificates. (This waits until its current run has ended, so that the next step copies " +
          "a disk to which nothing is being written.)",
        run: inside("web-2", "ssh-trust-host prove"),
        see: { exit: 0 },
      },
      {
        about:
          "Its disk is cloned: web-3 has web-2's identity, and Vault cannot tell the two apart. The first of them that renews " +
          "keeps the identity …",
        run: `npm run cloud -- launch web-3 --disk-of web-2 && ${inside("web-3", due)}`,
        see: { exit: 0, text: ["host keys signed for web-2.lab.test"] },
      },
      {
        about: "… and the other one is refused when it renews.",
        run: inside("web-2", due),
        see: { exit: 1, text: ["Vault refuses this host's identity", "a copy of this disk used it first"] },
        claim: "Of two machines with one identity, only one can renew, and the other says why",
      },
      {
        about: "Only a person knows which of them is the right one. Both lose this identity, and the right one gets a new one.",
        run: `${host(`reissue --yes web-2.lab.test --format shell --out ${folder}/web-2.sh`)}; ${inside("web-3", "ssh-trust-host once")}`,
        see: { exit: 1, text: ["Vault refuses this host's identity"] },
        claim: "After reissue, neither of the two gets certificates with the old identity",
      },
      {
        about:
          "On a machine that is already running, root runs the file as a script. (The sed is for this lab only: in its cloud, " +
          "Vault has another address, which web-2 was told before.)",
        run:
          `address=$(docker exec ${machine("web-2")} sed -n '/^VAULT_ADDR=/p' /etc/ssh-trust/host.conf); ` +
          `sed "s|^VAULT_ADDR=.*|$address|" ${folder}/web-2.sh | docker exec -i ${machine("web-2")} sh >/dev/null 2>&1; ${host("list")}`,
        within: 60,
        see: { exit: 0, text: [listed("web-2", "certified until")] },
        claim: "With its new file it is a host of the fleet again",
      },
      {
        about: "The host is removed, and the machines are terminated.",
        run: `${host("remove --yes web-2.lab.test")} && npm run cloud -- terminate web-2 web-3`,
        see: { exit: 0, text: ["web-2 terminated", "web-3 terminated"] },
      },
      end,
    ],
  };
};
