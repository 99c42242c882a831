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
      "Somebody else opens the file first; Vault is away when a machine boots, and when it renews; a machine is off for a month; a disk is " +
      "cloned. SSH has to run no matter what, and nothing of it may pass in silence.",
    needs: ["reset-cloud", "apply-fleet"],
    steps: [
      ...begin,
      {
        about:
          "The file for web-2 lies somewhere before the machine boots, and somebody opens it. (The secret goes into a file, as his would.)",
        run:
          `${host(`add web-2.lab.test --out ${folder}/web-2`)} && (umask 077; ${unwrap(`${folder}/web-2`)} | ` +
          `sed -n 's/.*"secret_id":"\\([^"]*\\)".*/\\1/p' > ${folder}/stolen) && test -s ${folder}/stolen && echo opened`,
        see: { exit: 0, text: [/^opened$/m] },
      },
      {
        about: "The machine boots with a file that opens nothing any more. It says so, loudly, and enrols no other way.",
        run: `${launch("web-2")} && ${inside("web-2", "until journalctl -u ssh-trust-host.service -o cat --no-pager | grep ALARM; do sleep 1; done")}`,
        see: { exit: 0, text: [/ALARM: .*SOMEBODY ELSE HAS IT/] },
        claim: "A machine whose file was opened by somebody else says so, and does not enrol",
      },
      {
        about: "The registrar sees that it is not enrolled; the machine's sshd runs, with plain keys.",
        run: `${host("list")}; docker exec ${names.container("laptop")} sh -c "${shown("web-2")}"`,
        see: { exit: 0, text: [/^web-2\.lab\.test ssh-ed25519$/m, listed("web-2", "not enrolled yet")] },
        claim: "sshd runs all the same",
      },
      {
        about:
          "The thief can be web-2 until the registrar gives it another identity. He signs in with what he has (thief), before and after: before, he gets a token; after, he does not.",
        run:
          `thief() { sed 's/.*/{"role_id":"'"$(grep -A 5 "etc/ssh-trust/role-id" ${folder}/web-2 | grep -oE '[0-9a-f-]{36}')"'","secret_id":"&"}/' ` +
          `${folder}/stolen | curl -s -d @- {{vault}}/v1/auth/ssh-trust/hosts/lab.test/login | grep -oE '"client_token"|invalid role or secret ID'; }; ` +
          `thief; ${host(`reissue --yes web-2.lab.test --out ${folder}/web-2-again`)}; thief`,
        see: {
          exit: 0,
          text: [/^invalid role or secret ID$/m, /^"client_token"$/m, "the old identity is worth nothing from now on"],
        },
        claim: "reissue ends what a stolen identity could do, at once",
      },
      {
        about: "Vault stands still, and the machine boots anew, with the new file. Its sshd answers.",
        run: `npm run cloud -- terminate web-2 && ${pauseOf(vault)} && ${launch("web-2", "web-2-again")} && docker exec ${names.container("laptop")} sh -c "${shown("web-2")}"`,
        see: { exit: 0, text: [/^web-2\.lab\.test ssh-ed25519$/m] },
        claim: "Without Vault, a new machine's sshd answers, with plain keys",
      },
      {
        about: "Vault goes on, and nobody tells the machine.",
        run: `docker unpause ${vault} >/dev/null 2>&1; ${host("list")}`,
        within: 90,
        see: { exit: 0, text: [listed("web-2", "certified until")] },
        claim: "Once Vault answers, the machine enrols by itself",
      },
      {
        about: "Vault stands still again, and one of three certificates is due: the renewal fails, and says so.",
        run:
          `${pauseOf(vault)} >/dev/null; ${inside("web-2", "rm /etc/ssh/ssh_host_rsa_key-cert.pub; ssh-trust-host once")}; ` +
          `status=$?; docker unpause ${vault} >/dev/null; exit $status`,
        see: { exit: 1, text: ["ssh-trust-host: error: Vault at"] },
      },
      {
        about: "The others serve on: whoever comes meanwhile notices nothing.",
        run: `${trustAtTheLaptop(names)} >/dev/null && ${certify} && docker exec ${names.container("laptop")} ${strictLogin("web-2.lab.test")}`,
        see: silent,
        claim: "While Vault is away, certificates that are there serve on",
      },
      {
        about:
          "Off for a month: when it is back, its certificates have expired and its token has ended. (Nobody waits for a month here: the certificates are taken away " +
          "before it stops, and it keeps no token.)",
        run: `${inside("web-2", "rm /etc/ssh/ssh_host_*-cert.pub")} && npm run cloud -- stop web-2 && npm run cloud -- start web-2`,
        see: { exit: 0, text: ["web-2 started: the same disk"] },
      },
      {
        about: "What it has left is its secret id, which is good for 35 days, and with which it signs in.",
        run: `${certify} && docker exec ${names.container("laptop")} ${strictLogin("web-2.lab.test")}`,
        within: 60,
        see: silent,
        claim: "A machine that was off until its certificates had expired comes back by itself",
      },
      {
        about:
          "It proves to itself that sshd shows them. (This waits until its run has ended, so that the next step copies the disk of a machine at rest.)",
        run: inside("web-2", "ssh-trust-host prove"),
        see: silent,
      },
      {
        about:
          "Its disk is cloned, as it is: web-3 is web-2 to Vault, and has its identity. The first of them that renews goes on …",
        run: `npm run cloud -- launch web-3 --disk-of web-2 && ${inside("web-3", due)}`,
        see: { exit: 0, text: ["host keys signed for web-2.lab.test"] },
      },
      {
        about: "… and the other is told, when it wants to renew.",
        run: inside("web-2", due),
        see: { exit: 1, text: ["Vault does not take this host's identity", "a copy of this disk used it first"] },
        claim: "Of two machines with one identity only one goes on, and the other says why",
      },
      {
        about: "Which of them is the right one, only a person knows. Both lose it, and the right one gets another.",
        run: `${host(`reissue --yes web-2.lab.test --format shell --out ${folder}/web-2.sh`)}; ${inside("web-3", "ssh-trust-host once")}`,
        see: { exit: 1, text: ["Vault does not take this host's identity"] },
        claim: "After reissue neither of the two has anything signed",
      },
      {
        about:
          "On a machine that runs already, root runs the file. (The sed is for this lab only, where Vault has another address in the cloud: the one that web-2 was told.)",
        run:
          `address=$(docker exec ${machine("web-2")} sed -n '/^VAULT_ADDR=/p' /etc/ssh-trust/host.conf); ` +
          `sed "s|^VAULT_ADDR=.*|$address|" ${folder}/web-2.sh | docker exec -i ${machine("web-2")} sh >/dev/null 2>&1; ${host("list")}`,
        within: 60,
        see: { exit: 0, text: [listed("web-2", "certified until")] },
        claim: "With its new file it is a host again",
      },
      {
        about: "All that was made goes.",
        run: `${host("remove --yes web-2.lab.test")} && npm run cloud -- terminate web-2 web-3`,
        see: { exit: 0, text: ["web-2 terminated", "web-3 terminated"] },
      },
      end,
    ],
  };
};
