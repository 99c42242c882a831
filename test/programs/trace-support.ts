/** What the tests of `ssh-trust trace` share: the command with the real ssh, and hosts of the tests' own that do what no sshd does. */
import { randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import ssh2, { type Connection, type ServerChannel } from "ssh2";
import { wireString } from "../../src/ssh/wire.js";
import { type Ran, sshTrustFile, run } from "../support/project.js";
import { blobOf } from "./support.js";
import { strings } from "./build-certificate.js";

export const sshTrust = (...args: string[]): Promise<Ran> => run("node", [sshTrustFile, ...args]);

/** Without anybody's configuration, agent or known hosts. */
export const own = ["-F", "none", "-o", "IdentityAgent=none", "-o", "GlobalKnownHostsFile=none"];

export const trace = (...args: string[]): Promise<Ran> => sshTrust("trace", ...own, ...args);

/** A folder for PATH with an ssh that writes its process id to `pid` there, and becomes the real one. */
export async function sshThatTellsItsId(folder: string): Promise<void> {
  const { stdout: ssh } = await execa("sh", ["-c", "command -v ssh"]);
  await writeFile(join(folder, "ssh"), `#!/bin/sh\necho $$ > '${folder}/pid'\nexec '${ssh}' "$@"\n`);
  await chmod(join(folder, "ssh"), 0o755);
}

/** The process id of the ssh that was started last. */
export const idIn = async (folder: string): Promise<string> => (await readFile(join(folder, "pid"), "utf8")).trim();

/** A line as ssh signs it, for whoever knows the process id. */
export const signed = (pid: string, text: string): string => `debug1: x.c:x():1 (pid=${pid}): ${text}`;

export interface OwnHost extends AsyncDisposable {
  readonly port: string;
}

async function listening(server: Pick<Server, "address" | "close">, end: () => void): Promise<OwnHost> {
  await new Promise<void>((resolve) => (server as Server).listen(0, "127.0.0.1", resolve));
  return {
    port: String((server.address() as AddressInfo).port),
    [Symbol.asyncDispose]: async () => {
      end();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What listens on a free port, and does with each connection what it is told to. */
export function hostThat(serve: (socket: Socket) => void): Promise<OwnHost> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    serve(socket);
  });
  return listening(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

/**
 * A host that shows a certificate and then nothing more. It holds no key: ssh looks for the CA before it checks a signature.
 * @param certificate made when somebody connects, as the content of a -cert.pub file
 */
export const hostWithCertificate = (certificate: () => Promise<string>): Promise<OwnHost> =>
  hostThat((socket) => {
    socket.resume();
    void certificate().then((line) => {
      const key = blobOf(line);
      const reply = Buffer.concat([Buffer.from([31]), strings(key, randomBytes(32), strings("ssh-ed25519", randomBytes(64)))]);
      socket.write("SSH-2.0-x\r\n");
      socket.write(packet(kexInit(line.split(" ")[0] ?? "")));
      socket.write(packet(reply));
    });
  });

/**
 * A host that puts texts into ssh's log before it shows a key, and hangs up.
 * @param texts made when somebody connects; ssh shows 900 characters of each
 */
export const hostThatRemarks = (texts: () => Promise<readonly string[]>): Promise<OwnHost> =>
  hostThat((socket) => {
    socket.resume();
    void texts().then((all) => {
      socket.write("SSH-2.0-x\r\n");
      socket.write(packet(kexInit("ssh-ed25519")));
      for (const text of all) socket.write(packet(remark(text)));
      socket.end();
    });
  });

/** RFC 4253, section 11.3. */
const remark = (text: string): Buffer => Buffer.concat([Buffer.from([4, 1]), strings(text, "")]);

/** RFC 4253, section 7.1. */
function kexInit(hostKeyType: string): Buffer {
  const lists = [
    "curve25519-sha256",
    hostKeyType,
    "aes128-ctr",
    "aes128-ctr",
    "hmac-sha2-256",
    "hmac-sha2-256",
    "none",
    "none",
    "",
    "",
  ];
  return Buffer.concat([Buffer.from([20]), randomBytes(16), ...lists.map((list) => wireString(list)), Buffer.alloc(5)]);
}

/** RFC 4253, section 6, before encryption. */
function packet(payload: Buffer): Buffer {
  const missing = 8 - ((payload.length + 5) % 8);
  const padding = missing < 4 ? missing + 8 : missing;
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length + padding + 1);
  head[4] = padding;
  return Buffer.concat([head, payload, Buffer.alloc(padding)]);
}

export interface SessionHost extends OwnHost {
  /** The options by which its key is known. */
  readonly known: readonly string[];
  /** The commands that it was told to run. */
  readonly commands: readonly string[];
}

/** A host that lets everybody in, and does with each command what it is told to. */
export async function sessionHost(
  folder: string,
  serve: (channel: ServerChannel) => void | Promise<void>,
  banner?: string,
): Promise<SessionHost> {
  const { private: hostKey, public: publicKey } = ssh2.utils.generateKeyPairSync("ed25519");
  const connections = new Set<Connection>();
  const commands: string[] = [];
  const server = new ssh2.Server({ hostKeys: [hostKey], ...(banner === undefined ? {} : { banner }) }, (connection) => {
    connections.add(connection.on("error", () => undefined));
    connection.on("authentication", (context) => {
      context.accept();
    });
    connection.on("session", (accept) => {
      accept().on("exec", (acceptCommand, _refuse, { command }) => {
        commands.push(command);
        void serve(acceptCommand());
      });
    });
  });
  const host = await listening(server, () => {
    for (const connection of connections) connection.end();
  });
  const file = join(folder, `known-${host.port}`);
  await writeFile(file, `[127.0.0.1]:${host.port} ${publicKey}\n`);
  return { ...host, known: ["-o", `UserKnownHostsFile=${file}`, "-o", "StrictHostKeyChecking=yes", "-p", host.port], commands };
}

/** Waits until a process has ended. */
export async function gone(pid: number): Promise<void> {
  for (const end = Date.now() + 10_000; await lives(pid);) {
    if (Date.now() > end) throw new Error(`process ${String(pid)} is still there`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** One that has ended stays as a zombie where nobody asks how it ended: in a container whose first process is no init. */
async function lives(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !/^\d+ \(.*\) Z /s.test(await readFile(`/proc/${String(pid)}/stat`, "utf8").catch(() => ""));
}
