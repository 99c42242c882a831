/** What the directory may do in Vault: read. */
import type { Fleet } from "../fleet.js";
import { fleetEntry, hostsMountOf, store } from "../vault-names.js";
import { policy, type Grant } from "./grant.js";

/** The directory reads which hosts there are, and what they said. It can change nothing but how long its own token lives. */
export const directoryPolicy = ({ domains, hosts }: Fleet): string =>
  policy("The directory reads which hosts there are, and what they said of themselves.", [
    { path: `${store}/data/${fleetEntry}`, may: ["read"] },
    ...["hosts", "uncertified"].flatMap((kind): Grant[] => [
      { path: `${store}/data/${kind}/+`, may: ["read"] },
      { path: `${store}/metadata/${kind}`, may: ["list"] },
      { path: `${store}/metadata/${kind}/+`, may: ["read"] },
    ]),
    ...domains
      .filter((domain) => hosts.some((group) => group.domain === domain))
      .flatMap((domain): Grant[] => [
        { path: `auth/${hostsMountOf(domain)}/role`, may: ["list"] },
        { path: `auth/${hostsMountOf(domain)}/role/+`, may: ["read"] },
      ]),
    { path: "auth/token/lookup-self", may: ["read"] },
    { path: "auth/token/renew-self", may: ["update"] },
  ]);
