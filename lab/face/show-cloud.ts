/** The small cloud as a person reads it. */
import { bold, dim, green } from "../../src/terminal/colour.js";
import type { Launched } from "../cloud/launch.js";
import type { ListedCloud } from "../cloud/list.js";
import { hostNameOf } from "../cloud/naming.js";
import { table } from "../../src/terminal/table.js";
import type { LabNames } from "../names.js";
import { account } from "../story.js";

export function showLaunch(names: LabNames, name: string, { hostName, address, password, cloudInit }: Launched): string {
  const login = `${account}@${hostName}`;
  return [
    `${name} runs: ${hostName}, ${address}`,
    ...(password === undefined ? [] : [`password of ${account}: ${password}`]),
    dim(
      cloudInit
        ? `it lets in whom its user-data says; root's shell in it: docker exec -it ${names.container(`cloud-${name}`)} bash`
        : `from the laptop: ssh ${login}; its fingerprints: ${names.task("cloud", `console ${name}`)}`,
    ),
  ].join("\n");
}

export function showCloud(names: LabNames, { machines, services }: ListedCloud): string {
  if (machines.length + services.length === 0) return `no machines; launch one: ${names.task("cloud", "launch web")}`;
  return [
    ...(machines.length === 0 ? [] : [showMachines(machines)]),
    ...(services.length === 0 ? [] : [showServices(services)]),
  ].join("\n\n");
}

function showMachines(machines: ListedCloud["machines"]): string {
  const rows = machines.map(({ name, state, address, hostName, vault, certified }) => [
    name,
    state,
    address ?? "-",
    certified ? "signed" : vault === undefined ? "plain" : "not signed",
    hostName,
  ]);
  const [head = "", ...lines] = table([["MACHINE", "STATE", "ADDRESS", "HOST KEYS", "HOST NAME"], ...rows]).split("\n");
  return [bold(head), ...lines.map((line) => line.replace(/ running /, ` ${green("running")} `))].join("\n");
}

function showServices(services: ListedCloud["services"]): string {
  const rows = services.map(({ name, address, leadsTo }) => [name, address, leadsTo ?? "nowhere", hostNameOf(name)]);
  const [head = "", ...lines] = table([["SERVICE", "ADDRESS", "LEADS TO", "HOST NAME"], ...rows]).split("\n");
  return [bold(head), ...lines].join("\n");
}
