/** A company with a fleet: hosts of two domains, people of two groups who signed in, those who look after it, and their tokens. */
import { generateKeyPairSync } from "node:crypto";
import { wireString } from "../../src/ssh/wire.js";
import { addPerson, applyFleet, enrol, text, tokenOf } from "./applied-fleet.js";
import type { AppliedFleet, EnrolledHost, Person } from "./applied-fleet.js";
import { fleetText } from "./fleet.js";
import { asks, type Facts, type Row } from "./requests.js";
import type { Answer, ServerKind } from "./servers.js";
import { codeOf } from "./totp.js";

/** Two domains; limits that hundreds of requests at once do not meet. */
const companyText = (vault: string): string =>
  fleetText(vault)
    .replace("domains: [example.org]", "domains: [example.org, example.net]")
    .replace("people:", '  edge: { names: "edge-*.example.net", accounts: [ops] }\npeople:')
    .replace("session: 10h", "limits: { sign-in: 1000, sign: 1000, store: 1000 }");

/** Whose token: the host web-1; Alice of platform and Dora of dba; a token with the policy `default` alone; and none at all. */
export type Whose = "host" | "alice" | "dora" | "registrar" | "operator" | "stranger" | "none";

export interface Company extends AppliedFleet {
  readonly tokens: Readonly<Record<Whose, string>>;
  /** Of the group web. */
  readonly web1: EnrolledHost;
  readonly web2: EnrolledHost;
  /** Of the group platform; Dora is of the group dba. */
  readonly alice: Person;
  /** What stands for `<…>` in the tables. */
  readonly facts: Facts;
  readonly ask: (whose: Whose, row: Row) => Promise<Answer>;
  /** Has a key signed. @param asked what is asked for beside it */
  readonly sign: (whose: Whose, path: string, asked: Readonly<Record<string, unknown>>) => Promise<Answer>;
  /** By a host's token: a host certificate by a role, for names. */
  readonly hostSigns: (token: string, role: string, names: string) => Promise<Answer>;
  /** By a person's: a certificate by the rule platform-web, for accounts. */
  readonly personSigns: (token: string, accounts: string) => Promise<Answer>;
  /** In the domain example.org. */
  readonly hostSignsIn: (host: Pick<EnrolledHost, "roleId" | "secretId">) => Promise<Answer>;
  /** A person of the group platform, or of another. */
  readonly add: (name: string, group?: string) => Promise<Person>;
  /** The first half of a sign-in. */
  readonly password: (name: string, password: string) => Promise<Answer>;
  /** The second. @param begun what was answered to the first */
  readonly code: (begun: Answer, passcode: unknown) => Promise<Answer>;
  /** Both. */
  readonly signIn: (name: string, person: Person) => Promise<Answer>;
}

export async function openCompany(kind: ServerKind): Promise<Company> {
  const fleet = await applyFleet(kind, companyText);
  try {
    return await peopled(fleet);
  } catch (error) {
    await fleet[Symbol.asyncDispose]();
    throw error;
  }
}

async function peopled(fleet: AppliedFleet): Promise<Company> {
  const { must, server, registrar, operator } = fleet;
  const enforcement = (await must("identity/mfa/login-enforcement/ssh-trust-people")).data as { mfa_method_ids: [string] };
  const [totp] = enforcement.mfa_method_ids;
  const add: Company["add"] = (name, group = "platform") => addPerson(fleet, name, group, totp);
  const password: Company["password"] = (name, given) =>
    server.ask(`auth/ssh-trust/people/login/${name}`, { token: "", body: { password: given } });
  const code: Company["code"] = ({ body: { auth } }, passcode) => {
    const asked = auth as { mfa_requirement?: { mfa_request_id: string } | null } | null | undefined;
    const body = { mfa_request_id: asked?.mfa_requirement?.mfa_request_id, mfa_payload: { [totp]: passcode } };
    return server.ask("sys/mfa/validate", { token: "", body });
  };
  const signIn: Company["signIn"] = async (name, person) =>
    code(await password(name, person.password), [codeOf(person.otpauth, new Date())]);

  const [web1, web2, alice, dora, stranger] = await Promise.all([
    enrol(fleet, "example.org", "web-1", "web"),
    enrol(fleet, "example.org", "web-2", "web"),
    add("alice"),
    add("dora", "dba"),
    must("auth/token/create-orphan", { body: { policies: ["default"], ttl: "1h" } }),
    enrol(fleet, "example.org", "db-1", "db"),
    enrol(fleet, "example.net", "edge-1", "edge"),
  ]);
  const tokens: Company["tokens"] = {
    host: web1.token,
    alice: tokenOf((await signIn("alice", alice)).body),
    dora: tokenOf((await signIn("dora", dora)).body),
    registrar,
    operator,
    stranger: tokenOf(stranger),
    none: "",
  };
  const key = somePublicKey();
  const own = { public_key: key, cert_type: "host", valid_principals: "web-1.example.org" };
  const signed = await must("host-ssh/sign/web", { token: web1.token, body: own });
  const auth = (await must("sys/auth")).data as Record<string, { accessor: string }>;
  const facts: Facts = {
    "a key": key,
    "a weak key": weakPublicKey(),
    "a certificate": text(signed.data, "signed_key").trim(),
    root: server.rootToken,
    totp,
    people: auth["ssh-trust/people/"]?.accessor ?? "",
    hosts: auth["ssh-trust/hosts/example.org/"]?.accessor ?? "",
    "alice: entity": alice.entity,
    "dora: entity": dora.entity,
    "web-1: role id": web1.roleId,
    "web-1: secret id": web1.secretId,
    "web-1: accessor": web1.accessor,
    "web-2: role id": web2.roleId,
    "web-2: secret id": web2.secretId,
    "web-2: accessor": web2.accessor,
  };
  const ask: Company["ask"] = (whose, row) => asks(server, facts, tokens[whose], row);
  const sign: Company["sign"] = (whose, path, asked) => ask(whose, ["", `POST ${path}`, { public_key: key, ...asked }]);
  const hostSigns: Company["hostSigns"] = (token, role, valid_principals) =>
    server.ask(`host-ssh/sign/${role}`, { token, body: { public_key: key, cert_type: "host", valid_principals } });
  const personSigns: Company["personSigns"] = (token, valid_principals) =>
    server.ask("user-ssh/sign/platform-web", { token, body: { public_key: key, valid_principals } });
  const hostSignsIn: Company["hostSignsIn"] = ({ roleId, secretId }) =>
    server.ask("auth/ssh-trust/hosts/example.org/login", { token: "", body: { role_id: roleId, secret_id: secretId } });
  const asking = { ask, sign, hostSigns, personSigns, hostSignsIn };
  return { ...fleet, ...asking, tokens, web1, web2, alice, facts, add, password, code, signIn };
}

/** An Ed25519 public key in one line. */
function somePublicKey(): string {
  const { x = "" } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
  return keyLine("ssh-ed25519", [Buffer.from(x, "base64url")]);
}

/** RSA of 1024 bits: RFC 4253, section 6.6. */
function weakPublicKey(): string {
  const { e = "", n = "" } = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ format: "jwk" });
  return keyLine("ssh-rsa", [Buffer.from(e, "base64url"), Buffer.concat([Buffer.of(0), Buffer.from(n, "base64url")])]);
}

const keyLine = (type: string, parts: readonly Buffer[]) =>
  `${type} ${Buffer.concat([wireString(type), ...parts.map(wireString)]).toString("base64")}`;
