/** Host keys that machines publish: what is not taken for one, and who may write. */
import { Agent, request } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openBucket } from "../../lab/object-store/object-store.js";
import { objectStore, objectStoreCertificate } from "../../lab/object-store/server.js";
import { at, cloud, expectError, lab } from "../support/cloud.js";
import { taskInHost as task } from "../support/in-host.js";
import { docker, labNames, succeeds } from "../support/project.js";

afterAll(async () => {
  await task("reset-cloud");
}, 180_000);

describe("published host keys", () => {
  const file = "/etc/ssh/ssh_known_hosts";
  const known = async () => (await docker("exec", labNames.container("laptop"), "cat", file)).stdout;
  const ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDxD6gi+FNijA1n40q0xZy5t8YyPL/CeqX2HTzmLhKnR";

  /** PUTs to a ticket's URL as a machine does. @returns the HTTP status */
  const put = async (url: string, body: string): Promise<number> => {
    const ca = await objectStoreCertificate(lab);
    const agent = new Agent({
      ca,
      lookup: (_host, _options, done) => {
        done(null, [{ address: "127.0.0.1", family: 4 }]);
      },
    });
    return new Promise((resolve, reject) => {
      // Machines reach it by the port that the ticket names; this one by the port that is published.
      const published = { port: labNames.ports.objectStore, headers: { host: new URL(url).host } };
      const asked = request(url, { method: "PUT", agent, ...published }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      asked.on("error", reject);
      asked.end(body);
    });
  };

  beforeAll(async () => {
    await succeeds(cloud("launch", "pub", "--publish"));
    expect((await task("collect-host-keys")).all).toMatch(/3 lines for 1 host /);
  }, 300_000);
  afterAll(async () => {
    await cloud("terminate", "pub");
  }, 180_000);

  test("a ticket writes its own object, and no other", async () => {
    const store = await objectStore(lab);
    const ticket = await store.ticket("idle");
    const others = ticket.replace("/host-keys/idle?", "/host-keys/pub?");
    expect(others).not.toBe(ticket);
    expect(await put(others, ed25519)).toBe(403);
    expect(await put(ticket.replace(/X-Amz-Expires=\d+/, "X-Amz-Expires=999999"), ed25519)).toBeGreaterThanOrEqual(400);
    expect(await put(ticket.split("?")[0] ?? "", ed25519)).toBe(403);
    expect(await store.list()).not.toContain("idle");
    expect(await put(ticket, ed25519)).toBe(200);
    expect(await store.read("idle")).toBe(ed25519);
    await store.remove("idle");
  }, 180_000);

  test("a password that is not the store's opens nothing, and is not shown", async () => {
    const certificate = await objectStoreCertificate(lab);
    const refused = openBucket({ user: "lab", password: "another-password", certificate, port: labNames.ports.objectStore });
    await expect(refused).rejects.toMatchObject({
      code: "OBJECT_STORE_FAILED",
      message: expect.stringMatching(/could not make its bucket: (?!.*another-password)./),
    });
  }, 180_000);

  test("the machine does not keep its ticket", async () => {
    expect((await docker("exec", at("pub"), "ls", "/var/lib/cloud/seed")).stdout).not.toContain("publish-url");
  });

  test.each([
    ["nothing", ""],
    ["no key", "hello\n"],
    ["a line that trusts an authority for every host", `@cert-authority * ${ed25519}\n`],
    ["a key under another's name", `web.lab.test ${ed25519}\n`],
    ["two keys of one type", `${ed25519}\n${ed25519}\n`],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n"],
    ["a key cut short", `${ed25519.slice(0, 60)}\n`],
    ["a carriage return and another line", `${ed25519}\r\n@cert-authority * ${ed25519}\n`],
  ])(
    "%s is not taken for host keys; the list stays as it was",
    async (_what, content) => {
      const store = await objectStore(lab);
      const before = await known();
      const good = (await store.read("pub")) ?? "";
      expect(await put(await store.ticket("pub"), content)).toBe(200);
      expectError(await task("collect-host-keys"), "PUBLISHED_KEYS_INVALID", /"pub"/);
      expect(await known()).toBe(before);
      expect(await put(await store.ticket("pub"), good)).toBe(200);
    },
    30_000,
  );

  test("an object of a machine that is not there is passed over; a terminated machine's goes", async () => {
    const store = await objectStore(lab);
    await put(await store.ticket("nobody"), ed25519);
    expect((await task("collect-host-keys")).all).toMatch(/3 lines for 1 host /);
    await store.remove("nobody");
    await cloud("launch", "brief", "--publish");
    expect(await store.list()).toContain("brief");
    await cloud("terminate", "brief");
    expect(await store.list()).not.toContain("brief");
  }, 180_000);

  test("with the store gone, that is said; with its own certificate only, it is trusted", async () => {
    await succeeds(task("stop-object-store"));
    await expect(objectStore(lab)).rejects.toMatchObject({ code: "OBJECT_STORE_DOWN" });
    await succeeds(task("start-object-store"));
    await expect(fetch(`https://localhost:${String(labNames.ports.objectStore)}/`)).rejects.toThrow();
    expect((await task("collect-host-keys")).all).toMatch(/nothing was published by: .*pub/);
  }, 180_000);

  test("neither the store's password nor a ticket is in the containers' settings or logs", async () => {
    const password = (await docker("exec", labNames.container("object-store"), "cat", "/run/secrets/object-store-password"))
      .stdout;
    expect(password.length).toBeGreaterThan(20);
    for (const name of [labNames.container("object-store"), at("pub")]) {
      const seen = (await docker("inspect", name)).all + (await docker("logs", name)).all;
      expect(seen).not.toContain(password);
      expect(seen).not.toContain("X-Amz-Signature");
    }
  });
});
