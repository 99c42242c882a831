/** `watch` with certificates that end after some seconds. */
import { waitUntil } from "../../src/ground/wait.js";
import { parsePublicKey } from "../../src/ssh/public-key.js";
import type { Case } from "./case.js";
import type { Cell } from "./cell.js";
import { matrixRole } from "./role.js";
import { script } from "./script-host.js";

const log = "/tmp/watch.log";
/**
 * At 50 to 66 hundredths of a life, which began 30 s before: after 25 to 43 s. As many seconds are left then for the renewal: on a machine
 * that has other work, it has taken more than 24.
 */
const seconds = 70;
const mostTimes = 3;

/**
 * A client that trusts the CA, and nothing else, logs in all the time; that it is asked who it is shows that it trusts the host.
 * It tries a second time: for an instant, an sshd that got a SIGHUP does not listen.
 */
const logins = (name: string) => `printf '@cert-authority ${name} %s\\n' "$(cat /etc/ssh/ssh-trust-host-ca.pub)" >/tmp/known
  login() {
    ssh -v -F none -o BatchMode=yes -o StrictHostKeyChecking=yes -o GlobalKnownHostsFile=none -o UserKnownHostsFile=/tmp/known \\
      -o HostKeyAlias=${name} -o PreferredAuthentications=none nobody@127.0.0.1 >/tmp/login 2>&1
    grep -q 'Permission denied' /tmp/login
  }
  while [ ! -e /tmp/stop ]; do
    login || { sleep 0.5; login; } || tail -n 1 /tmp/login
    sed -n 's/.*Server host certificate: .*, serial \\([0-9]*\\) .*/\\1/p' /tmp/login >>/tmp/serials
    sleep 1
  done`;

export const watchCase = (inTurn: (cell: Cell) => string): Case => ({
  id: "script-watch",
  group: "host-script",
  what: "watch: renewed in time, no login fails",
  expected: () => "done",
  inTurn,
  run: async ({ lab, scriptHost }, { server, shell = "dash" }) => {
    const host = await scriptHost(server, shell);
    const ca = parsePublicKey(await lab.vault.requireCaPublicKey(matrixRole.mount));
    const [name = ""] = matrixRole.principals;
    const env = {
      SSH_TRUST_HOST_SIGN: `${matrixRole.mount}/sign/${matrixRole.name}`,
      SSH_TRUST_HOST_CA: ca.fingerprint,
      SSH_TRUST_PRINCIPALS: name,
    };
    // The certificates that are there are for another name: the first is asked for here, and watch does the rest.
    const first = await host.sh(`rm -f /etc/ssh/*-cert.pub /etc/ssh/.ssh-trust.proved; ${script} once`, { env, seconds: 90 });
    if (first.exit !== 0) return `once: exit ${String(first.exit)}: ${first.stderr.trim().slice(-300)}`;
    await host.sh(`rm -f /tmp/stop /tmp/serials; ${script} watch >${log} 2>&1 & echo $! >/tmp/watch.pid`, { env });
    const watching = host.sh(logins(name), { seconds: 110 });
    const times = async () => Number((await host.sh(`grep -c 'host keys signed' ${log}`)).stdout);
    await waitUntil(async () => (await times()) >= 1, { seconds, every: 1000, signal: lab.signal });
    // Then for one more time of waiting, in which no more than one renewal is due.
    await waitUntil(async () => (await times()) >= mostTimes, { seconds: 4, every: 1000, signal: lab.signal });
    const renewals = await times();
    await host.sh('touch /tmp/stop; kill "$(cat /tmp/watch.pid)"');
    const failed = (await watching).stdout.trim();
    const serials = new Set((await host.sh("cat /tmp/serials")).stdout.trim().split("\n")).size;
    if (failed !== "") return `a login failed: ${failed.slice(0, 200)}`;
    if (renewals === 0 || serials < 2)
      return `not renewed within ${String(seconds)} s: ${(await host.sh(`tail -n 3 ${log}`)).stdout}`;
    return renewals <= mostTimes ? "done" : `renewed ${String(renewals)} times within some seconds`;
  },
});
