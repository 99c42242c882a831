/** The directory's sockets: what holds one without asking anything, and how it ends. */
import { once } from "node:events";
import { readFile, rm, mkdtemp } from "node:fs/promises";
import { connect as connectPlain, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Hono } from "hono";
import type { Env } from "../../../../src/directory/http/directory.js";
import { addressesIn } from "../../../../src/directory/http/client-address.js";
import { listen } from "../../../../src/directory/http/listen.js";
import { readPair, type TlsPair } from "../../../../src/directory/http/tls.js";
import { certify, makeCa } from "../../../support/certificates.js";
import { until } from "../../../support/project.js";

let folder: string;
let pair: TlsPair;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-listen-"));
  await makeCa(folder);
  await certify(folder, "own", "DNS:localhost,IP:127.0.0.1");
  pair = await readPair({ cert: join(folder, "own.pem"), key: join(folder, "own-key.pem") });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const app = new Hono<Env>();
app.get("/", (c) => c.text("here"));
const open = async (proxies: readonly string[] = []) => {
  const listening = await listen(app, { host: "127.0.0.1", port: 0 }, pair, addressesIn(proxies));
  return { drain: () => listening.drain(), port: Number(new URL(listening.address).port) };
};
const silent = async (port: number): Promise<Socket> => {
  const socket = connectPlain({ host: "127.0.0.1", port }).on("error", () => undefined);
  await once(socket, "connect");
  return socket.resume();
};
const answer = async (port: number): Promise<string> => {
  const socket = connectTls({ host: "127.0.0.1", servername: "localhost", port, ca: await readFile(join(folder, "ca.pem")) });
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  let text = "";
  for await (const part of socket.setEncoding("utf8")) text += part as string;
  return text;
};
const seconds = async (work: () => Promise<unknown>) => {
  const start = Date.now();
  await work();
  return (Date.now() - start) / 1000;
};

const closed = (socket: Socket) =>
  new Promise<void>((resolve) =>
    socket.once("close", () => {
      resolve();
    }),
  );

test("a connection that says nothing, or half a ClientHello, ends after 10 s", async () => {
  const { port, drain } = await open();
  const sockets = await Promise.all([silent(port), silent(port)]);
  sockets[1].write(Buffer.from("16030100c8010000", "hex"));
  expect(await seconds(() => Promise.all(sockets.map(closed)))).toBeLessThan(14);
  await drain();
});

test("what is no TLS is closed at once", async () => {
  const { port, drain } = await open();
  const socket = await silent(port);
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  expect(await seconds(() => closed(socket))).toBeLessThan(3);
  await drain();
});

test("connections that ask nothing do not hold up the end", async () => {
  const { port, drain } = await open();
  const sockets = await Promise.all(Array.from({ length: 10 }, () => silent(port)));
  const all = Promise.all(sockets.map(closed));
  expect(await seconds(drain)).toBeLessThan(5);
  await all;
});

test("one address has no more than 500 connections, others are served, and a trusted proxy has more", async () => {
  const [one, proxied] = [await open(), await open(["127.0.0.1/32"])];
  const fill = (port: number) => Promise.all(Array.from({ length: 520 }, () => silent(port)));
  const mine = await fill(one.port);
  const ended = () => mine.filter(({ readableEnded, destroyed }) => readableEnded || destroyed).length;
  await until("those beyond 500 to be closed", 5, () => Promise.resolve(ended() >= 20), 50);
  expect(ended()).toBe(20);
  const elsewhere = connectPlain({ host: "127.0.0.1", port: one.port, localAddress: "127.0.0.2" });
  await once(elsewhere, "connect");
  elsewhere.write("no TLS\r\n");
  await once(elsewhere.resume(), "close"); // it was read
  mine.forEach((socket) => socket.destroy());
  const theirs = await fill(proxied.port);
  expect(await answer(proxied.port)).toContain("here");
  theirs.forEach((socket) => socket.destroy());
  await Promise.all([one.drain(), proxied.drain()]);
});
