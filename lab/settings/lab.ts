/** What the lab is told by the environment, checked: one frozen value, made once per run. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { isLoopback } from "../../src/ground/loopback.js";
import { file, httpAddress, read, type Env } from "../../src/settings/reader.js";
import { isCi, readToolchainSettings, type ToolchainSettings } from "../../src/settings/toolchain.js";
import { readVaultSettings, type VaultSettings } from "../../src/settings/vault.js";
import { defaultLab, labName, namesOf, type LabNames } from "../names.js";
import { rootToken } from "../story.js";

export interface LabVaultSettings extends VaultSettings {
  /** True when VAULT_ADDR (or BAO_ADDR) names a server that is not the lab's own. */
  readonly external: boolean;
  /** Where the lab's containers reach it, if that is known beforehand. */
  readonly containerAddress: string | undefined;
  /** The image to run as the lab's own server, where one was asked for. */
  readonly image: string | undefined;
}

export interface LabSettings extends ToolchainSettings {
  /** Which lab this is, and what everything in it is called. */
  readonly names: LabNames;
  /** The project's folder, absolute. Everything the lab makes lies below it. */
  readonly root: string;
  /** Run state, git-ignored. */
  readonly labDir: string;
  /** The people's key pairs. */
  readonly keysDir: string;
  /** The lab's known_hosts. */
  readonly knownHosts: string;
  readonly vault: LabVaultSettings;
  /** The Docker engine's address, where DOCKER_HOST names one. */
  readonly dockerHost: string | undefined;
  /** Whether the engine is reached by TLS: DOCKER_TLS_VERIFY. */
  readonly dockerTls: boolean;
  /** The folder of the certificates for that: DOCKER_CERT_PATH. */
  readonly dockerCertificates: string | undefined;
  /** The socket of the person's ssh-agent, for an engine that is reached by ssh. */
  readonly sshAgent: string | undefined;
  /** True where nobody watches: no questions, no pauses. */
  readonly unattended: boolean;
}

const imageName = z.string().regex(/^[a-z0-9][a-z0-9._\-/:@]*$/, "not an image name");
const dockerAddress = z.string().regex(/^(unix|tcp|https?|ssh):\/\/.+/, "neither unix:// nor tcp:// nor ssh://");
const nameOfLab = z
  .string()
  .regex(labName, "not a lab's name: at most 20 lower-case letters, digits and hyphens, a letter first");

/**
 * In addition to what the toolkit reads (src/settings/):
 *
 * | variable | meaning |
 * |---|---|
 * | `SSH_TRUST_LAB` | which lab: its name stands before every container's; without it, the tutorial's names |
 * | `VAULT_ADDR`, `BAO_ADDR` | an existing server to use instead of the lab's own |
 * | `VAULT_CONTAINER_ADDR` | where containers reach it, when that is another address |
 * | `VAULT_IMAGE` | the image to run as the lab's own server |
 * | `DOCKER_HOST`, `DOCKER_TLS_VERIFY`, `DOCKER_CERT_PATH` | the Docker engine, instead of the default socket; its certificates |
 * | `CI` | nobody watches |
 *
 * @throws SETTING_INVALID, TLS_VERIFICATION_OFF
 */
export function readLabSettings(
  env: Env = process.env,
  options: { readonly install?: boolean | undefined; readonly root?: string; readonly home?: string } = {},
): LabSettings {
  const names = namesOf(read(env, ["SSH_TRUST_LAB"], nameOfLab) ?? defaultLab);
  const root = options.root ?? findRoot();
  return Object.freeze({
    ...readToolchainSettings(env, options.install),
    names,
    root,
    labDir: join(root, names.folder),
    keysDir: join(root, names.keys),
    knownHosts: join(root, names.knownHosts),
    vault: Object.freeze(readLabVault(env, names, options.home)),
    dockerHost: read(env, ["DOCKER_HOST"], dockerAddress),
    dockerTls: (env["DOCKER_TLS_VERIFY"] ?? "") !== "",
    dockerCertificates: read(env, ["DOCKER_CERT_PATH"], file),
    sshAgent: read(env, ["SSH_AUTH_SOCK"], z.string()),
    unattended: isCi(env),
  });
}

function readLabVault(env: Env, names: LabNames, home?: string): LabVaultSettings {
  const image = read(env, ["VAULT_IMAGE"], imageName);
  const asked = readVaultSettings(env, home);
  if (asked !== undefined && !isLabsOwn(asked, names)) {
    return { ...asked, external: true, containerAddress: read(env, ["VAULT_CONTAINER_ADDR"], httpAddress), image };
  }
  const port = String(names.ports.vault);
  return {
    address: `http://localhost:${port}`,
    token: rootToken,
    tokenSource: "the lab",
    namespace: undefined,
    tls: {},
    external: false,
    containerAddress: `http://${names.container("vault")}:8200`,
    image,
  };
}

/** The lab's own address with another token is somebody's own development server on the usual port. */
function isLabsOwn({ address, token, tokenSource }: VaultSettings, names: LabNames): boolean {
  const { protocol, hostname, port } = new URL(address);
  const given = tokenSource?.startsWith("~") === true ? undefined : token;
  return protocol === "http:" && isLoopback(hostname) && port === String(names.ports.vault) && (given ?? rootToken) === rootToken;
}

/**
 * The folder of what belongs to one server: the lab's own has `own`, and each that VAULT_ADDR names has one to itself below `others`.
 */
export function folderOfServer({ labDir, vault }: Pick<LabSettings, "labDir" | "vault">, own: string, others: string): string {
  if (!vault.external) return join(labDir, own);
  const server = [new URL(vault.address).host, ...(vault.namespace === undefined ? [] : [vault.namespace])]
    .join("_")
    .replace(/[^A-Za-z0-9.-]+/g, "_");
  return join(labDir, others, server);
}

/** The project's folder: the one that holds package.json. */
export const findRoot = (): string => fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** The lab that SSH_TRUST_LAB asks for; the default one where that is no name. */
export const askedLab = (env: Env = process.env): string => nameOfLab.safeParse(env["SSH_TRUST_LAB"]).data ?? defaultLab;
