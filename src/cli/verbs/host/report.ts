/** Hosts that have an identity now, for programs: what `--report json` prints. */
import type { AddedHost } from "../../../host/add.js";
import { asJson } from "../../../terminal/json.js";

/** A host, and the file with its identity, as it was named. */
export interface HandedOver {
  readonly host: AddedHost;
  readonly file: string;
}

/** Nothing secret is in it: neither the role id nor what opens the secret id. `validUntil` is UTC, as JSON has times. */
export const reportAsJson = (done: readonly HandedOver[]): string =>
  asJson(
    done.map(({ host: { name, group, principals, wrapped, cidrs }, file }) => ({
      name,
      group: group.name,
      principals,
      file,
      validUntil: wrapped.until,
      cidrs,
    })),
  );
