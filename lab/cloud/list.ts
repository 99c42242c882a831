/** Everything that there is in the cloud, as its list shows it. */
import type { Lab } from "../lab.js";
import { hasCertificate, listMachines, type Machine } from "./machines.js";
import { listServices, type ListedService } from "./services.js";

export interface ListedCloud {
  /** Each with whether its host key has a certificate. */
  readonly machines: readonly (Machine & { readonly certified: boolean })[];
  readonly services: readonly ListedService[];
}

export async function listCloud(lab: Lab): Promise<ListedCloud> {
  const [machines, services] = await Promise.all([listMachines(lab), listServices(lab)]);
  const certified = await Promise.all(machines.map((machine) => hasCertificate(lab, machine)));
  return { machines: machines.map((machine, index) => ({ ...machine, certified: certified[index] === true })), services };
}
