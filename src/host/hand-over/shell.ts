/** A host's files as a script that root runs on it: POSIX sh. */
import type { HostFile } from "../environment.js";
import { scriptPath } from "../script.js";
import { at, filesOf, type Handed } from "./files.js";
import { enabling, starting, type HostProgram } from "./program.js";

/** @param program undefined: the machine has it already */
export const shellScript = (handed: Handed, program: HostProgram | undefined): string =>
  `${beginning(comment(handed), [at.folder, ...(program === undefined ? [] : folders)])}
${handed.once ? `${enrolledAlready(handed)}\n` : ""}${[...(program === undefined ? [] : [program.script]), ...filesOf(handed)].map(put).join("\n")}
if [ -d /run/systemd/system ]; then
${[...(program?.units ?? []).map(put), ...indented(starting)].join("\n")}
  echo "enrol: started; see journalctl -u ssh-trust-host" >&2
else
  ${scriptPath} enroll
${withoutSystemd}
fi
${handed.once ? 'echo "enrol: this script cannot be used again; delete it" >&2\n' : ""}`;

/** What builds an image in which machines need no more than their identity. */
export const installScript = ({ script, units }: HostProgram): string =>
  `${beginning("# Installs ssh-trust-host and the units that run it, as root. It does nothing until a machine has /etc/ssh-trust/host.conf.", folders)}
${put(script)}
if command -v systemctl >/dev/null; then
${[...units.map(put), ...indented(enabling)].join("\n")}
else
${withoutSystemd}
fi
`;

const folders = ["/usr/local/sbin"];

/**
 * Before anything is written where a host has an identity: one of another name stays, and what was used already replaces nothing. Where
 * that cannot be told (an older program, Vault is away, another Vault), the host finds out when it enrols.
 */
function enrolledAlready({ settings, identity }: Handed): string {
  const wrapped = identity.find(({ path }) => path === at.wrapped)?.value ?? "";
  const { VAULT_ADDR: address = "", VAULT_NAMESPACE: namespace = "", SSH_TRUST_PRINCIPALS: names = "" } = settings;
  const role = `${settings["SSH_TRUST_LOGIN"] ?? ""}/${settings["SSH_TRUST_ROLE"] ?? ""}`;
  return `# told NAME: a setting that this host has
told() { tr -d '\\r' < ${at.settings} | sed -n "s/^$1=//p" | tail -n 1; }
if [ -s ${at.secretId} ] && [ -f ${at.settings} ]; then
  case $(told SSH_TRUST_LOGIN)/$(told SSH_TRUST_ROLE) in
  '${role}' | *%h*) ;;
  *) die "this host is enrolled as $(told SSH_TRUST_PRINCIPALS), and this script is for ${names}: nothing was changed. To give it that name, remove ${at.secretId} first" ;;
  esac
  if [ "$(told VAULT_ADDR) $(told VAULT_NAMESPACE)" = '${address} ${namespace}' ] && [ -x ${scriptPath} ] &&
    printf '%s\n' '${wrapped}' | ${scriptPath} used 2>/dev/null; then
    echo "enrol: this was used already, or has expired; the identity that this host has is still valid, and nothing was changed. Delete this script" >&2
    exit 0
  fi
fi`;
}

const beginning = (about: string, made: readonly string[]) => `#!/bin/sh
${about}
set -eu
umask 077

die() {
  echo "enrol: $1" >&2
  exit 1
}
# put FILE MODE: writes standard input to a file, whole
put() {
  cat > "$1.new"
  chmod "$2" "$1.new"
  mv "$1.new" "$1"
}

[ "$(id -u)" -eq 0 ] || die "run it as root"
(umask 022 && mkdir -p ${made.join(" ")})`;

const withoutSystemd = `  cat >&2 <<'END'
enrol: there is no systemd here: start this at each boot, so that certificates are renewed: ${scriptPath} watch
by cron, a line of /etc/crontab:
  @reboot root ${scriptPath} watch
by OpenRC, this as /etc/init.d/ssh-trust-host, mode 0755, then: rc-update add ssh-trust-host; rc-service ssh-trust-host start
  #!/sbin/openrc-run
  description="SSH host certificates from Vault"
  command=${scriptPath}
  command_args=watch
  command_background=yes
  pidfile=/run/ssh-trust-host.pid
  depend() { use net logger; after sshd; }
END`;

const indented = (commands: readonly (readonly string[])[]) => commands.map((words) => `  ${words.join(" ")}`);

export const comment = ({ about }: Pick<Handed, "about">): string => about.map((line) => `# ${line}`).join("\n");

/** A delimiter in quotes: nothing in the text is filled in. */
function put({ path, content, mode }: HostFile): string {
  const end = delimiterFor(content);
  return `put ${path} ${mode.toString(8).padStart(4, "0")} <<'${end}'\n${content}${content.endsWith("\n") ? "" : "\n"}${end}`;
}

/** A word that no line of the text is. */
export function delimiterFor(text: string): string {
  const lines = new Set(text.split("\n"));
  for (let count = 0; ; count++) {
    const word = count === 0 ? "END_OF_FILE" : `END_OF_FILE_${String(count)}`;
    if (!lines.has(word)) return word;
  }
}
