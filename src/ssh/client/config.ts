/** What ssh would do with its arguments and the person's configuration, as `ssh -G` says: ssh(1). */
import type { Env } from "../../settings/reader.js";
import { runOpenSsh } from "../openssh.js";
import { withoutOption } from "./arguments.js";

export interface ClientConfig {
  readonly user: string;
  /** The name that known_hosts is searched for, and that a certificate has to hold: HostKeyAlias, or else HostName. */
  readonly name: string;
  readonly port: number;
  /** Jump hosts as they are named, the first one first. */
  readonly jumps: readonly string[];
  /** "yes", "no", or a path. */
  readonly forwardAgent: string;
  readonly forwardsX11: boolean;
  /** Whether ssh asks for a terminal: "auto" where it is asked at one, and no command is given. */
  readonly tty: "no" | "auto" | "yes" | "force";
  /** As ssh names it: "INFO", "DEBUG1"; what is QUIET, -G calls "SILENT". */
  readonly logLevel: string;
  /** Whether this ssh has KnownHostsCommand: since OpenSSH 8.5, as the newer name of another option. */
  readonly hasKnownHostsCommand: boolean;
  /** Whether this ssh can exchange keys by Kerberos, which proves a host without its key: a patch of Debian, Fedora and others. */
  readonly hasGssKeyExchange: boolean;
}

export interface NoConfig {
  /** What ssh said of its arguments or of the configuration, and how it ended. */
  readonly refused: string;
}

/**
 * Asks ssh. Nothing is connected to; what the configuration has as `Match exec` is run, as for a login.
 * @param args all of them
 * @param env the environment that ssh will have
 * @throws TOOL_MISSING
 */
export async function readClientConfig(args: readonly string[], env: Env): Promise<ClientConfig | NoConfig> {
  // Nothing is written to the log that they may name.
  const { failed, stdout, stderr } = await runOpenSsh("ssh", ["-G", ...withoutOption(args, "E")], 60, { surroundings: env });
  if (failed) return { refused: stderr };
  return parseClientConfig(stdout);
}

export function parseClientConfig(text: string): ClientConfig {
  const values = new Map(
    text.split("\n").flatMap((line) => {
      const [, key, value] = /^(\S+) (.*)$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key.toLowerCase(), value] as const];
    }),
  );
  const jumps = values.get("proxyjump") ?? "none";
  return {
    user: values.get("user") ?? "",
    name: values.get("hostkeyalias") ?? values.get("hostname") ?? "",
    port: Number(values.get("port") ?? "22"),
    jumps: jumps === "none" ? [] : jumps.split(","),
    forwardAgent: values.get("forwardagent") ?? "no",
    forwardsX11: values.get("forwardx11") === "yes",
    tty: ttyOf(values.get("requesttty")),
    logLevel: values.get("loglevel") ?? "INFO",
    hasKnownHostsCommand: values.has("pubkeyacceptedalgorithms"),
    hasGssKeyExchange: values.has("gssapikeyexchange"),
  };
}

/** -G says "true" and "false" where the configuration has "yes" and "no". */
function ttyOf(said: string | undefined): ClientConfig["tty"] {
  if (said === "false" || said === "no") return "no";
  if (said === "true" || said === "yes") return "yes";
  return said === "force" ? "force" : "auto";
}
