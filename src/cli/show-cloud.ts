/** The small cloud as a person reads it. */
import { bold, dim, green } from "./colour.js";
import type { Launched } from "../lab/cloud/launch.js";
import type { Machine } from "../lab/cloud/machines.js";
import { lab as names } from "../names.js";
import { table } from "./table.js";

export function showLaunch(name: string, { hostName, address, password }: Launched): string {
  const account = `${names.account}@${hostName}`;
  return [
    `${name} runs: ${hostName}, ${address}`,
    ...(password === undefined ? [] : [`password of ${names.account}: ${password}`]),
    dim(`from the laptop: ssh ${account}; its fingerprints: npm run cloud -- console ${name}`),
  ].join("\n");
}

/** @param machines each with whether its host key has a certificate */
export function showMachines(machines: readonly (Machine & { readonly certified: boolean })[]): string {
  if (machines.length === 0) return "no machines; launch one: npm run cloud -- launch web";
  const rows = machines.map(({ name, state, address, elastic, hostName, vault, certified }) => [
    name,
    state,
    address ?? "-",
    elastic === undefined ? "-" : `${elastic.name} ${elastic.address}`,
    vault === undefined ? "plain" : certified ? "signed" : "not signed",
    hostName,
  ]);
  const [head = "", ...lines] = table([["NAME", "STATE", "ADDRESS", "ELASTIC", "HOST KEYS", "HOST NAME"], ...rows]).split("\n");
  return [bold(head), ...lines.map((line) => line.replace(/ running /, ` ${green("running")} `))].join("\n");
}
