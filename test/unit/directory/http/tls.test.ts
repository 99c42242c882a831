/** The directory's certificate: what is refused at the start, and while it runs. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readPair, watchPair, type TlsPair } from "../../../../src/directory/http/tls.js";
import type { SshTrustError } from "../../../../src/errors/catalogue.js";
import { certify, makeCa } from "../../../support/certificates.js";
import { run, succeeds, until } from "../../../support/project.js";

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-tls-"));
  await makeCa(folder);
  await certify(folder, "own", "DNS:localhost");
  await certify(folder, "other", "DNS:localhost");
  const small = ["-x509", "-newkey", "rsa:512", "-nodes", "-subj", "/CN=small"];
  await succeeds(run("openssl", ["req", ...small, "-keyout", at("small-key.pem"), "-out", at("small.pem")]));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const text = (name: string) => readFile(at(name), "utf8");
const broken: readonly (readonly [string, () => Promise<{ readonly cert: string; readonly key: string }>])[] = [
  ["no certificate", async () => ({ cert: "", key: await text("own-key.pem") })],
  ["no key", async () => ({ cert: await text("own.pem"), key: await text("own.pem") })],
  ["another's key", async () => ({ cert: await text("own.pem"), key: await text("other-key.pem") })],
  [
    "an intermediate that is cut off",
    async () => ({ cert: (await text("own.pem")) + (await text("ca.pem")).slice(0, 300), key: await text("own-key.pem") }),
  ],
  [
    "an intermediate cut off in its first line",
    async () => ({ cert: `${await text("own.pem")}-----BEGIN CERTIF`, key: await text("own-key.pem") }),
  ],
  [
    "an intermediate with other bytes",
    async () => ({
      cert: (await text("own.pem")) + (await text("ca.pem")).replace(/\n.{20}/, `\n${"A".repeat(20)}`),
      key: await text("own-key.pem"),
    }),
  ],
  ["a key that is too small", async () => ({ cert: await text("small.pem"), key: await text("small-key.pem") })],
];

test.each(broken)("refused at the start: %s", async (_, make) => {
  const { cert, key } = await make();
  await writeFile(at("cert.pem"), cert);
  await writeFile(at("key.pem"), key);
  await expect(readPair({ cert: at("cert.pem"), key: at("key.pem") })).rejects.toMatchObject({ code: "DIRECTORY_TLS_FILE" });
});

test("while it runs, each of them is refused, and the next good one is used", async () => {
  const files = { cert: at("live.pem"), key: at("live-key.pem") };
  const put = async ({ cert, key }: TlsPair) => {
    await writeFile(files.cert, cert);
    await writeFile(files.key, key);
  };
  const good = { cert: (await text("own.pem")) + (await text("ca.pem")), key: await text("own-key.pem") };
  await put(good);
  const ending = new AbortController();
  const [changes, refusals]: [TlsPair[], SshTrustError[]] = [[], []];
  let takes = true;
  const changed = (pair: TlsPair) => {
    if (!takes) throw new Error("TLS does not take it");
    changes.push(pair);
  };
  watchPair(files, { changed, refused: (error) => refusals.push(error) }, ending.signal);
  await new Promise((resolve) => setTimeout(resolve, 100)); // it has seen the first
  for (const [, make] of broken.slice(3, 4)) {
    const before = refusals.length;
    await put(await make());
    await until("it to be refused", 15, () => Promise.resolve(refusals.length > before));
  }
  expect(changes).toEqual([]);
  takes = false;
  await put(good);
  await until("what its user refuses to be told", 15, () =>
    Promise.resolve(refusals.at(-1)?.message.includes("does not take") === true),
  );
  takes = true;
  await put({ ...good, cert: await text("own.pem") });
  await until("the good one", 15, () => Promise.resolve(changes.length > 0));
  expect(refusals.every(({ code }) => code === "DIRECTORY_TLS_FILE")).toBe(true);
  ending.abort();
});
