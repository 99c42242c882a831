import type { LabNames } from "../names.js";
import type { Chapter } from "../runner/chapter.js";
import { silent, strictLogin, trustAtTheLaptop } from "./logins.js";

const launch = (name: string) => `npm run cloud -- launch ${name} --signed`;

export const fiveSigned = (names: LabNames): Chapter => ({
  title: "The same five, with signed host keys",
  teaches:
    "The machines are hosts of a fleet now. The fleet file says which host names there are, in groups, and which services " +
    "each group provides. Each machine gets an identity in Vault when it is launched. With it, it has its host keys signed " +
    "at its first boot, for its own name and for its group's services. The laptop gets one line, before its first " +
    "connection. Then the same five things happen again.",
  needs: ["reset-cloud", "apply-fleet"],
  steps: [
    {
      about:
        "Vault is configured as the fleet file says. You can read and change the file. All machines of the group web may serve " +
        "www.lab.test.",
      run: "npm run apply-fleet",
      see: { exit: 0, text: [/ssh-trust\.yaml: /, /hosts of web: web\.lab\.test.*; also www\.lab\.test/] },
    },
    {
      about: "All that the laptop is given: which CA it trusts, and for which names.",
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
      about: "The laptop was not told of the new keys, and need not be.",
      on: "laptop",
      run: strictLogin("web.lab.test"),
      see: silent,
      claim: "Signed, experiment 4: a new machine with new keys is accepted without a question",
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
      about: "The certificates of both machines name the service.",
      on: "laptop",
      run: `${strictLogin("www.lab.test")} && ssh admin-ssh-user@www.lab.test hostname`,
      see: { ...silent, text: [/^admin-ssh-user$/m, /^blue$/m] },
      claim: "Signed, experiment 5: the service moves to another machine, and nobody gets a false warning of an attack",
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
        "Can blue get a certificate for web, a machine of the same group? It signs in to Vault as itself, as it does whenever " +
        "it renews a certificate, and asks for web's name.",
      run:
        `docker exec ${names.container("cloud-blue")} sh -c 'sed "s/blue.lab.test/web.lab.test/; /^SSH_TRUST_ENTRY=/d" ` +
        `/etc/ssh-trust/host.conf > /tmp/as-web.conf && SSH_TRUST_CONF=/tmp/as-web.conf ssh-trust-host once'`,
      see: { exit: 1, text: ["no host key was signed", "web.lab.test is not a valid value for valid_principals"] },
      claim: "With a machine's identity, its own names are signed, and no other machine's",
    },
    {
      about: "What if a connection to web is redirected to blue? The name that Alice typed is not in blue's certificate.",
      on: "laptop",
      run: strictLogin("web.lab.test").replace("ssh ", "ssh -o HostName=blue.lab.test -o HostKeyAlias=web.lab.test "),
      see: {
        exit: 255,
        text: ["Certificate invalid: name is not a listed principal", "Host key verification failed."],
        without: [/^admin-ssh-user$/m],
      },
      claim: "A machine with a valid certificate of its own cannot pose as another",
    },
  ],
});
