/** A host's files as a script that root runs on it: POSIX sh. */
import type { HostFile } from "../environment.js";
import { scriptPath } from "../script.js";
import { at, filesOf, type Handed } from "./files.js";
import { starting, type HostProgram } from "./program.js";

export const shellScript = (handed: Handed, { script, units }: HostProgram): string => `#!/bin/sh
# Gives ${handed.host.name} its identity: run it there, as root. Whoever reads this first can be that host: after its use, or once it
# can no longer be opened, it is worth nothing.
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
(umask 022 && mkdir -p ${at.folder} /usr/local/sbin)
${[script, ...filesOf(handed)].map(put).join("\n")}
if [ -d /run/systemd/system ]; then
${units.map(put).join("\n")}
${starting.map((words) => `  ${words.join(" ")}`).join("\n")}
  echo "enrol: started; see journalctl -u ssh-trust-host" >&2
else
  set -a
  # shellcheck source=/dev/null
  . ${at.settings}
  set +a
  ${scriptPath} enroll
  cat >&2 <<'END'
enrol: there is no systemd here: have this run from boot on, so that certificates are renewed:
  set -a; . ${at.settings}; set +a; exec ${scriptPath} watch
by OpenRC, a service of /etc/init.d; by cron, a line of /etc/crontab:
  @reboot root set -a; . ${at.settings}; set +a; exec ${scriptPath} watch
END
fi
echo "enrol: this script is worth nothing from now on; delete it" >&2
`;

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
