/** The client file: where people of a company sign in. An operator hands it out; it holds no secret. */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import { parse, stringify, YAMLParseError } from "yaml";
import * as z from "zod";
import { fail, reasonOf } from "../errors/catalogue.js";
import { isPrivateLine } from "../ground/loopback.js";
import { systemCode } from "../ground/system-error.js";
import { absolutePath, headerValue, httpAddress, read, type Env } from "./reader.js";

/** A way to sign in. The first one is used where nobody chooses. */
const way = z.strictObject({
  method: z.enum(["userpass", "oidc", "ldap", "approle", "jwt"]),
  /** Below auth/, such as "ssh-trust/people". */
  mount: z.string().regex(/^\w[\w.-]*(?:\/\w[\w.-]*)*$/, "is not a path of Vault's, such as ssh-trust/people"),
  /** Of oidc and jwt. */
  role: z.string().min(1).exactOptional(),
});

const clientFile = z.strictObject({
  vault: httpAddress.refine(isPrivateLine, "has to be https: passwords are sent there (http is for 127.0.0.1 and localhost)"),
  namespace: headerValue.exactOptional(),
  /** The CAs that may sign Vault's certificate, as PEM. */
  ca: z.string().refine(isCertificate, "is not a certificate in PEM form").exactOptional(),
  "sign-in": z.array(way).min(1).exactOptional(),
});

export type ClientFile = z.output<typeof clientFile>;
export type WayToSignIn = z.output<typeof way>;

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).raw.length > 0;
  } catch {
    return false;
  }
}

export interface FoundClientFile {
  readonly file: string;
  readonly says: ClientFile;
}

/**
 * The first that is there of: the one that SSH_TRUST_CLIENT_FILE names, `ssh-trust/client.yaml` in XDG_CONFIG_HOME (~/.config), and
 * /etc/ssh-trust/client.yaml.
 * @throws CLIENT_FILE_INVALID
 */
export async function readClientFile(env: Env = process.env, home = homedir()): Promise<FoundClientFile | undefined> {
  const named = read(env, ["SSH_TRUST_CLIENT_FILE"], z.string());
  const config = read(env, ["XDG_CONFIG_HOME"], absolutePath) ?? join(home, ".config");
  const candidates = named === undefined ? [join(config, "ssh-trust/client.yaml"), "/etc/ssh-trust/client.yaml"] : [named];
  for (const file of candidates) {
    const text = await textOf(file, named !== undefined);
    if (text !== undefined) return { file, says: parseClientFile(text, file) };
  }
  return undefined;
}

async function textOf(file: string, required: boolean): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (!required && ["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return undefined;
    throw fail("CLIENT_FILE_INVALID", { file, problem: reasonOf(error) }, error);
  }
}

/** @throws CLIENT_FILE_INVALID */
export function parseClientFile(text: string, file: string): ClientFile {
  const wrong = (problem: string, cause?: unknown) => fail("CLIENT_FILE_INVALID", { file, problem }, cause);
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    if (error instanceof YAMLParseError) throw wrong(error.message.split("\n")[0] ?? "it is not YAML", error);
    throw error;
  }
  const parsed = clientFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join(".") ?? "";
  throw wrong(`${path === "" ? "" : `${path}: `}${issue?.message ?? "it is not a client file"}`);
}

/** As it is handed out. */
export const clientFileText = (says: ClientFile): string =>
  `# Where people sign in, for ssh-trust. Put this at /etc/ssh-trust/client.yaml, or at ~/.config/ssh-trust/client.yaml.\n${stringify(says)}`;
