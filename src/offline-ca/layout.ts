/** Where everything of an offline CA lies. Its folder holds `host/` and `user/`, each with `certs`, `private` and `public`. */
import { join } from "node:path";
import type { KeyKind } from "../ssh/key-types.js";

export type CaKind = "host" | "user";
export const caKinds: readonly CaKind[] = ["host", "user"];

/** The types of the CA's own keys. Each signs the keys of its own type, so that a client which knows only one type knows its CA. */
export type CaKeyType = "ecdsa" | "ed25519" | "rsa";
export const caKeyTypes: readonly CaKeyType[] = ["ecdsa", "ed25519", "rsa"];

/** The types of the keys that are certified: the same, and a person's on a security key, "ecdsa-sk" and "ed25519-sk". */
export type KeyType = Lowercase<KeyKind>;
export const keyTypes: Readonly<Record<CaKind, readonly KeyType[]>> = {
  host: caKeyTypes,
  user: ["ecdsa", "ecdsa-sk", "ed25519", "ed25519-sk", "rsa"],
};
export const keyTypeOf = (kind: KeyKind) => kind.toLowerCase() as KeyType;

/** The CA key that signs a key of this type. */
export function caTypeOf(type: KeyType): CaKeyType {
  if (type === "rsa") return "rsa";
  return type.startsWith("ecdsa") ? "ecdsa" : "ed25519";
}

/** Sizes in bits; Ed25519 has one size. */
export const caBits: Readonly<Record<CaKeyType, number | undefined>> = { ecdsa: 521, ed25519: undefined, rsa: 4096 };

export const configFile = (dir: string) => join(dir, "ca.json");
/** The highest serial that was ever reserved. */
export const serialFile = (dir: string) => join(dir, "serial");
/** One JSON object a line, for every certificate. */
export const logFile = (dir: string) => join(dir, "issued.jsonl");
export const lockFile = (dir: string) => join(dir, ".lock");

export const privateFolder = (dir: string, kind: CaKind) => join(dir, kind, "private");
export const publicFolder = (dir: string, kind: CaKind) => join(dir, kind, "public");
export const certsFolder = (dir: string, kind: CaKind) => join(dir, kind, "certs");

const keyName = (caName: string, kind: CaKind, type: CaKeyType) => `${caName}_${kind}_${type}_key`;

export const caPrivateKey = (dir: string, caName: string, kind: CaKind, type: CaKeyType) =>
  join(privateFolder(dir, kind), keyName(caName, kind, type));
export const caPublicKey = (dir: string, caName: string, kind: CaKind, type: CaKeyType) =>
  join(publicFolder(dir, kind), `${keyName(caName, kind, type)}.pub`);

/** What a certified key is called without its ending: as on the host itself, or as in a person's ~/.ssh (ssh(1), FILES). */
export const stemOf = (kind: CaKind, type: KeyType) =>
  kind === "host" ? `ssh_host_${type}_key` : `id_${type.replace("-", "_")}`;

export const certificateFile = (folder: string, kind: CaKind, type: KeyType) => join(folder, `${stemOf(kind, type)}-cert.pub`);
export const publicKeyFile = (folder: string, kind: CaKind, type: KeyType) => join(folder, `${stemOf(kind, type)}.pub`);
