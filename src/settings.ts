/**
 * Ports, names, paths and addresses: one frozen value, made once per run.
 *
 * This is the only file that looks at the environment, and everything it takes from there is checked here.
 */
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { fail } from "./errors/catalogue.js";
import { lab } from "../lab/names.js";

export { lab, type HostName, type Person } from "../lab/names.js";

export interface VaultSettings {
  /** Where people and Terraform reach it, without a slash at the end. */
  readonly address: string;
  /** Where the lab's containers reach it, if that is known beforehand. */
  readonly containerAddress: string | undefined;
  /** Undefined where VAULT_ADDR is set and VAULT_TOKEN is not: asking for anything but public keys fails then. */
  readonly token: string | undefined;
  /** True when VAULT_ADDR (or BAO_ADDR) names a server that is not the lab's own. */
  readonly external: boolean;
  /** True when the environment names the server, be it the lab's own: nothing secret is sent to one that nobody named. */
  readonly named: boolean;
  readonly namespace: string | undefined;
  /** The image to run as the lab's own server, where one was asked for. */
  readonly image: string | undefined;
}

export interface Settings {
  /** The project's folder, absolute. Everything the lab makes lies below it. */
  readonly root: string;
  /** Run state, git-ignored: `.lab`. */
  readonly labDir: string;
  /** The people's key pairs: `ssh-keys`. */
  readonly keysDir: string;
  /** The lab's known_hosts, in the project's folder. */
  readonly knownHosts: string;
  /** Downloads; survives `npm run clean`. */
  readonly cacheDir: string;
  readonly vault: VaultSettings;
  /** The Docker engine's address, where DOCKER_HOST names one. */
  readonly dockerHost: string | undefined;
  /** The Terraform to use, where one was named. */
  readonly terraformBinary: string | undefined;
  /** PATH: where programs are looked for. */
  readonly path: string;
  /** Whether missing programs may be installed on this machine. */
  readonly mayInstall: boolean;
  /** True where nobody watches: no questions, no pauses. */
  readonly unattended: boolean;
}

const httpAddress = z
  .url({ protocol: /^https?$/, error: "not an http or https address" })
  .refine((text) => !/\/\/[^/]*@/.test(text), "an address must not hold a password")
  .transform((text) => text.replace(/\/+$/, ""));
const imageName = z.string().regex(/^[a-z0-9][a-z0-9._\-/:@]*$/, "not an image name");
const headerValue = z.string().regex(/^[\x21-\x7e]+$/, "holds characters that a token cannot have");

function isLabsOwn(address: string): boolean {
  const { protocol, hostname, port } = new URL(address);
  return protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname) && port === String(lab.vault.port);
}

/**
 * Reads the settings from the environment.
 *
 * | variable | meaning |
 * |---|---|
 * | `VAULT_ADDR`, `BAO_ADDR` | an existing server to use instead of the lab's own |
 * | `VAULT_TOKEN`, `BAO_TOKEN` | its token |
 * | `VAULT_NAMESPACE`, `BAO_NAMESPACE` | its namespace |
 * | `VAULT_CONTAINER_ADDR` | where containers reach it, when that is another address |
 * | `VAULT_IMAGE` | the image to run as the lab's own server |
 * | `DOCKER_HOST` | the Docker engine, instead of the default socket |
 * | `TERRAFORM_BINARY_NAME` | the Terraform or OpenTofu to use |
 * | `XDG_CACHE_HOME` | where downloads go, below `ssh-trust` |
 * | `CI` | nobody watches; missing programs may be installed |
 *
 * @throws SETTING_INVALID
 */
export function readSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
  options: { readonly install?: boolean | undefined; readonly root?: string } = {},
): Settings {
  const read = <T>(names: readonly string[], schema: z.ZodType<T>, secret = false): T | undefined => {
    const name = names.find((candidate) => env[candidate] !== undefined && env[candidate] !== "");
    if (name === undefined) return undefined;
    const parsed = schema.safeParse(env[name]);
    if (parsed.success) return parsed.data;
    const problem = parsed.error.issues[0]?.message ?? "not valid";
    throw fail("SETTING_INVALID", { name, value: secret ? "(not shown)" : (env[name] ?? ""), problem });
  };

  const root = options.root ?? findRoot();
  const asked = read(["VAULT_ADDR", "BAO_ADDR"], httpAddress);
  const token = read(["VAULT_TOKEN", "BAO_TOKEN"], headerValue, true);
  // The lab's own address with another token is somebody's own development server on the usual port.
  const external = asked !== undefined && !(isLabsOwn(asked) && (token ?? lab.vault.token) === lab.vault.token);
  const ci = !["", "0", "false"].includes(env["CI"]?.toLowerCase() ?? "");

  return Object.freeze({
    root,
    labDir: join(root, ".lab"),
    keysDir: join(root, "ssh-keys"),
    knownHosts: join(root, "known_hosts"),
    cacheDir: join(
      read(["XDG_CACHE_HOME"], z.string().startsWith("/", "not an absolute path")) ?? join(homedir(), ".cache"),
      "ssh-trust",
    ),
    vault: Object.freeze({
      address: external ? asked : `http://localhost:${String(lab.vault.port)}`,
      containerAddress: external
        ? read(["VAULT_CONTAINER_ADDR"], httpAddress)
        : `http://${lab.vault.name}:${String(lab.vault.port)}`,
      token: external ? token : lab.vault.token,
      external,
      named: asked !== undefined,
      namespace: external ? read(["VAULT_NAMESPACE", "BAO_NAMESPACE"], headerValue) : undefined,
      image: read(["VAULT_IMAGE"], imageName),
    }),
    dockerHost: read(["DOCKER_HOST"], z.string().regex(/^(unix|tcp|https?|ssh):\/\/.+/, "neither unix:// nor tcp:// nor ssh://")),
    terraformBinary: read(["TERRAFORM_BINARY_NAME"], z.string().min(1)),
    path: env["PATH"] ?? "",
    mayInstall: options.install ?? ci,
    unattended: ci,
  });
}

/**
 * Whether npm runs this process as part of `npm ci`, `npm install`, `npm pack` and the like, and not by `npm run`. It looks
 * at nothing else of the environment: an install must not fail for a setting that only the lab needs.
 */
export function isLifecycleHook(env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  const command = env["npm_command"];
  return command !== undefined && !["run-script", "run", "rum", "urn", "test"].includes(command);
}

/** Whether this process was started with `npx`. */
export const isRunByNpx = (env: Readonly<Record<string, string | undefined>> = process.env): boolean =>
  env["npm_command"] === "exec";

/** Options that npm has too: where one is set, it was meant for npm, perhaps long ago and somewhere else. */
const npmsOwn: readonly string[] = ["--all", "--yes", "--version"];

/**
 * Which of these options npm kept for itself, because they did not stand behind `--`: `npm run sign-user-key alice --ttl 1m`.
 * It leaves them in the environment.
 */
export function keptByNpm(
  options: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): readonly string[] {
  if (isLifecycleHook(env)) return [];
  const variable = (option: string) => `npm_config_${option.replace(/^--/, "").replaceAll("-", "_")}`;
  return [...new Set(options)].filter((option) => !npmsOwn.includes(option) && env[variable(option)] !== undefined);
}

/** The folder that holds package.json, from the sources and from `dist` alike. */
export function findRoot(): string {
  const here = fileURLToPath(new URL(".", import.meta.url));
  return join(here, here.endsWith("/dist/src/") ? "../.." : "..");
}
