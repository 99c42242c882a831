/** `ssh-trust whoami`: who is signed in, until when, and what they may do. Nobody is asked anything. */
import type { Command } from "commander";
import { fail } from "../../../errors/catalogue.js";
import { moment } from "../../../ground/moment.js";
import { printable } from "../../../ground/printable.js";
import { rulesOf, type Me } from "../../../people/me.js";
import type { Session } from "../../../people/session/session.js";
import type { StoredFleet } from "../../../fleet/stored.js";
import { filesIn } from "../../../people/ssh-config/fleet-files.js";
import { programName } from "../../../settings/program.js";
import { readSignInSettings } from "../../../settings/sign-in.js";
import { readSshConfigPlaces } from "../../../settings/ssh-config.js";
import { verb } from "../../../terminal/command.js";
import { asJson } from "../../../terminal/json.js";
import { withFormat, type FormatOption } from "../../../terminal/options.js";
import { print, talk } from "../../../terminal/report.js";
import { agentRuns } from "../../agent/start.js";
import { describeRules, untilWords } from "../../sign-in/describe.js";
import { usualServer } from "../../sign-in/options.js";
import { keptSession, namedServer, readSurroundings } from "../../sign-in/surroundings.js";
import { over } from "../../sign-in/told-of-token.js";
import { look, tokenAtHand } from "../../signed-in.js";
import { waitingForVault } from "../../waiting-for-vault.js";

interface Options extends FormatOption {
  readonly vault?: string;
}

interface Known {
  readonly me: Me;
  readonly stored: StoredFleet | undefined;
  readonly session: Session | undefined;
  readonly address: string;
  readonly source: string;
}

export const whoami: Command = withFormat(
  verb("whoami", ["", "--format json"]).option("--vault <address>", `the server; default: ${usualServer}`),
).action(async (options: Options) => {
  const known = await find(options);
  print(options.format === "json" ? asJson(toJson(known)) : toText(known));
  if (known.session !== undefined && (await lacksAgent()))
    talk(`plain ssh is not signed in, as the agent is not running: ${programName()} agent start`);
});

/** Whether ssh is told of an agent that does not run. One that does not answer, `agent status` is about. */
const lacksAgent = async (): Promise<boolean> =>
  (await filesIn(readSshConfigPlaces().folder)).length > 0 && (await agentRuns(readSignInSettings())) === false;

/** @throws SIGN_IN_NEEDED, SIGN_IN_OVER, VAULT_… */
async function find(options: Options): Promise<Known> {
  const around = await readSurroundings();
  const session = await keptSession(around, options);
  const named = namedServer(around, options)?.address ?? session?.address;
  const found = await tokenAtHand("whoami", options, around);
  if (found === undefined) {
    const why =
      session?.until !== undefined && session.until <= Date.now()
        ? `: the last sign-in ended at ${moment(new Date(session.until))}`
        : "";
    throw fail("SIGN_IN_NEEDED", { at: named === undefined ? "" : ` at ${named}`, why });
  }
  const { address, tokenSource: source = "" } = found;
  const seen = await waitingForVault(address, () => look(found));
  if (seen === undefined) throw over(found);
  return { ...seen, session: source === "the last sign-in" ? session : undefined, address, source };
}

/** The sooner of the two: the fleet may say that a sign-in ends before its token does. */
const untilOf = ({ me, session }: Known): number | undefined => {
  const ends = [me.until?.getTime(), session?.until].filter((each) => each !== undefined);
  return ends.length === 0 ? undefined : Math.min(...ends);
};

function toText(known: Known): string {
  const { me, stored, session, address, source } = known;
  const how = session === undefined ? `by the token of ${source}` : `with ${session.method}`;
  return [
    `${printable(me.name)}, signed in at ${address}${untilWords(untilOf(known))}, ${how}`,
    ...(stored === undefined
      ? ["in no group of people of the fleet there: nothing can be signed"]
      : describeRules(stored.fleet, me)),
  ].join("\n");
}

function toJson(known: Known) {
  const { me, stored, session, address, source } = known;
  const until = untilOf(known);
  return {
    name: me.name,
    entity: me.entity ?? null,
    vault: address,
    method: session?.method ?? null,
    tokenFrom: source,
    until: until === undefined ? null : new Date(until),
    rules:
      stored === undefined
        ? []
        : rulesOf(stored.fleet, me).map(({ name, on, as, for: seconds, with: permitted, reserve }) => ({
            name,
            on,
            hosts: stored.fleet.hosts.find((group) => group.name === on)?.names ?? [],
            as,
            seconds,
            with: permitted,
            reserve: reserve ?? null,
          })),
  };
}
