/** Where a person's configuration of ssh is, and where our part of it is. */
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { absolutePath, read, type Env } from "./reader.js";
import { readSignInSettings, type SignInSettings } from "./sign-in.js";

export interface SshConfigPlaces extends Pick<SignInSettings, "runtime" | "state"> {
  /** A file for each fleet, which ssh includes, and its known hosts. */
  readonly folder: string;
  /** The home that ssh looks into: OpenSSH asks the system's users, and not HOME. */
  readonly sshHome: string;
  /** HOME, where that is another one. */
  readonly otherHome: string | undefined;
}

/** @throws SETTING_INVALID, TLS_VERIFICATION_OFF */
export function readSshConfigPlaces(env: Env = process.env, home = homedir(), sshHome = userInfo().homedir): SshConfigPlaces {
  const { runtime, state } = readSignInSettings(env, home);
  const config = read(env, ["XDG_CONFIG_HOME"], absolutePath) ?? join(home, ".config");
  return { runtime, state, folder: join(config, "ssh-trust/ssh"), sshHome, otherHome: home === sshHome ? undefined : home };
}
