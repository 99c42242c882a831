/** A host on which `ssh-trust-host` runs under one shell: a container that is a cloud's machine, without sshd at first. */
import { requireToken } from "../../src/vault/token.js";
import type { Lab } from "../lab.js";
import { hostRole } from "../roles.js";
import { hostName } from "../story.js";
import type { Suite } from "../toolchain/versions.js";
import { configureHost } from "../tutorial/hosts.js";
import { shells, type Shell } from "./cell.js";
import { startMachine, type Machine } from "./machine.js";

export const script = "/usr/local/sbin/ssh-trust-host";

const applets = "/opt/busybox";

/** Has the script run by a shell: its first line, as it starts itself once more. Where that is busybox's, its tools are busybox's too. */
export function runBy(shell: Shell): string {
  const firstLine = `1s|.*|#!${shells[shell]}|`;
  if (shell !== "busybox ash") return `sed -i '${firstLine}' ${script}`;
  return `mkdir -p ${applets} && busybox --install -s ${applets} && sed -i '${firstLine};s|^PATH=|&${applets}:|' ${script}`;
}

/** Makes the host keys that are not there; that of RSA with 2048 bits, in a quarter of the time that 3072 take. */
export const makeHostKeys =
  "ssh-keygen -q -t rsa -b 2048 -N '' -f /etc/ssh/ssh_host_rsa_key </dev/null >/dev/null; ssh-keygen -A >/dev/null";

export async function startScriptHost(lab: Lab, suite: Suite, shell: Shell): Promise<Machine> {
  const asked = { role: hostRole, principals: [hostName], token: requireToken(lab.settings.vault) };
  const machine = await startMachine(lab, suite, shell.replace(/\W+/g, "-"), await configureHost(lab, asked));
  await machine.sh(`${makeHostKeys}; ${runBy(shell)}`);
  // The cases look at what sshd shows more often than it would let anybody who never logs in.
  const forgiving = "PerSourcePenalties no";
  await machine.sh(`! /usr/sbin/sshd -t -o '${forgiving}' || echo '${forgiving}' >/etc/ssh/sshd_config.d/20-matrix.conf`);
  return machine;
}
