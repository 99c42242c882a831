/** What a fleet's files are called on a person's machine: by the server where they sign in. */
import { createHash } from "node:crypto";

export interface FleetServer {
  readonly address: string;
  readonly namespace?: string | undefined;
}

/**
 * Readable, and of one server only: what the name does not say exactly, a hash adds.
 * @example serverName({ address: "https://vault.example.org:8200", namespace: undefined }) // "vault.example.org_8200"
 */
export function serverName({ address, namespace }: FleetServer): string {
  const { protocol, hostname, port, pathname } = new URL(address);
  const plain = [hostname, port].filter((part) => part !== "").join("_");
  if (protocol === "https:" && /^[a-z0-9.-]+$/.test(hostname) && pathname === "/" && (namespace ?? "") === "") return plain;
  const words = [plain, ...pathname.split("/"), ...(namespace ?? "").split("/")].map((part) => part.replace(/[^\w.-]+/g, ""));
  const hash = createHash("sha256")
    .update(`${address.replace(/\/+$/, "")}\0${namespace ?? ""}`)
    .digest("hex");
  return [...words.filter((part) => part !== ""), hash.slice(0, 8)].join("-").slice(-200);
}

/** As a person reads it. */
export const describeServer = ({ address, namespace }: FleetServer): string =>
  (namespace ?? "") === "" ? address : `${address} (namespace ${namespace ?? ""})`;
