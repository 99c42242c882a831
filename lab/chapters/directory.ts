import type { LabNames } from "../names.js";
import type { Chapter } from "../runner/chapter.js";
import { alicesMachine } from "./alices-machine.js";
import { pauseOf, silent } from "./logins.js";
import { officeOf } from "./office.js";

/** A machine that cannot be enrolled, and the name that people know it by. */
const [machine, service] = ["old", "db-old"];

const commandsOf = (names: LabNames) => {
  const office = officeOf(names, { who: "the directory", policy: "directory", called: "lab-directory", folder: "directory" });
  const alice = alicesMachine(names, "directory-reader");
  const { folder, config, operator } = alice;
  const vault = names.container("vault");
  const address = `http://localhost:${String(names.ports.directory)}`;
  const atConsole = (script: string) => `docker exec -i ${names.container(`cloud-${machine}`)} sh -c '${script}'`;
  const host = (what: string) => operator(`host ${what}`);
  const keys = `${folder}/${service}.pub`;
  return {
    ...alice,
    office,
    address,
    keys,
    host,
    removeHosts: `for host in web-1 ${service}; do ${host("remove --yes $host.lab.test")}; done`,
    hosts: (what: string) => `as alice ssh-trust hosts ${what}`,
    pin: `as alice ssh-trust ssh --pin -F ${config} admin-ssh-user@${service}.lab.test whoami`,
    /** The machine's own keys, as somebody reads them who sits at its console. */
    readKeys: `${atConsole("cat /etc/ssh/ssh_host_*_key.pub")} > ${keys}`,
    letsAliceIn: `${atConsole("cat >> /home/admin-ssh-user/.ssh/authorized_keys")} < ${folder}/id_ed25519.pub`,
    launchOld: `npm run cloud -- launch ${machine} && npm run cloud -- associate ${service} ${machine}`,
    fingerprint: `${atConsole("ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub")} | cut -d " " -f 2`,
    api: (path: string) => `curl -s ${address}/api/v1/${path}`,
    /** Debian's Chromium without windows, or a whole one. It takes no root for a user unless it is told so. */
    picture: (path: string, file: string, height: number) =>
      `as alice $(command -v chromium-headless-shell || echo chromium) --headless $(test "$(id -u)" != 0 || echo --no-sandbox) --hide-scrollbars --window-size=1100,${String(height)} ` +
      `--screenshot=$PWD/${file} ${address}${path} 2>/dev/null; ls -l ${file}`,
    pause: pauseOf(vault),
    unpause: `docker unpause ${vault}`,
  };
};

export const directory = (names: LabNames): Chapter => {
  const c = commandsOf(names);
  const { folder, office, host, hosts, address } = c;
  const page = `${folder}/web-1.png`;
  const stalePage = `${folder}/stale.png`;
  const enrolled = /^web-1\.lab\.test +web +certified/m;
  const differs = "[PIN_KEYS_DIFFER]";
  return {
    title: "Where to read a host's keys",
    teaches:
      "A small service, the directory, shows what the hosts wrote into Vault: to browsers, to scripts, and to `ssh-trust`. " +
      "web-1 is in it seconds after it enrolled, with the same fingerprints as on its console. For a machine that cannot " +
      "have a certificate, `ssh --pin` gets the host keys from the directory, for one login. A machine that was rebuilt " +
      "without telling the directory is refused, and so is Eve; the error says which key each of them showed. Without Vault, " +
      "the directory shows the last data that it has, and marks it as old.",
    needs: ["reset-cloud", "apply-fleet", "find-browser"],
    steps: [
      ...office.begin,
      {
        about: "Hosts and people of an earlier, interrupted run are removed first.",
        run: `{ ${c.unpause}; npm run directory -- stop; ${c.removeHosts}; } >/dev/null 2>&1; ${c.begin.run}`,
        see: c.begin.see,
      },
      c.signIn,
      c.configure,
      {
        about:
          "The directory starts, with a token that can only read. It can be reached from this machine only, so it uses plain " +
          "HTTP; for other machines it would need a TLS certificate. The fleet file has its address, and says that anyone on " +
          "this machine may read it.",
        run: `grep -A 2 '^directory:' {{fleet}}; (umask 077; cut -d " " -f 2 ${office.folder}/token-header > ${office.folder}/token) && npm run directory -- start --token-file ${office.folder}/token`,
        see: { exit: 0, text: ["open-to: [127.0.0.1/32", `the directory runs: ${address}`] },
      },
      {
        about: "A machine boots with the file that the registrar got for it, as in chapter 18.",
        run: `${host(`add web-1.lab.test --out ${folder}/web-1`)} && npm run cloud -- launch web-1 --user-data ${folder}/web-1`,
        see: { exit: 0, text: ["web-1 runs"] },
      },
      {
        about:
          "Alice asks the directory. (She proves who she is with a token that Vault signs for this, and that is good for nothing " +
          "else.)",
        run: hosts(""),
        within: 60,
        see: { exit: 0, text: [enrolled] },
        claim: "A host is in the directory seconds after it enrolled",
      },
      {
        about: "The same in a browser: the address of the page is the directory's address, /hosts/ and the host's name.",
        run: c.picture("/hosts/web-1.lab.test", page, 1100),
        see: { exit: 0, text: [page] },
        picture: {
          file: page,
          shows:
            "The directory's page of web-1.lab.test: its state, its fingerprints, its known_hosts lines, and the command to log in",
        },
      },
      {
        about: "The right fingerprints are on the machine's console, where cloud-init printed them at the first boot.",
        run: `npm run cloud -- console web-1 > ${folder}/console.log; grep -A 5 -E 'BEGIN SSH HOST KEY FINGERPRINTS|Fingerprint' ${folder}/console.log | head -n 12`,
        within: 30,
        see: { exit: 0, text: [/SHA256:\S+ .*ED25519/] },
        remember: { webKey: /(SHA256:\S+) .*ED25519/ },
      },
      {
        about: "What the directory says: first to a script, then to Alice, for whom `ssh-trust` compares it with the console.",
        run: `${c.api("hosts/web-1.lab.test")} | grep -oE '"sha256":"[^"]+"'; ${hosts(`web-1.lab.test --console ${folder}/console.log`)}`,
        see: { exit: 0, text: ['"sha256":"{{webKey}}"', "{{webKey}}"], without: ["not the keys", "differ"] },
        claim: "The fingerprints in the directory are those on the machine's console",
      },
      {
        about:
          `Now a machine that cannot have certificates: an appliance. People know it as ${service}.lab.test. Somebody sits at its console, lets Alice's key in, ` +
          "and copies the machine's own public keys.",
        run: `${c.launchOld} && ssh-keygen -q -t ed25519 -N '' -C alice -f ${folder}/id_ed25519 && ${c.letsAliceIn} && ${c.readKeys} && cut -c 1-60 ${c.keys}`,
        see: { exit: 0, text: [`${service}.lab.test`, "ssh-ed25519 AAAA"] },
      },
      {
        about: "Plain ssh cannot know whether this is the right machine, and with strict checking it refuses.",
        run: `echo '  IdentityFile ${folder}/id_ed25519' >> ${c.config}; ${c.ssh(service, "whoami", "-o StrictHostKeyChecking=yes -o UserKnownHostsFile=/dev/null ")}`,
        see: { exit: 255, text: ["Host key verification failed"], without: [/^admin-ssh-user$/m] },
      },
      {
        about: "The registrar enters the keys into the directory: this host has no certificate, and these are its keys.",
        run: host(`add --uncertified ${service}.lab.test --keys ${c.keys}`),
        see: { exit: 0, text: [`${service}.lab.test`] },
      },
      {
        about:
          "`--pin` fetches the keys from the directory, writes them to a known_hosts file for this one login, and runs ssh with " +
          "strict checking. Nobody is asked anything, and nothing is stored.",
        run: c.pin,
        within: 30,
        see: silent,
        claim: "A host without a certificate is logged in to safely at the first contact, with keys from the directory",
      },
      {
        about: "The machine is rebuilt: another disk, other keys. The directory was not told.",
        run: `npm run cloud -- terminate ${machine} && ${c.launchOld} && ${c.letsAliceIn} && ${c.fingerprint}`,
        see: { exit: 0, text: ["SHA256:"] },
        remember: { rebuiltKey: /^(SHA256:\S+)\s*$/m },
      },
      {
        about:
          "Alice is refused. The error says which key the directory has and which key the host showed. It proposes nothing to " +
          "delete or to switch off.",
        run: c.pin,
        see: {
          exit: 255,
          text: [
            differs,
            /ED25519: expected SHA256:\S+, seen \{\{rebuiltKey\}\}|ED25519: expected SHA256:\S+, seen SHA256:\S+/,
            "{{rebuiltKey}}",
          ],
          without: [/^admin-ssh-user$/m, "ssh-keygen -R", "StrictHostKeyChecking"],
        },
        claim: "A machine that was rebuilt without telling the directory is refused, and the error has both keys",
      },
      {
        about: "It was rebuilt on purpose. The registrar enters its new keys, from its console.",
        run: `${c.readKeys}; ${host(`add --yes --uncertified ${service}.lab.test --keys ${c.keys}`)} && ${c.pin}`,
        within: 30,
        see: { exit: 0, text: [/^admin-ssh-user$/m] },
      },
      {
        about: "The address leads to Eve. She has to show a key of her own.",
        run: `npm run eve -- start ${service} --present own-key && ${c.pin}`,
        see: { exit: 255, text: ["leads to her", differs, "seen SHA256:"], without: [/^admin-ssh-user$/m] },
        claim: "Eve in the place of such a host is refused, and her fingerprint is shown beside the right one",
      },
      {
        about:
          "Eve is stopped. Then Vault is paused, and a script asks for web-1 as before. The answer says how old it is, in " +
          "seconds.",
        run: `npm run eve -- stop && ${c.pause} && sleep 6; ${c.api("hosts/web-1.lab.test")} | grep -oE '"(stale|age|sha256)":("[^"]+"|[a-z0-9.]+)'`,
        within: 30,
        see: { exit: 0, text: ['"stale":true', '"sha256":"{{webKey}}"'] },
        claim: "Without Vault the directory shows the last data that it has, and marks it as stale",
      },
      {
        about: "Its pages say so too, at the top.",
        run: c.picture("/", stalePage, 650),
        see: { exit: 0, text: [stalePage] },
        picture: {
          file: stalePage,
          shows: "The directory's overview while Vault does not answer: a notice says so, and how old the list is",
        },
      },
      {
        about: "Vault answers again. Nothing is done to the directory.",
        run: `${c.unpause} >/dev/null 2>&1; ${c.api("hosts/web-1.lab.test")} | grep -oE '"stale":[a-z]+'`,
        within: 30,
        see: { exit: 0, text: ['"stale":false'] },
        claim: "Once Vault answers, the directory is up to date by itself",
      },
      {
        about: "The directory is stopped, and the hosts are removed.",
        run: `npm run directory -- stop && ${c.removeHosts}`,
        see: { exit: 0, text: ["the directory stopped", "web-1.lab.test", `${service}.lab.test`] },
      },
      c.leaves("web-1", machine),
      office.end,
    ],
  };
};
