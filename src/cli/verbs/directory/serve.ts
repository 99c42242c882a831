/** `ssh-trust directory serve`: the fleet's directory, in the foreground, as a service manager or a container runs it. */
import { isIP } from "node:net";
import type { Command } from "commander";
import { serveDirectory, type ServeEvents, type ServeOptions } from "../../../directory/serve.js";
import { hiddenFrom, systemdUnit } from "../../../directory/unit.js";
import { fail, type SshTrustError } from "../../../errors/catalogue.js";
import { hintText, typed, verb as call } from "../../../errors/hint.js";
import { problemOfCidr } from "../../../ground/cidr.js";
import { isLoopback } from "../../../ground/loopback.js";
import { printable } from "../../../ground/printable.js";
import { programName } from "../../../settings/program.js";
import { requireVaultSettings } from "../../../settings/vault.js";
import { verb } from "../../../terminal/command.js";
import { handSignalsTo } from "../../../terminal/main.js";
import { collect } from "../../../terminal/options.js";
import { print, talk } from "../../../terminal/report.js";
import { ownProgram } from "../../agent/start.js";
import { span } from "../../times.js";

interface Options {
  readonly listen: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly http?: boolean;
  readonly tokenFile?: string;
  readonly sessionKey?: string;
  readonly trustProxy?: readonly string[];
  readonly rate: string;
  readonly printUnit?: string;
}

export const serve: Command = verb("directory serve", [
  "--tls-cert cert.pem --tls-key key.pem",
  "--http --trust-proxy 127.0.0.1/32",
  "--http --print-unit systemd",
])
  .option("--listen <address:port>", "where it listens", "127.0.0.1:8443")
  .option("--tls-cert <file>", "its certificate with those of its intermediate CAs, PEM; reread when it changes")
  .option("--tls-key <file>", "the key of the certificate, PEM")
  .option("--http", "without TLS, for a reverse proxy on this machine: on loopback addresses only")
  .option("--token-file <file>", "holds its Vault token; reread when it changes. Left out: VAULT_TOKEN, ~/.vault-token")
  .option(
    "--session-key <file>",
    "holds at least 32 characters, the same for each instance, so that each accepts the others' sessions",
  )
  .option(
    "--trust-proxy <range>",
    "a reverse proxy's addresses, such as 10.0.0.7/32: its X-Forwarded-For is believed; repeatable",
    collect,
  )
  .option("--rate <number>", "requests per second from one address", "50")
  .option("--print-unit <manager>", "print how systemd starts it, with the options that were given, and start nothing")
  .action(async (options: Options, command: Command) => {
    const read = readOptions(options);
    if (options.printUnit !== undefined) {
      if (options.printUnit !== "systemd") throw usage("--print-unit is systemd");
      print(systemdUnit(ownProgram(), read));
      for (const file of hiddenFrom(ownProgram(), read))
        say(
          `note: a service of this unit sees nothing below /home, /root and /tmp: move ${file}, such as to /etc/ssh-trust or /usr/lib`,
        );
      return;
    }
    const settings = requireVaultSettings("directory serve");
    const ending = new AbortController();
    handSignalsTo(command, () => {
      ending.abort();
    });
    await serveDirectory(settings, read, events, ending.signal);
  });

const usage = (what: string) => fail("USAGE", { what, help: call("directory serve --help") });

/** @throws USAGE */
function readOptions(options: Options): ServeOptions {
  const { tlsCert, tlsKey, http = false, trustProxy = [], tokenFile, sessionKey } = options;
  const [, host = "", port = ""] = /^(.*):(\d{1,5})$/.exec(options.listen) ?? [];
  const name = host.replace(/^\[(.*)\]$/, "$1");
  if ((isIP(name) === 0 && name !== "localhost") || Number(port) > 65_535)
    throw usage(`--listen: "${printable(options.listen)}" is not an address and a port, such as 127.0.0.1:8443 or [::]:8443`);
  if (http && (tlsCert !== undefined || tlsKey !== undefined)) throw usage("--http and --tls-cert exclude one another");
  if (http && !isLoopback(name))
    throw usage(`--http would send sign-ins over the network in clear: listen on 127.0.0.1, or give --tls-cert`);
  if (!http && (tlsCert === undefined || tlsKey === undefined))
    throw usage("--tls-cert and --tls-key are missing; behind a reverse proxy on this machine, --http does without");
  for (const range of trustProxy) {
    const problem = problemOfCidr(range);
    if (problem !== undefined) throw usage(`--trust-proxy: "${printable(range)}" ${problem}`);
  }
  const rate = Number(options.rate);
  if (!Number.isInteger(rate) || rate < 1 || rate > 1_000_000) throw usage("--rate is a whole number from 1 to 1000000");
  return {
    listen: { host: name, port: Number(port) },
    tls: tlsCert === undefined || tlsKey === undefined ? undefined : { cert: tlsCert, key: tlsKey },
    tokenFile,
    sessionKey,
    proxies: trustProxy,
    rate,
  };
}

const reason = ({ message, hint, code }: SshTrustError) =>
  `${message} [${code}]; ${hintText(hint, (run) => typed(run, programName()))}`;

/** A line each, for a journal. What a stranger wrote is made visible. */
const say = (text: string) => {
  talk(printable(text));
};
const events: ServeEvents = {
  listening: (at, told) => {
    say(`the directory serves at ${at}; people reach it at ${told}`);
  },
  complete: (hosts, milliseconds) => {
    say(`read ${String(hosts)} hosts from Vault in ${(milliseconds / 1000).toFixed(1)} s`);
  },
  slow: (hosts, seconds) => {
    say(
      `note: to read ${String(hosts)} hosts takes ${span(seconds)} at what limits.store of the fleet file allows: the overview is that old; a higher limit makes it newer`,
    );
  },
  vaultAway: ({ kind, error }) => {
    const what = kind === "away" ? "Vault does not answer" : "the directory cannot read from Vault which hosts there are";
    say(`${what}; what is known is served, marked as stale: ${reason(error)}`);
  },
  vaultBack: (milliseconds) => {
    say(`Vault answers again in full, after ${span(milliseconds / 1000)}`);
  },
  waiting: (error) => {
    say(`waiting for Vault: ${reason(error)}`);
  },
  tlsRead: () => {
    say("the new certificate is used");
  },
  refused: (error) => {
    say(`the previous one is still used: ${reason(error)}`);
  },
  fault: (error) => {
    say(`a fault of the directory itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  },
  draining: () => {
    say("stopping: requests in progress are still answered");
  },
};
