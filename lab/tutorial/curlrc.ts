import type { TlsSettings } from "../../src/settings/vault.js";

/** What curl, typed in a chapter, reads to get to a Vault of one's own as the lab itself does: curl(1), .curlrc. */
export function curlrc({ caCert, client }: Pick<TlsSettings, "caCert" | "client">): string {
  const lines = [
    ...(caCert === undefined ? [] : [["cacert", caCert] as const]),
    ...(client === undefined ? [] : [["cert", client.cert] as const, ["key", client.key] as const]),
  ];
  return lines.map(([name, file]) => `${name} = ${JSON.stringify(file)}\n`).join("");
}
