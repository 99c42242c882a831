/** The directory as a service, before Vault answers; and what it tells its log. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@jest/globals";
import { oncePerChange } from "../../../src/directory/once-per-change.js";
import { serveDirectory, type ServeEvents, type ServeOptions } from "../../../src/directory/serve.js";
import { fail } from "../../../src/errors/catalogue.js";

const options: ServeOptions = {
  ...{ listen: { host: "127.0.0.1", port: 0 }, tls: undefined, tokenFile: undefined, sessionKey: undefined },
  ...{ proxies: [], rate: 50 },
};
const none = () => undefined;
const events: ServeEvents = {
  ...{ listening: none, complete: none, slow: none, vaultAway: none, vaultBack: none, tlsRead: none },
  ...{ refused: none, waiting: none, fault: none, draining: none },
};

test.each([
  ["refuses", 503],
  ["never answers", undefined],
])("it ends in order while it waits for a Vault that %s", async (_, status) => {
  const asked: (() => void)[] = [];
  const server = createServer((__, response) => {
    asked.forEach((tell) => {
      tell();
    });
    if (status !== undefined)
      response.writeHead(status, { "content-type": "application/json" }).end('{"errors":["Vault is sealed"]}');
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const settings = { address, token: "t", tokenSource: "a test", namespace: undefined, tls: {} };
  const ending = new AbortController();
  let waits = none;
  const isWaiting = new Promise<void>((resolve) => {
    if (status === undefined) asked.push(resolve);
    else
      waits = () => {
        resolve();
        return undefined;
      };
  });
  const served = serveDirectory(
    settings,
    options,
    {
      ...events,
      waiting: () => {
        waits();
      },
    },
    ending.signal,
  );
  await Promise.race([isWaiting, served]);
  const start = Date.now();
  ending.abort();
  await expect(served).resolves.toBeUndefined();
  expect(Date.now() - start).toBeLessThan(1000);
  server.closeAllConnections();
  server.close();
});

test("what fails again for the same reason is told once, and again after it worked", () => {
  const told: string[] = [];
  const { tell, forget } = oncePerChange(({ message }) => told.push(message));
  const [one, other] = ["holds no token", "cannot be read"].map((problem) =>
    fail("DIRECTORY_TOKEN_FILE", { file: "token", problem }),
  );
  for (const error of [one, one, one, other, other, one]) tell(error as NonNullable<typeof error>);
  expect(told).toEqual(["token holds no token", "token cannot be read", "token holds no token"]);
  tell(one as NonNullable<typeof one>);
  forget();
  tell(one as NonNullable<typeof one>);
  expect(told).toHaveLength(4);
});
