/** What an agent does, for a person. */
import { formatDuration } from "../../ground/duration.js";
import { moment } from "../../ground/moment.js";
import { printable } from "../../ground/printable.js";
import type { AgentStatus } from "../../people/agent/control.js";
import { wrap } from "../../terminal/wrap.js";
import { untilWords } from "../sign-in/describe.js";

type Person = AgentStatus["people"][number];
type Held = Person["certificates"][number];

export function describeStatus(status: AgentStatus, now: Date, columns: number | undefined): string {
  const { pid, since, socket, signatures, counts, people, decisions } = status;
  const lines = [
    `the agent runs at ${printable(socket)}, as process ${String(pid)}, since ${moment(since)}`,
    `it signed ${count(counts.signed, "login")} with ${count(signatures, "certificate")}; ` +
      `it offered nothing ${times(counts.nothing)}, and refused ${times(counts.refused)}`,
    ...people.flatMap((person) => describePerson(person, now)),
    ...(decisions.length === 0 ? [] : ["", "its last decisions (UTC):"]),
    ...decisions.map(({ at, kind, text }) => `  ${clock(at)}  ${kind.padEnd(8)}  ${printable(text)}`),
  ];
  return lines.map((line) => wrap(line, columns, `${/^ */.exec(line)?.[0] ?? ""}  `)).join("\n");
}

function describePerson({ address, name, until, problem, certificates }: Person, now: Date): readonly string[] {
  const who = name === null ? "somebody" : printable(name);
  return [
    "",
    `${who} at ${printable(address)}${until === null ? "" : `, signed in${untilWords(until.getTime(), now.getTime())}`}`,
    ...(problem === null ? [] : [`  ${printable(problem)}`]),
    ...certificates.map((held) => `  ${describeHeld(held, now)}`),
  ];
}

function describeHeld({ rule, group, accounts, reserve, until }: Held, now: Date): string {
  const left = formatDuration(Math.max(0, Math.round((until.getTime() - now.getTime()) / 1000)));
  return `${printable(`${rule}: ${accounts.join(", ")} on ${group}`)}, ${reserve ? "reserve, " : ""}valid for another ${left}`;
}

const count = (number: number, what: string) => `${String(number)} ${what}${number === 1 ? "" : "s"}`;
const times = (number: number) => (number === 1 ? "once" : `${String(number)} times`);
const clock = (date: Date) => date.toISOString().slice(11, 19);
