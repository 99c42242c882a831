/**
 * A host that shuts out an address after failed logins (PerSourcePenalties, since OpenSSH 9.8): a trace advises to wait, and to correct
 * the key meanwhile. That is done, and then the login works.
 */
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { ensureImages } from "../../lab/matrix/images.js";
import { loggedIn, openDesk, type Desk } from "../programs/refused-login.js";
import { lab } from "../support/cloud.js";
import { docker, labNames, succeeds, until } from "../support/project.js";
import { freePort } from "../support/servers.js";

jest.setTimeout(120_000);

const container = labNames.container("trace-penalties");
let desk: Desk;
let port: number;

beforeAll(async () => {
  await ensureImages(lab, ["trixie"]);
  desk = await openDesk();
  port = await freePort();
  const hostKey = await desk.key("host");
  await desk.write("known_hosts", `[127.0.0.1]:${String(port)} ${hostKey}`);
  await desk.key("wrong");
  await desk.write("authorized_keys", await desk.key("right"));
  const config = [
    `ListenAddress 127.0.0.1:${String(port)}`,
    `HostKey ${desk.file("host")}`,
    `AuthorizedKeysFile ${desk.file("authorized_keys")}`,
    "PerSourcePenalties authfail:20s min:1s",
    ...["StrictModes no", "PasswordAuthentication no", "UsePAM no"],
  ];
  await desk.write("sshd_config", config.join("\n"));
  const volume = `${desk.folder}:${desk.folder}`;
  const image = labNames.image("openssh-trixie");
  await docker("rm", "-f", container);
  await succeeds(docker("run", "--detach", "--name", container, "--network", "host", "--volume", volume, image));
  const start = `useradd --password '*' deploy && exec /usr/sbin/sshd -D -e -f ${desk.file("sshd_config")} 2> /tmp/sshd.log`;
  await succeeds(docker("exec", "--detach", container, "sh", "-c", start));
  const listens = async () => (await docker("exec", container, "grep", "-c", "Server listening", "/tmp/sshd.log")).exit === 0;
  await until("sshd to listen", 20, listens);
}, 600_000);
afterAll(async () => {
  await docker("rm", "-f", container);
  await desk[Symbol.asyncDispose]();
});

test("refused for now: to wait, and then the right key", async () => {
  expect((await desk.trace(port, "-i", "wrong")).refusal).toMatchObject({ kind: "permission-denied" });
  const { refusal } = await desk.trace(port, "-i", "right");
  expect(refusal).toMatchObject({ kind: "refused-for-now", reason: expect.stringContaining("PerSourcePenalties") as unknown });
  expect(refusal?.hint.map(({ say }) => say)).toEqual([
    expect.stringMatching(/^wait, then run the same command again/),
    expect.stringMatching(/^before that, correct the key or the account/),
    expect.stringMatching(/^if it goes on, see the host's log/),
  ]);
  expect((await docker("exec", container, "cat", "/tmp/sshd.log")).stdout).toContain("penalty: failed authentication");
  const same = async () => (await desk.trace(port, "-i", "right")).loggedIn;
  await until("the penalty to end", 60, same, 1000);
  expect(await desk.trace(port, "-i", "right")).toMatchObject(loggedIn);
});
