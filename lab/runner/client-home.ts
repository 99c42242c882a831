/**
 * The client's side of the walkthrough: an `ssh` with a home of its own, so that the person's `~/.ssh` is neither read
 * nor written. It is OpenSSH's own program; only its configuration file is another one.
 */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { writeFileAtomically } from "../../src/ground/atomic-file.js";
import { shellWord } from "../../src/ground/shell-word.js";
import type { LabSettings } from "../settings/lab.js";
import { curlrc } from "../tutorial/curlrc.js";
import { requireToken } from "../../src/vault/token.js";

export interface ClientHome extends Disposable {
  /** The environment in which a step's command runs. */
  readonly env: Readonly<Record<string, string>>;
}

/** Where the parts lie, all below `.lab/client`. */
export const clientDir = (settings: LabSettings) => join(settings.labDir, "client");

/** Makes the home new, with no host known yet: writes the configuration and the small programs. Disposing of it takes the token away. */
export async function makeClientHome(settings: LabSettings): Promise<ClientHome> {
  const home = clientDir(settings);
  const bin = join(home, "bin");
  await mkdir(bin, { recursive: true });
  for (const name of ["known_hosts", "known_hosts.old"]) await rm(join(home, name), { force: true });
  const config = join(home, "ssh_config");
  await writeFileAtomically(config, sshConfig(home), 0o644);
  const others = settings.path
    .split(delimiter)
    .filter((folder) => folder !== bin)
    .join(delimiter);
  await writeFileAtomically(join(bin, "ssh"), program(others, `ssh -F ${shellWord(config)}`), 0o755);
  // npx starts it too, but needs a second to find out what it is to start.
  await writeFileAtomically(join(bin, "ssh-trust"), program(others, shellWord(join(settings.root, "bin/ssh-trust.js"))), 0o755);
  // The same program that the laptop has.
  await writeFileAtomically(join(bin, "answer"), await readFile(join(settings.root, "containers/laptop/answer.sh")), 0o755);
  // Other people's machines, for chapters about several.
  const memory = memoryOf(settings);
  await writeFileAtomically(join(bin, "as"), atAnothers(join(settings.labDir, "people"), memory), 0o755);
  await writeFileAtomically(
    join(bin, "phone"),
    program(others, `node ${shellWord(join(settings.root, "lab/runner/phone.js"))}`),
    0o755,
  );
  // curl reads the header from a file: an argument would show the token to everyone on the machine.
  const tokenHeader = join(home, "token-header");
  await writeFileAtomically(tokenHeader, `X-Vault-Token: ${requireToken(settings.vault)}\n`, 0o600);
  await writeFileAtomically(join(home, ".curlrc"), curlrc(settings.vault.tls), 0o600);
  const env = {
    CURL_HOME: home,
    PATH: [bin, others].join(delimiter),
    ...asking(join(bin, "answer")),
    NPM_CONFIG_LOGLEVEL: "silent",
  };
  const takeAway = () => {
    rmSync(tokenHeader, { force: true });
    rmSync(memory, { recursive: true, force: true });
  };
  rmSync(memory, { recursive: true, force: true });
  mkdirSync(memory, { mode: 0o700 });
  process.once("exit", takeAway); // an interrupted walkthrough is never disposed of
  return {
    env,
    [Symbol.dispose]: () => {
      process.off("exit", takeAway);
      takeAway();
    },
  };
}

const sshConfig = (home: string) => `# The walkthrough's ssh: a known_hosts of its own, no agent, none of your own keys.
UserKnownHostsFile "${join(home, "known_hosts")}"
GlobalKnownHostsFile none
HashKnownHosts no
IdentityAgent none
IdentitiesOnly yes
`;

const program = (path: string, command: string) => `#!/bin/sh
PATH=${shellWord(path)}
export PATH
exec ${command} "$@"
`;

/** In memory, as sign-ins are kept nowhere else; where a machine has no such place, `ssh-trust login` says so. */
const memoryOf = ({ names }: LabSettings) =>
  join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), `ssh-trust-lab-${String(process.getuid?.() ?? 0)}-${names.lab}`);

/** What is the reader's, and not that person's. */
const notTheirs = [
  ...["VAULT_TOKEN", "BAO_TOKEN", "SSH_TRUST_JWT", "SSH_TRUST_CLIENT_FILE"],
  ...["XDG_CONFIG_HOME", "XDG_STATE_HOME", "DISPLAY", "WAYLAND_DISPLAY"],
];

/** Without a terminal, nobody who reads is asked for the password of a person of the story. */
const atAnothers = (homes: string, memory: string) => `#!/bin/sh
# as NAME COMMAND...: runs a command as on NAME's own machine, with NAME's home and folder in memory, and without a terminal
HOME=${shellWord(homes)}/$1
XDG_RUNTIME_DIR=${shellWord(memory)}/$1
shift
mkdir -p -m 700 "$HOME" "$XDG_RUNTIME_DIR"
export HOME XDG_RUNTIME_DIR
exec setsid -w env ${notTheirs.map((name) => `-u ${name}`).join(" ")} "$@"
`;

/** Has ssh ask a program, not a terminal: ssh(1), SSH_ASKPASS. */
export const asking = (program: string) => ({ SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: "force" });
