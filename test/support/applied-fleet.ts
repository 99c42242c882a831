/** A server with a fleet that an operator applied, a registrar who enrols hosts, and people, as companies have them. */
import { expect } from "@jest/globals";
import { parseCertificate, type Certificate } from "../../src/ssh/certificate.js";
import { fleetFolder, type FleetFolder } from "./fleet.js";
import { succeeds } from "./project.js";
import { startServer, type Answer, type AskOptions, type Server, type ServerKind } from "./servers.js";

export interface AppliedFleet extends AsyncDisposable {
  readonly server: Server;
  readonly folder: FleetFolder;
  /** Tokens with the policy that `apply --print-policy` prints, and `default`. */
  readonly operator: string;
  readonly registrar: string;
  /** Asks, and fails where that is refused. @param path such as "auth/token/lookup-self" */
  readonly must: (path: string, options?: AskOptions) => Promise<Answer["body"]>;
}

/** What an applied fleet needs to be there before. */
type Prepare = (server: Server, folder: FleetFolder) => Promise<string>;

/**
 * @param text the fleet file, by the server's address
 * @param options of apply, such as files with secrets
 */
export async function applyFleet(
  kind: ServerKind,
  text: ((vault: string) => string) | { readonly prepare: Prepare },
  options: readonly string[] = [],
): Promise<AppliedFleet> {
  const server = await startServer(kind);
  const folder = await fleetFolder(server);
  const dispose = async () => {
    await folder[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  };
  const must: AppliedFleet["must"] = async (path, options) => {
    const { status, body } = await server.ask(path, options);
    if (status >= 300) throw new Error(`${path}: ${String(status)} ${String(body.errors?.join("; "))}`);
    return body;
  };
  const tokenFor = async (whose: "operator" | "registrar") => {
    const {
      stdout: policy,
      all,
      exit,
    } = await folder.sshTrust(["apply", "--print-policy", whose], undefined, { VAULT_ADDR: server.address });
    expect({ exit, all }).toEqual({ exit: 0, all: policy });
    await must(`sys/policies/acl/company-${whose}`, { body: { policy } });
    return tokenOf(await must("auth/token/create-orphan", { body: { policies: [`company-${whose}`], ttl: "1h" } }));
  };
  try {
    await folder.write(typeof text === "function" ? text(server.address) : await text.prepare(server, folder));
    const operator = await tokenFor("operator");
    const [registrar] = await Promise.all([
      tokenFor("registrar"),
      succeeds(folder.sshTrust(["apply", "--yes", ...options], operator)),
    ]);
    return { server, folder, operator, registrar, must, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

export interface EnrolledHost {
  readonly roleId: string;
  readonly secretId: string;
  readonly accessor: string;
  readonly token: string;
}

/** As a registrar does: an AppRole, a secret id that is handed over wrapped, and the host, which unwraps it and signs in. */
export async function enrol(
  { must, registrar }: AppliedFleet,
  domain: string,
  host: string,
  group: string,
): Promise<EnrolledHost> {
  const mount = `auth/ssh-trust/hosts/${domain}`;
  const role = `${mount}/role/${host}`;
  const body = { token_policies: `ssh-trust-host-${group}`, secret_id_ttl: "840h", token_max_ttl: "24h" };
  await must(role, { token: registrar, body });
  const roleId = text((await must(`${role}/role-id`, { token: registrar })).data, "role_id");
  const wrapped = await must(`${role}/secret-id`, { token: registrar, body: {}, wrapped: 300 });
  const data = await unwrap({ must }, { body: wrapped });
  const secretId = text(data, "secret_id");
  const signedIn = await must(`${mount}/login`, { token: "", body: { role_id: roleId, secret_id: secretId } });
  return { roleId, secretId, accessor: text(data, "secret_id_accessor"), token: tokenOf(signedIn) };
}

/** What was handed over wrapped. */
export const unwrap = async (
  { must }: Pick<AppliedFleet, "must">,
  { body }: Pick<Answer, "body">,
): Promise<Answer["body"]["data"]> =>
  (await must("sys/wrapping/unwrap", { token: body.wrap_info?.token ?? "", method: "POST" })).data;

export interface Person {
  readonly entity: string;
  readonly password: string;
  /** The address that an authenticator app reads. */
  readonly otpauth: string;
}

/** A person with a password and a second factor, in a group of people. @param method the TOTP method's id */
export async function addPerson({ must }: AppliedFleet, name: string, group: string, method: string): Promise<Person> {
  const password = `${name}'s password`;
  await must(`auth/ssh-trust/people/users/${name}`, { body: { password } });
  const mount = ((await must("sys/auth")).data ?? {})["ssh-trust/people/"] as { readonly accessor: string };
  const entity = text((await must("identity/entity", { body: { name } })).data, "id");
  await must("identity/entity-alias", { body: { name, canonical_id: entity, mount_accessor: mount.accessor } });
  await setMembers({ must }, group, (members) => [...members, entity]);
  const made = await must("identity/mfa/method/totp/admin-generate", { body: { method_id: method, entity_id: entity } });
  return { entity, password, otpauth: text(made.data, "url") };
}

/** Says who is in a group of people; a group that is written loses whoever is not named. */
export async function setMembers(
  { must }: Pick<AppliedFleet, "must">,
  group: string,
  change: (members: readonly string[]) => readonly string[],
): Promise<void> {
  const path = `identity/group/name/ssh-trust-${group}`;
  const members = (await must(path)).data?.["member_entity_ids"] as readonly string[] | null;
  await must(path, { body: { member_entity_ids: change(members ?? []) } });
}

/** Of an answer's data. */
export function text(data: Answer["body"]["data"], key: string): string {
  const value = data?.[key];
  if (typeof value !== "string") throw new Error(`no ${key} was answered`);
  return value;
}

export const tokenOf = ({ auth }: Answer["body"]): string => auth?.client_token ?? "";

export const certificateOf = (answer: Answer): Certificate => parseCertificate(text(answer.body.data, "signed_key").trim());
