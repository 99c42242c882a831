/**
 * The agent with the OpenSSH of Debian's releases, as clients and as servers: each client at each server, by the same agent. The tests run
 * those that people run most; SSH_TRUST_SUITES=bullseye,bookworm,trixie,sid runs others.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { ensureImages, testedSuites } from "../../lab/matrix/images.js";
import { readVersion, since } from "../../lab/matrix/openssh-version.js";
import { debian, type Suite } from "../../lab/toolchain/versions.js";
import { agentOf, type RunningAgent } from "../support/agent.js";
import { lab } from "../support/cloud.js";
import { entryOf, openLoginFleet, type LoginFleet } from "../support/login-fleet.js";
import { docker, labNames, succeeds, until } from "../support/project.js";
import { freePort } from "../support/servers.js";

jest.setTimeout(180_000);

const asked = process.env["SSH_TRUST_SUITES"]?.split(",");
const suites =
  asked === undefined ? testedSuites : (Object.keys(debian.suites) as Suite[]).filter((each) => asked.includes(each));
const pairs = suites.flatMap((client) => suites.map((server) => [client, server] as const));

const containerOf = (suite: Suite) => labNames.container(`agent-${suite}`);
const hostOf = (suite: Suite) => `web-1${String(suites.indexOf(suite))}.example.org`;

let fleet: LoginFleet;
let agent: RunningAgent;
let config: string;
const versions = new Map<Suite, string>();

beforeAll(async () => {
  expect(await ensureImages(lab, suites)).toEqual(suites); // one that cannot be built today fails here, and is named
  fleet = await openLoginFleet("OpenBao");
  agent = await agentOf(fleet);
  const entries = await Promise.all(suites.map(startHost));
  config = join(fleet.folder.folder, "versions_config");
  const text = await readFile(agent.config, "utf8");
  await writeFile(config, `${text}${entries.join("")}`);
}, 600_000);
afterAll(async () => {
  await Promise.all(suites.map((suite) => docker("rm", "-f", containerOf(suite))));
  await agent[Symbol.asyncDispose]();
  await fleet[Symbol.asyncDispose]();
});

/** A container is a client, and a host of the fleet: it has this machine's network, and sees the agent's folder at the same path. */
async function startHost(suite: Suite): Promise<string> {
  const container = containerOf(suite);
  const { folder } = fleet.folder;
  const mounts = [folder, fleet.runtime].flatMap((each) => ["--volume", `${each}:${each}`]);
  await docker("rm", "-f", container);
  await succeeds(
    docker("run", "--detach", "--name", container, "--network", "host", ...mounts, labNames.image(`openssh-${suite}`)),
  );
  versions.set(suite, readVersion((await docker("exec", container, "ssh", "-V")).stderr)?.number ?? "");
  const port = await freePort();
  const name = hostOf(suite);
  const file = (each: string) => join(folder, `${suite}-${each}`);
  await writeFile(file("cert.pub"), `${await fleet.certified(name.replace(".example.org", ""), "web")}\n`);
  await writeFile(file("ca.pub"), `${fleet.userCa}\n`);
  await writeFile(
    file("sshd_config"),
    `ListenAddress 127.0.0.1:${String(port)}
HostKey ${fleet.hostKey}
HostCertificate ${file("cert.pub")}
TrustedUserCAKeys ${file("ca.pub")}
AuthorizedPrincipalsCommand /usr/bin/printf %%s\\n %u@web
AuthorizedPrincipalsCommandUser nobody
AuthorizedKeysFile none
PasswordAuthentication no
UsePAM no
LogLevel VERBOSE
`,
  );
  const start = `useradd --create-home --password '*' deploy && exec /usr/sbin/sshd -D -e -f ${file("sshd_config")} 2> /tmp/sshd.log`;
  await succeeds(docker("exec", "--detach", container, "sh", "-c", start));
  const listens = async () => (await docker("exec", container, "grep", "-c", "Server listening", "/tmp/sshd.log")).exit === 0;
  await until(`sshd of ${suite} to listen`, 20, listens);
  return entryOf(name, port);
}

const logIn = (client: Suite, server: Suite) =>
  docker("exec", containerOf(client), "ssh", "-F", config, "-o", "BatchMode=yes", `deploy@${hostOf(server)}`, "echo", "in");
/** OpenSSH 10.1 and later warns of a server before 8.5, which has no key exchange that withstands quantum computers. */
const isWarned = (client: Suite, server: Suite) =>
  since(versions.get(client) ?? "", "10.1") && !since(versions.get(server) ?? "", "8.5");
const logOf = async (server: Suite) => (await docker("exec", containerOf(server), "cat", "/tmp/sshd.log")).stdout;

test.each(pairs)("client %s, server %s", async (client, server) => {
  await agent.decided();
  const { exit, stdout, stderr } = await logIn(client, server);
  const decided = await agent.decided();
  if (!since(versions.get(client) ?? "", "8.9")) {
    expect({ exit, stdout, stderr }).toEqual({ exit: 255, stdout: "", stderr: expect.stringContaining("Permission denied") });
    expect(decided).toMatch(/^nothing: the client did not say which host it talks to; OpenSSH 8\.9 and later do$/m);
    expect(decided).not.toContain("signed:");
    return;
  }
  const says: unknown = isWarned(client, server)
    ? expect.stringMatching(/^\*\* WARNING: .* not using a post-quantum key exchange/)
    : "";
  expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout: "in", stderr: says });
  expect(decided).toMatch(new RegExp(`^signed: deploy at ${hostOf(server)} \\(web\\), by platform-`, "m"));
  expect(await logOf(server)).toMatch(/Accepted publickey for deploy .* ED25519-CERT .* ID platform-\S+:\S+ .*CA ED25519/);
});

test.each(suites)("client %s: a host with a plain key is offered nothing", async (client) => {
  await agent.decided();
  const plain = ["-o", "HostKeyAlgorithms=ssh-ed25519", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"];
  const { exit } = await docker("exec", containerOf(client), "ssh", ...plain, "-F", config, `deploy@${hostOf(client)}`, "true");
  expect(exit).toBe(255);
  const decided = await agent.decided();
  expect(decided).toMatch(/^nothing: (?:the host showed a plain key|the client did not say)/m);
  expect(decided).not.toMatch(/^(?:offered|signed)/m);
});
