/** The lab's way through the laptop, without Docker: it ends where either side ends. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { expect, test } from "@jest/globals";
import { execa } from "execa";
import { throughTheLaptop } from "../../lab/chapters/logins.js";
import { defaultLab, namesOf } from "../../lab/names.js";
import { hostThat } from "./trace-support.js";

/** `docker exec` starts a session of its own, as setsid does. */
const proxy = throughTheLaptop(namesOf(defaultLab)).replace(/^docker exec -i \S+ /, "setsid -w ");
const args = (port: string) => [
  "-F",
  "none",
  "-o",
  "BatchMode=yes",
  "-o",
  `ProxyCommand=${proxy}`,
  "-p",
  port,
  "x@127.0.0.1",
  "true",
];

test("a host that hangs up: ssh says so, and does not wait", async () => {
  await using host = await hostThat((socket) => socket.end());
  const { exitCode, stderr, timedOut } = await execa("ssh", args(host.port), { reject: false, timeout: 20_000 });
  expect({ exitCode, timedOut, stderr }).toEqual({ exitCode: 255, timedOut: false, stderr: expect.stringMatching(/closed/i) });
});

test("a host that goes on is heard, and an ssh that has gone leaves no connection", async () => {
  let heard: (socket: Socket) => void;
  const connected = new Promise<Socket>((resolve) => (heard = resolve));
  await using host = await hostThat((socket) => {
    socket.write("SSH-2.0-x\r\n");
    heard(socket);
  });
  const ssh = spawn("ssh", args(host.port), { stdio: "ignore" });
  const socket = await connected;
  const [version] = (await once(socket, "data")) as [Buffer];
  expect(version.toString()).toMatch(/^SSH-2\.0-OpenSSH/);
  const closed = once(socket.resume(), "close");
  ssh.kill("SIGKILL");
  await closed;
}, 20_000);
