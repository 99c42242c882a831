import type { LabNames } from "../names.js";
import type { Chapter } from "../runner/chapter.js";
import { silent, strictLogin, trustAtTheLaptop } from "./logins.js";

const launch = (name: string) => `npm run cloud -- launch ${name} --signed`;

export const fiveSigned = (names: LabNames): Chapter => ({
  title: "The same five, with signed host keys",
  teaches:
    "The machines are hosts of a fleet now. Its file says which names there are, in groups, and which services a group stands for. Each " +
    "machine gets an identity with Vault when it is launched, and with it has its host keys signed at its first boot, for its own name " +
    "and for its group's services. The laptop gets one line, before it has met anybody. Then the same five things happen again.",
  needs: ["reset-cloud", "apply-fleet"],
  steps: [
    {
      about:
        "Vault is what the fleet file says. The file is yours to read and to change; the machines of web may all stand for www.lab.test.",
      run: "npm run apply-fleet",
      see: { exit: 0, text: [/ssh-trust\.yaml: /, /hosts of web: web\.lab\.test.*; also www\.lab\.test/] },
    },
    {
      about: "The laptop's only knowledge: whose signature counts, and for which names.",
      run: trustAtTheLaptop(names),
      see: { exit: 0, text: [/^@cert-authority \*\.lab\.test ssh-ed25519 \S+\s*$/] },
    },
    { about: "Experiment 1: a machine is launched.", run: launch("web"), see: { exit: 0, text: ["web runs"] } },
    {
      about: "Strict checking: ssh asks nothing, it accepts or refuses.",
      on: "laptop",
      run: strictLogin("web.lab.test"),
      see: silent,
      claim: "Signed, experiment 1: the first connection is silent, and safe",
    },
    { about: "Experiment 2: it boots again.", run: "npm run cloud -- reboot web", see: { exit: 0, text: ["rebooted"] } },
    {
      about: "As before.",
      on: "laptop",
      run: strictLogin("web.lab.test"),
      see: silent,
      claim: "Signed, experiment 2: after a reboot the login is silent",
    },
    {
      about: "Experiment 3: stopped and started, it has another address.",
      run: "npm run cloud -- stop web && npm run cloud -- start web",
      see: { exit: 0, text: ["the new address"] },
    },
    {
      about: "The certificate names the host, not the address.",
      on: "laptop",
      run: strictLogin("web.lab.test"),
      see: silent,
      claim: "Signed, experiment 3: a new address changes nothing",
    },
    {
      about: "Experiment 4: terminated, and launched again with new host keys.",
      run: `npm run cloud -- terminate web && ${launch("web")}`,
      see: { exit: 0, text: ["web runs"] },
    },
    {
      about: "The laptop was never told, and need not be.",
      on: "laptop",
      run: strictLogin("web.lab.test"),
      see: silent,
      claim: "Signed, experiment 4: a new machine with new keys is met in silence",
    },
    {
      about: "Experiment 5: the service is at web …",
      run: "npm run cloud -- associate www web",
      see: { exit: 0, text: ["leads to web"] },
    },
    { about: "… where Alice uses it …", on: "laptop", run: strictLogin("www.lab.test"), see: silent },
    {
      about: "… and then at another machine.",
      run: `${launch("blue")} && npm run cloud -- associate www blue`,
      see: { exit: 0, text: ["leads to blue (before: web)"] },
    },
    {
      about: "Both machines may stand for the service: their certificates say so.",
      on: "laptop",
      run: `${strictLogin("www.lab.test")} && ssh admin-ssh-user@www.lab.test hostname`,
      see: { ...silent, text: [/^admin-ssh-user$/m, /^blue$/m] },
      claim: "Signed, experiment 5: the service moves to another machine, and nobody is warned of an attack that is none",
    },
    {
      about: "After all that, the list is as long as it was.",
      on: "laptop",
      run: "cut -d ' ' -f 1,2,3 ~/.ssh/known_hosts",
      see: { exit: 0, text: [/^@cert-authority \*\.lab\.test ssh-ed25519\s*$/] },
      claim: "The laptop still has one line",
    },
    {
      about:
        "Could blue have a certificate for web, which is of the same group? It signs in as itself, as it does whenever a certificate is due, " +
        "and asks for another's name.",
      run:
        `docker exec ${names.container("cloud-blue")} sh -c 'sed "s/blue.lab.test/web.lab.test/; /^SSH_TRUST_ENTRY=/d" ` +
        `/etc/ssh-trust/host.conf > /tmp/as-web.conf && SSH_TRUST_CONF=/tmp/as-web.conf ssh-trust-host once'`,
      see: { exit: 1, text: ["no host key is signed", "web.lab.test is not a valid value for valid_principals"] },
      claim: "A machine's identity signs its own names, and no other machine's",
    },
    {
      about:
        "blue takes web's place all the same: the connection ends at blue. The name that was typed is not in its certificate.",
      on: "laptop",
      run: strictLogin("web.lab.test").replace("ssh ", "ssh -o HostName=blue.lab.test -o HostKeyAlias=web.lab.test "),
      see: {
        exit: 255,
        text: ["Certificate invalid: name is not a listed principal", "Host key verification failed."],
        without: [/^admin-ssh-user$/m],
      },
      claim: "A machine with a good certificate of its own cannot pass for another",
    },
  ],
});
