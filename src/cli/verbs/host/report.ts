/** Hosts that have an identity now, for programs: what `--report json` prints. */
import { withoutSecrets, type AddedHost } from "../../../host/add.js";
import { asJson } from "../../../terminal/json.js";

/** A host, and the file with its identity, as it was named. */
export interface HandedOver {
  readonly host: AddedHost;
  readonly file: string;
}

/** Nothing secret is in it. `validUntil` is UTC, as JSON has times. */
export const reportAsJson = (done: readonly HandedOver[]): string =>
  asJson(done.map(({ host, file }) => ({ ...withoutSecrets(host), file })));
