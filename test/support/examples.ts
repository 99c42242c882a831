/** The examples in the doc comments of the published types, run as a reader would who copies them. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { transform } from "esbuild";
import { run } from "./project.js";

export interface Example {
  /** The function whose doc comment it is in. */
  readonly of: string;
  readonly code: string;
}

/** Examples that need a server with a fleet, in this order. */
export const needFleet = ["addHost", "listHosts", "reissueHost", "takeHostAway"];
/** Examples that need a server: an sshd, or Vault. The end-to-end tests run these, all others need files only. */
const needServers = [
  ...needFleet,
  "connectVault",
  "signKey",
  "scanHost",
  "scanHostCertificates",
  "traceLogin",
  "traceToJson",
  "renderTrace",
];

export const needsServer = ({ of }: Example): boolean => needServers.includes(of);

/** @param folder of the installed package */
export async function examplesIn(
  folder: string,
): Promise<{ readonly examples: readonly Example[]; readonly functions: readonly string[] }> {
  const types = await readFile(join(folder, "dist/index.d.ts"), "utf8");
  const exported = /^export \{ (.*) \};$/m.exec(types)?.[1]?.split(", ") ?? [];
  // A function may have another name outside: `problemOf as problemOfRole`.
  const names = new Map(exported.map((each) => [each.split(" as ")[0] ?? "", each.split(" as ").at(-1) ?? ""] as const));
  const declared = [...types.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?declare (?:function|const) (\w+)/g)];
  const documented = declared.flatMap(([, comment = "", own = ""]) => {
    const of = names.get(own);
    return of === undefined ? [] : [{ of, code: /@example\n \* ```ts\n([\s\S]*?) \* ```/.exec(comment)?.[1] }];
  });
  return {
    functions: documented.map(({ of }) => of),
    examples: documented.flatMap(({ of, code }) => (code === undefined ? [] : [{ of, code: code.replace(/^ \* ?/gm, "") }])),
  };
}

/** Runs an example in a project that has the package; what it prints must be what the comments behind `console.log` say. */
export async function runExample({ of, code }: Example, project: string, env: Record<string, string> = {}): Promise<void> {
  const said = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
  const file = `${of}.mjs`;
  await writeFile(join(project, file), (await transform(code, { loader: "ts", format: "esm" })).code);
  const { exit, stdout, stderr } = await run(process.execPath, [file], { cwd: project, env });
  expect({ exit, stderr, stdout: stdout.split("\n").filter((line) => line !== "") }).toEqual({
    exit: 0,
    stderr: "",
    stdout: said,
  });
}

const fleetFile = `vault: https://vault.example.org:8200
domains: [example.org]
hosts:
  web: { names: web-*.example.org, accounts: [deploy, ops] }
people:
  platform: { oidc: platform-team }
access:
  - { name: platform-web, who: platform, on: web, as: [deploy, ops] }
sign-in:
  oidc: { issuer: https://id.example.org, client-id: ssh-trust }
`;

/** The files that examples read: a fleet file; keys and certificates, made by ssh-keygen. */
export async function makeExampleFiles(project: string): Promise<void> {
  await writeFile(join(project, "ssh-trust.yaml"), fleetFile);
  const keygen = async (...args: string[]) => {
    const { exit, all } = await run("ssh-keygen", ["-q", ...args], { cwd: project });
    if (exit !== 0) throw new Error(all);
  };
  const keys = { id_ed25519: "alice@laptop", user_ca: "users", host_ca: "hosts", ssh_host_ed25519_key: "web-1" };
  for (const [file, comment] of Object.entries(keys)) await keygen("-t", "ed25519", "-N", "", "-C", comment, "-f", file);
  const user = ["-n", "deploy", "-V", "-5m:+1h", "-O", "clear", "-O", "permit-pty"];
  await keygen("-s", "user_ca", "-I", "alice", ...user, "id_ed25519.pub");
  await keygen("-s", "host_ca", "-I", "web-1", "-h", "-n", "web-1.example.org", "ssh_host_ed25519_key.pub");
}
