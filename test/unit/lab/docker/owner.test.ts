/** Whose a container is, and where the engine is. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { engineOptions } from "../../../../lab/docker/engine-options.js";
import { isOwn, labelsOf, otherOwner } from "../../../../lab/docker/owner.js";

let here: string;
let there: string;
beforeAll(async () => {
  [here, there] = (await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), "ssh-trust-owner-"))))) as [string, string];
  for (const folder of [here, there]) await writeFile(join(folder, "package.json"), "{}");
});
afterAll(() => Promise.all([here, there].map((folder) => rm(folder, { recursive: true }))));

const own = () => ({ lab: "default", checkout: here });

describe("not this lab's", () => {
  test.each<[what: string, labels: () => Record<string, string>]>([
    ["without a label", () => ({})],
    ["of another lab of this checkout", () => labelsOf({ lab: "two", checkout: here }, "container")],
    ["of the same lab of another checkout", () => labelsOf({ lab: "default", checkout: there }, "container")],
    ["of another lab of a checkout that is gone", () => labelsOf({ lab: "two", checkout: "/gone" }, "container")],
    [
      "of a checkout that another machine has, or had",
      () => ({ ...labelsOf({ lab: "default", checkout: "/gone" }, "container"), "io.ssh-trust.lab.machine": "elsewhere" }),
    ],
    [
      "of a checkout that we cannot look into",
      () => labelsOf({ lab: "default", checkout: `${here}/${"x".repeat(300)}` }, "container"), // ENAMETOOLONG
    ],
    ["made by somebody from one of our images", () => labelsOf(own(), "image")],
    ["of somebody else's", () => ({ "io.ssh-trust.lab": "yes" })],
  ])("a container %s", (_what, labels) => {
    expect(isOwn(labels(), own(), "container")).toBe(false);
  });
});

test.each<[what: string, labels: () => Record<string, string>]>([
  ["that it made", () => labelsOf(own(), "container")],
  ["of the same lab, whose checkout was moved or removed", () => labelsOf({ lab: "default", checkout: "/gone" }, "container")],
  ["of an older version, which wrote no names", () => ({ "io.ssh-trust.lab": "container" })],
])("this lab's: a container %s", (_what, labels) => {
  expect(isOwn(labels(), own(), "container")).toBe(true);
});

test("whose it is else is told, where it is a lab's", () => {
  expect(otherOwner(labelsOf({ lab: "two", checkout: there }, "network"), "network")).toEqual({ lab: "two", checkout: there });
  expect(otherOwner({}, "network")).toBeUndefined();
});

describe("where the engine is", () => {
  const options = async (dockerHost?: string, more: { dockerTls?: boolean; dockerCertificates?: string } = {}) =>
    (await engineOptions({ dockerHost, dockerTls: false, dockerCertificates: undefined, sshAgent: undefined, ...more })).options;

  test.each([
    [undefined, { socketPath: "/var/run/docker.sock" }],
    ["unix:///run/user/1000/docker.sock", { socketPath: "/run/user/1000/docker.sock" }],
    ["tcp://10.0.0.1:2375", { protocol: "http", host: "10.0.0.1", port: 2375 }],
    ["tcp://engine", { protocol: "http", host: "engine", port: 2375 }],
    ["tcp://engine:2376", { protocol: "https", host: "engine", port: 2376 }],
    ["tcp://[::1]:2375", { protocol: "http", host: "::1", port: 2375 }],
    ["https://engine", { protocol: "https", host: "engine", port: 2376 }],
    ["ssh://me@engine:2222", { protocol: "ssh", host: "engine", port: 2222, username: "me" }],
    ["ssh://engine", { protocol: "ssh", host: "engine", port: 22 }],
  ])("%s, whatever the environment says", async (host, expected) => {
    expect(await options(host)).toMatchObject(expected);
  });

  test("certificates make it TLS; where they cannot be read, that is told", async () => {
    for (const name of ["ca.pem", "cert.pem", "key.pem"]) await writeFile(join(here, name), name);
    expect(await options("tcp://engine:2376", { dockerCertificates: here })).toMatchObject({
      protocol: "https",
      ca: "ca.pem",
      cert: "cert.pem",
      key: "key.pem",
    });
    expect(await options("tcp://engine:2375", { dockerCertificates: here })).toMatchObject({ protocol: "http" });
    expect(await options("tcp://engine:2375", { dockerTls: true })).toMatchObject({ protocol: "https", port: 2375 });
    await expect(options("tcp://engine:2376", { dockerCertificates: "/nowhere" })).rejects.toMatchObject({
      code: "SETTING_INVALID",
    });
  });
});
