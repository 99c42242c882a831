/** Where somebody signs in, and how: from what was asked for, the client file, and what they did the last time. */
import type { FoundClientFile } from "../../settings/client-file.js";
import type { VaultSettings } from "../../settings/vault.js";
import type { Session } from "../session/session.js";
import { usualMount, usualRole, type MethodName } from "./methods.js";

export interface Where {
  /** Without a token. */
  readonly settings: VaultSettings;
  readonly method: MethodName;
  /** Below auth/; "" for a token. */
  readonly mount: string;
  readonly role: string;
  /** Of userpass and ldap; undefined: it is asked for. */
  readonly user: string | undefined;
}

/** Each undefined where nobody said it. */
export interface GivenPlace {
  readonly address: string | undefined;
  /** Where the address is from, such as "VAULT_ADDR". */
  readonly addressSource: string | undefined;
  readonly namespace: string | undefined;
  readonly tls: VaultSettings["tls"];
  readonly method: MethodName | undefined;
  readonly mount: string | undefined;
  readonly role: string | undefined;
  readonly user: string | undefined;
}

export type Remembered = Pick<Session, "address" | "namespace" | "tls" | "method" | "mount" | "role" | "user">;

/**
 * @param before what was done before, the last first
 * @returns undefined where nothing says which server
 */
export function whereToSignIn(
  said: GivenPlace,
  clientFile: FoundClientFile | undefined,
  before: readonly Remembered[],
): Where | undefined {
  const file = clientFile?.says;
  const address = said.address ?? file?.vault ?? before[0]?.address;
  if (address === undefined) return undefined;
  const source = said.addressSource ?? (file === undefined ? "the last sign-in" : (clientFile?.file ?? ""));
  const ofFile = file?.vault === address ? file : undefined;
  const namespace = said.namespace ?? ofFile?.namespace ?? sameServer(before, address)?.namespace;
  const last = before.find((each) => each.address === address && each.namespace === namespace);
  const ways = ofFile?.["sign-in"] ?? [];
  const method = said.method ?? ways[0]?.method ?? last?.method ?? "userpass";
  const way = ways.find((each) => each.method === method);
  const used = last?.method === method ? last : undefined;
  return {
    settings: {
      address,
      addressSource: source,
      token: undefined,
      tokenSource: undefined,
      namespace,
      tls: tlsOf(said, ofFile, last),
    },
    method,
    mount: said.mount ?? way?.mount ?? used?.mount ?? (method === "token" ? "" : usualMount[method]),
    role: said.role ?? way?.role ?? used?.role ?? usualRole,
    user: said.user ?? used?.user,
  };
}

const sameServer = (before: readonly Remembered[], address: string) => before.find((each) => each.address === address);

/** The environment first. For the client file's server it says the CA: where it names none, the system knows it. */
export function tlsOf(
  { tls }: Pick<GivenPlace, "tls">,
  ofFile: FoundClientFile["says"] | undefined,
  other: Pick<Remembered, "tls"> | undefined,
): VaultSettings["tls"] {
  if (Object.keys(tls).length > 0) return tls;
  if (ofFile === undefined) return other?.tls ?? {};
  return ofFile.ca === undefined ? {} : { caText: ofFile.ca };
}
