/** Jump hosts of a login: which ssh would go through, as `ssh -G` says. */
import { fail } from "../../errors/catalogue.js";
import { verb } from "../../errors/hint.js";
import { printable } from "../../ground/printable.js";
import { childEnvironment } from "../../settings/login.js";
import { readClientConfig, type ClientConfig } from "../../ssh/client/config.js";

export interface Jump {
  /** How ssh is called for it: options and the destination. */
  readonly args: readonly string[];
  readonly config: ClientConfig;
}

/** Each is quoted within the one behind it: with more, the command is longer than Linux takes. */
const most = 6;

/**
 * All jump hosts, the first one first, also those of the configuration of the first one.
 * @param general options of the person's that ssh gives to its jump hosts, too: `-F file`
 * @throws USAGE
 */
export async function readJumps(named: readonly string[], general: readonly string[]): Promise<readonly Jump[]> {
  const jumps = await Promise.all(named.map((each) => readJump(each, general)));
  for (let first = jumps[0]; first !== undefined && first.config.jumps.length > 0;) {
    jumps.unshift(...(await Promise.all(first.config.jumps.map((each) => readJump(each, general)))));
    if (jumps.length > most) break;
    first = jumps[0];
  }
  if (jumps.length > most) throw refuse(`there are more than ${String(most)} jump hosts, one behind the other`);
  return jumps;
}

const refuse = (what: string) => fail("USAGE", { what, help: verb("ssh --help") });

async function readJump(named: string, general: readonly string[]): Promise<Jump> {
  const args = [...general, ...destinationOf(named)];
  const config = await readClientConfig(args, childEnvironment());
  if ("refused" in config) throw refuse(`ssh does not take the jump host ${printable(named)}: ${printable(config.refused)}`);
  return { args, config };
}

/** As ssh calls itself for a jump host: `user@host:port`, `user@[address]:port`, `ssh://…`. */
export function destinationOf(named: string): readonly string[] {
  if (named.startsWith("ssh://")) return ["--", named];
  const at = named.lastIndexOf("@");
  const place = named.slice(at + 1);
  const [, bracketed, bare = place, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(place) ?? [];
  return [...(at < 0 ? [] : ["-l", named.slice(0, at)]), ...(port === undefined ? [] : ["-p", port]), "--", bracketed ?? bare];
}
