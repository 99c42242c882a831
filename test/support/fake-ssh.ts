/** An ssh on PATH that connects to nothing, and says what it was given. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./project.js";

/** `ssh -G` is the real one's; what only says something is, too. The rest is shown, with what IdentityAgent and UserKnownHostsFile are. */
const script = (real: string) => `#!/bin/sh
case " $* " in " -G "*) env >>"$FAKE_SSH_ENV"; exec ${real} "$@" ;; esac
env >>"$FAKE_SSH_ENV"
for word; do printf '%s\\0' "$word"; done >"$FAKE_SSH_ARGS"
for word; do case $word in
  IdentityAgent=*) SSH_AUTH_SOCK=\${word#*=} ssh-add -L >"$FAKE_SSH_ARGS.keys" ;;
  UserKnownHostsFile=*) known=\${word#*=}; cat "$known" >"$FAKE_SSH_ARGS.known"
    folder=\${known%/*}; stat -c %a "$folder" "$known" "$folder/agent" >"$FAKE_SSH_ARGS.modes"; stat -fc %T "$folder" >>"$FAKE_SSH_ARGS.modes" ;;
esac; done
exit 7
`;

export interface FakeSsh {
  /** What is set for it. */
  readonly env: Readonly<Record<string, string>>;
  readonly file: (what: "args" | "env" | "keys" | "known" | "modes") => string;
}

export async function fakeSsh(folder: string): Promise<FakeSsh> {
  const bin = join(folder, "fake");
  await mkdir(bin, { recursive: true });
  const { stdout: real } = await run("sh", ["-c", "command -v ssh"]);
  await writeFile(join(bin, "ssh"), script(real), { mode: 0o755 });
  const args = join(folder, "fake-args");
  const env = { FAKE_SSH_ARGS: args, FAKE_SSH_ENV: `${args}.env`, PATH: `${bin}:${process.env["PATH"] ?? ""}` };
  return { env, file: (what) => (what === "args" ? args : `${args}.${what}`) };
}
