/** `ssh-trust-host` under each shell, on each release: a container for each, in which the cases follow one another. */
import type { Case } from "./case.js";
import type { Cell } from "./cell.js";
import type { Grounds } from "./grounds.js";
import type { Machine } from "./machine.js";
import { makeHostKeys, script } from "./script-host.js";
import { watchCase } from "./watching.js";

const inTurn = ({ server, shell = "dash" }: Cell) => `${server} script ${shell}`;

/** @param run what is done on the host, and what was seen; "" where all was as it has to be */
const scriptCase = (id: string, what: string, run: (host: Machine, grounds: Grounds) => Promise<string>): Case => ({
  id: `script-${id}`,
  group: "host-script",
  what,
  expected: () => "done",
  inTurn,
  run: async (grounds, { server, shell = "dash" }) => {
    const seen = await run(await grounds.scriptHost(server, shell), grounds);
    return seen === "" ? "done" : seen;
  },
});

/** What is wrong with what a command said: "" where it ended with this status and said this. */
async function says(host: Machine, command: string, exit: number, text = /(?:)/): Promise<string> {
  const { exit: ended, stdout, stderr } = await host.sh(command, { seconds: 90 });
  const all = `${stdout}${stderr}`.trim();
  if (ended !== exit) return `${command}: exit ${String(ended)}, not ${String(exit)}: ${all.slice(-300)}`;
  return text.test(all) ? "" : `${command}: says nothing like ${String(text)}: ${all.slice(-300)}`;
}

/** Does one after the other, up to the first of which something is wrong. */
async function inOrder(...steps: readonly (() => Promise<string>)[]): Promise<string> {
  for (const step of steps) {
    const wrong = await step();
    if (wrong !== "") return wrong;
  }
  return "";
}

/** All that the script may have changed. */
const state = async (host: Machine) =>
  (
    await host.sh(
      "cat /etc/ssh/*-cert.pub /etc/ssh/sshd_config.d/*.conf 2>/dev/null | sha256sum; ls -1 /etc/ssh | grep -v '^sshd_config$'",
    )
  ).stdout;

/** What sshd shows to a client, by the serial numbers of its certificates. */
export const shownSerials = async (host: Machine): Promise<string> => {
  const algorithms = ["rsa-sha2-512", "ecdsa-sha2-nistp256", "ssh-ed25519"].map((name) => `${name}-cert-v01@openssh.com`);
  const look = `for each in ${algorithms.join(" ")}; do ssh -v -F none -o BatchMode=yes -o UserKnownHostsFile=/etc/ssh/seen -o HostKeyAlgorithms=$each nobody@127.0.0.1 2>&1 | sed -n 's/.*Server host certificate: .*, serial \\([0-9]*\\) .*/\\1/p'; done`;
  return (await host.sh(look)).stdout.trim().split("\n").join(" ");
};

const startSshd = "mkdir -p /run/sshd && /usr/sbin/sshd";
const ownCertificate =
  "cd /tmp && rm -f ca ca.pub wrong* && ssh-keygen -q -t ed25519 -N '' -f ca && cp /etc/ssh/ssh_host_ed25519_key.pub wrong.pub && ssh-keygen -q -s ca -I wrong -h -n localhost -V -1h:+1h wrong.pub && cp /etc/ssh/ssh_host_ed25519_key.pub wrong.pub";
const caFingerprint = "ssh-keygen -l -f /etc/ssh/ssh-trust-host-ca.pub | cut -d' ' -f2";

/** What is there before a run that fails has to be there after it. */
async function rolledBack(host: Machine, change: string, back: string, env = ""): Promise<string> {
  await host.sh(change);
  const [before, shown] = [await state(host), await shownSerials(host)];
  const wrong = await says(host, `${env} ${script} once`.trim(), 1, /rolled back to what was there before/);
  const [after, shownAfter] = [await state(host), await shownSerials(host)];
  await host.sh(back);
  if (wrong !== "") return wrong;
  if (after !== before) return `something else is there afterwards: ${after}`;
  return shownAfter === shown ? "" : `sshd shows ${shownAfter}, and showed ${shown}`;
}

const reload = 'kill -HUP "$(cat /run/sshd.pid)" && sleep 0.5';

export const hostScriptCases: readonly Case[] = [
  scriptCase("due-before", "due: before the first certificate", (host) => says(host, `${script} due`, 0)),
  scriptCase("once-without-sshd", "once, no sshd answers yet: exit 3", (host) => says(host, `${script} once`, 3)),
  scriptCase("prove", "prove: sshd shows what is installed", (host) =>
    inOrder(
      () => says(host, startSshd, 0),
      () => says(host, `${script} prove`, 0),
    ),
  ),
  scriptCase("due-after", "due: not any more", (host) => says(host, `${script} due`, 1)),
  scriptCase("once", "once, new host keys: certified, shown, proved", async (host) => {
    const before = await shownSerials(host);
    const renew = `rm -f /etc/ssh/ssh_host_*; ${makeHostKeys}; ${script} once`;
    const wrong = await says(host, renew, 0, /host keys signed for localhost/);
    if (wrong !== "") return wrong;
    const after = await shownSerials(host);
    const changed = after.split(" ").filter((serial) => !before.split(" ").includes(serial)).length;
    return changed === 3 ? "" : `sshd shows the certificates ${after}, and showed ${before}`;
  }),
  scriptCase("check", "check: takes the right, refuses a wrong one", (host) =>
    inOrder(
      () => says(host, ownCertificate, 0),
      () =>
        says(
          host,
          `${script} check /etc/ssh/ssh_host_ed25519_key-cert.pub /etc/ssh/ssh_host_ed25519_key "$(${caFingerprint})"`,
          0,
        ),
      () =>
        says(host, `${script} check /tmp/wrong-cert.pub /etc/ssh/ssh_host_ed25519_key "$(${caFingerprint})"`, 1, /another CA/),
    ),
  ),
  scriptCase("drop-in-first", "roll-back: another drop-in comes first", (host) =>
    rolledBack(
      host,
      // The certificates that are there are for other keys, so that all are signed anew; they have to be back.
      `rm /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub; ${makeHostKeys}; cp /etc/ssh/ssh_host_rsa_key.pub /tmp/company.pub
       echo 'TrustedUserCAKeys /tmp/company.pub' >/etc/ssh/sshd_config.d/05-company.conf; ${reload}`,
      `rm /etc/ssh/sshd_config.d/05-company.conf; ${reload}`,
      "SSH_TRUST_USER_MOUNT=user-ssh",
    ),
  ),
  scriptCase("no-include", "roll-back: sshd_config without Include", (host) =>
    rolledBack(
      host,
      // Nothing is there, as on a host that the script never ran on; nothing has to be there afterwards.
      `rm -rf /etc/ssh/ssh_host_*-cert.pub /etc/ssh/.ssh-trust.* /etc/ssh/ssh-trust-*.pub /etc/ssh/sshd_config.d/10-ssh-trust.conf
       cp /etc/ssh/sshd_config /tmp/config; sed -i '/^Include/d' /etc/ssh/sshd_config; ${reload}`,
      `cat /tmp/config >/etc/ssh/sshd_config; ${reload}`,
    ),
  ),
  watchCase(inTurn),
];
