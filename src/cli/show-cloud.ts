/** The small cloud as a person reads it. */
import { bold, dim, green } from "./colour.js";
import type { Launched } from "../lab/cloud/launch.js";
import type { Machine } from "../lab/cloud/machines.js";
import { lab as names } from "../names.js";

export function showLaunch(name: string, { hostName, address, password }: Launched): string {
  const account = `${names.account}@${hostName}`;
  return [
    `${name} runs: ${hostName}, ${address}`,
    ...(password === undefined ? [] : [`password of ${names.account}: ${password}`]),
    dim(`from the laptop: ssh ${account}; its fingerprints: npm run cloud -- console ${name}`),
  ].join("\n");
}

export function showMachines(machines: readonly Machine[]): string {
  if (machines.length === 0) return "no machines; launch one: npm run cloud -- launch web";
  const rows = machines.map(({ name, state, address, elastic, hostName, signed }) => [
    name,
    state,
    address ?? "-",
    elastic === undefined ? "-" : `${elastic.name} ${elastic.address}`,
    signed ? "signed" : "plain",
    hostName,
  ]);
  const head = ["NAME", "STATE", "ADDRESS", "ELASTIC", "HOST KEYS", "HOST NAME"];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [bold(line(head)), ...rows.map((row) => line(row).replace(/ running /, (word) => ` ${green(word.trim())} `))].join("\n");
}
