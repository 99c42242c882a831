/** A look at a server by curl, with the files that this client connects with. */
import { shellWord } from "../ground/shell-word.js";
import type { TlsSettings } from "../settings/vault.js";

/** @param address of the server, such as "https://vault.example.org:8200" */
export function curlOfHealth(address: string, { caCert, caPath, client, serverName }: TlsSettings): string {
  const { protocol, hostname, port } = new URL(address);
  const at = `:${port === "" ? "443" : port}`;
  const isOther = serverName !== undefined && serverName !== hostname;
  const options =
    protocol === "https:"
      ? [
          ...(caCert !== undefined ? ["--cacert", caCert] : caPath !== undefined ? ["--capath", caPath] : []),
          ...(client === undefined ? [] : ["--cert", client.cert, "--key", client.key]),
          // curl checks the certificate for the name in the address, and looks for the server elsewhere.
          ...(isOther ? ["--connect-to", `${serverName}${at}:${hostname}${at}`] : []),
        ]
      : [];
  const asked = protocol === "https:" && isOther ? `https://${serverName}${at}` : address;
  return ["curl", "-sS", ...options, `${asked}/v1/sys/health`].map(shellWord).join(" ");
}
