/** What Vault's audit log has of people who sign in and have keys signed: what docs/security.md says of it. */
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { parseCertificate } from "../../src/ssh/certificate.js";
import { text, tokenOf, type Person } from "../support/applied-fleet.js";
import { openCompany, type Company } from "../support/company.js";
import { serverKinds } from "../support/servers.js";

jest.setTimeout(180_000);

interface Line {
  readonly type: "request" | "response";
  readonly auth?: Readonly<Record<string, unknown>>;
  readonly request: Readonly<Record<string, unknown>> & { readonly path: string };
  readonly response?: Readonly<Record<string, unknown>> & { readonly data?: Readonly<Record<string, unknown>> };
}

describe.each(serverKinds)("%s", (kind) => {
  let company: Company;
  let carol: Person;
  let token: string;
  let signed: string;
  let log: string;
  /** The last one of a path. */
  const line = (path: string, type: Line["type"]): Line | undefined =>
    log
      .split("\n")
      .filter((each) => each.startsWith("{"))
      .map((each) => JSON.parse(each) as Line)
      .filter((each) => each.type === type && each.request.path === path)
      .at(-1);

  beforeAll(async () => {
    company = await openCompany(kind);
    const device = { type: "file", options: { file_path: "stdout" } };
    expect(await company.server.ask("sys/audit/test", { body: device })).toMatchObject({ status: 204 });
    carol = await company.add("carol");
    token = tokenOf((await company.signIn("carol", carol)).body);
    signed = text((await company.personSigns(token, "deploy@web")).body.data, "signed_key").trim();
    log = await company.server.log();
  }, 180_000);
  afterAll(async () => {
    await company[Symbol.asyncDispose]();
  });

  test("who had which key signed, for what: all of it can be read, the certificate too", () => {
    const { auth, request, response } = line("user-ssh/sign/platform-web", "response") ?? {};
    expect(auth).toMatchObject({ entity_id: carol.entity, metadata: { username: "carol" } });
    expect(request).toMatchObject({
      data: { valid_principals: "deploy@web", public_key: expect.stringMatching(/^ssh-ed25519 /) },
    });
    expect(String(response?.data?.["signed_key"]).trim()).toBe(signed);
    const { serial, keyId } = parseCertificate(signed);
    expect(BigInt(`0x${String(response?.data?.["serial_number"])}`)).toBe(serial);
    expect(keyId).toMatch(/^platform-web:/); // within the certificate
  });

  test("no password, no code's secret, no token: they are hashed, or not there", () => {
    expect(line("auth/ssh-trust/people/login/carol", "request")?.request).toMatchObject({
      data: { password: expect.stringMatching(/^hmac-sha256:/) },
    });
    const secret = new URL(carol.otpauth).searchParams.get("secret") ?? "";
    expect(secret).toMatch(/^[A-Z2-7]{16,}$/);
    for (const each of [carol.password, secret, token]) expect(log).not.toContain(each);
  });
});
