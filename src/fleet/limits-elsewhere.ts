/** In a namespace, rate limits are not the operator's to make: what whoever may make them types. */
import type { Fleet } from "./fleet.js";
import { rateLimits } from "./vault-names.js";

/**
 * @param server what the `vault` command is told first; undefined: it knows the server
 * @returns nothing where the fleet is in no namespace
 */
export function describeLimitsElsewhere(fleet: Fleet, server: string | undefined): readonly string[] {
  const { namespace } = fleet;
  if (namespace === undefined) return [];
  const commands = rateLimits(fleet).map(
    ({ name, path, rate }) =>
      `vault write -namespace= sys/quotas/rate-limit/${namespace.replaceAll("/", ".")}.${name} path=${namespace}/${path}/ rate=${String(rate)} interval=1s`,
  );
  return [
    "rate limits are kept in the root namespace, so they are not made here; an operator of it can make them:",
    ...[...(server === undefined ? [] : [server]), ...commands].map((command) => `  ${command}`),
  ];
}
