/** Eve: what she refuses, and that the address always comes back. The chapter shows what she gets. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { at, cloud, eve, expectError, lab, machine, onLaptop, smallCloud } from "../support/cloud.js";
import { taskInHost as task } from "../support/in-host.js";
import { docker, killedHalfWay, labNames, succeeds } from "../support/project.js";

/** Her image without her program started: it is called in there. */
const bare = "ssh-trust-test-eve";

beforeAll(async () => {
  await smallCloud();
  await docker("rm", "-f", bare);
  await succeeds(docker("run", "-d", "--name", bare, "--entrypoint", "sleep", labNames.image("eve"), "1200"));
}, 240_000);

afterAll(async () => {
  await docker("rm", "-f", bare);
  await eve("stop");
  await task("reset-cloud");
}, 180_000);

/** Of a machine's host key, as a key id of Vault's has it: SHA-256, hexadecimal. */
async function keyHash(name: string): Promise<string> {
  const { stdout } = await docker("exec", at(name), "cat", "/etc/ssh/ssh_host_ed25519_key.pub");
  return createHash("sha256")
    .update(Buffer.from(stdout.split(" ")[1] ?? "", "base64"))
    .digest("hex");
}

describe("Eve", () => {
  test.each([
    [
      "somebody else's host",
      ["start", "github.com"],
      "EVE_TARGET_REFUSED",
      /"github\.com" is not a service of the lab's own cloud/,
      2,
    ],
    ["an address", ["start", "127.0.0.1"], "EVE_TARGET_REFUSED", /"127\.0\.0\.1"/, 2],
    ["a machine's name that is no service", ["start", "web"], "EVE_TARGET_REFUSED", /there are: www/, 2],
    ["a name that every object has", ["start", "constructor"], "EVE_TARGET_REFUSED", /"constructor"/, 2],
    ["nobody", ["start"], "USAGE", /<service> is missing/, 2],
    ["to present something unknown", ["start", "www", "--present", "magic"], "USAGE", /own-key, own-ca/, 2],
    [
      "another host's certificate, without saying whose",
      ["start", "www", "--present", "other-host"],
      "USAGE",
      /belong together/,
      2,
    ],
    ["whose, without another host's certificate", ["start", "www", "--machine", "web"], "USAGE", /belong together/, 2],
    [
      "a machine that is not there",
      ["start", "www", "--present", "other-host", "--machine", "ghost"],
      "MACHINE_UNKNOWN",
      /ghost/,
      1,
    ],
    [
      "a machine without a certificate",
      ["start", "www", "--present", "other-host", "--machine", "idle"],
      "MACHINE_WRONG_STATE",
      /cannot take a certificate from "idle": it is without one/,
      1,
    ],
  ] as const)(
    "refuses %s, and stands nowhere",
    async (_what, args, code, names, status) => {
      expectError(await eve(...args), code, names, status);
      expect((await docker("inspect", labNames.container("eve"))).exit).not.toBe(0);
      expect((await machine("web"))?.elastic?.name).toBe("www");
    },
    30_000,
  );

  test.each([
    "192.0.2.1",
    "10.203.113.1",
    "10.203.113.9.evil.example",
    "10.203.113.20@x",
    "",
    "10.203.1130.20",
    "-rf",
    "10.0.0.20",
  ])(
    "her program refuses %j, whoever starts it",
    async (target) => {
      for (const network of ["10.203.113.0/24", "192.0.2.0/24", "10.203.113.0/8", "10.0.0.0/24", "", undefined]) {
        const inNetwork = network === undefined ? [] : [`EVE_NETWORK=${network}`];
        const settings = [`EVE_TARGET=${target}`, ...inNetwork, "EVE_PRESENTS=own-key", "EVE_NAME=x"];
        const { all, exit } = await docker("exec", ...settings.flatMap((each) => ["-e", each]), bare, "start-eve");
        expect(all).toContain(`${target} is not an address of the lab's machines`);
        expect(exit).toBe(1);
      }
    },
    30_000,
  );

  test("killed before she stands, or while she goes: stopping her gives the address back", async () => {
    const leadsToWeb = async () => (await machine("web"))?.elastic?.name === "www";
    await killedHalfWay({ name: "eve", args: ["start", "www"], when: async () => !(await leadsToWeb()) });
    expect((await eve("stop")).all).toContain("www.lab.test leads to web again");
    expect(await leadsToWeb()).toBe(true);
    // Killed, and the address given to another machine before anybody stopped her: that one keeps it.
    await killedHalfWay({ name: "eve", args: ["start", "www"], when: async () => !(await leadsToWeb()) });
    await docker("rm", "-f", labNames.container("eve"));
    await cloud("start", "idle");
    await succeeds(cloud("associate", "www", "idle"));
    expect((await eve("stop")).all).toContain("www.lab.test leads to idle again");
    await succeeds(cloud("associate", "www", "web"));
    await cloud("stop", "idle");
    await succeeds(eve("start", "www"));
    await killedHalfWay({
      name: "eve",
      args: ["stop"],
      when: async () => (await docker("inspect", labNames.container("eve"))).exit !== 0,
    });
    await succeeds(eve("stop"));
    expect(await leadsToWeb()).toBe(true);
  }, 300_000);

  test("another machine's certificate replaces the one she shows", async () => {
    for (const name of ["mallory", "trudy"]) await succeeds(cloud("launch", name, "--signed"));
    const shown = async () => (await onLaptop("ssh -v -o BatchMode=yes admin-ssh-user@www.lab.test 2>&1")).stdout;
    for (const name of ["mallory", "trudy"]) {
      expect((await eve("start", "www", "--present", "other-host", "--machine", name)).all).toContain("is there now");
      expect(await shown()).toContain(`ID "guests:${await keyHash(name)}:`);
    }
    await eve("stop");
    await cloud("terminate", "mallory", "trudy");
  }, 300_000);

  test("started twice she is there already; before another service, she is busy; stopped twice, she was not running", async () => {
    expect((await eve("start", "www")).all).toContain("is there now");
    expect((await eve("start", "www")).all).toContain("is there already");
    expect((await eve("start", "www", "--present", "own-ca")).all).toContain("is there now");
    expect((await docker("logs", labNames.container("eve"))).all).toMatch(
      /^eve: I show a certificate for www\.lab\.test, by an authority of mine/m,
    );
    await cloud("launch", "other");
    await cloud("associate", "second", "other");
    expectError(await eve("start", "second"), "EVE_BUSY", /already impersonates www/);
    // Her address is in use for as long.
    expectError(await cloud("associate", "www", "web"), "ADDRESS_IN_USE", `"${labNames.container("eve")}"`);
    expect((await eve("stop")).all).toContain("www.lab.test leads to web again");
    const again = await eve("stop");
    expect(again.all).toContain("Eve was not running");
    expect(again.exit).toBe(0);
    expect((await machine("web"))?.elastic?.name).toBe("www");
    await cloud("terminate", "other");
  }, 300_000);

  test("her machine terminated under her: she goes, and nothing breaks", async () => {
    await cloud("launch", "victim");
    await cloud("associate", "prey", "victim");
    await succeeds(eve("start", "prey"));
    await succeeds(cloud("terminate", "victim"));
    expect((await eve("stop")).all).toMatch(/prey\.lab\.test leads nowhere; .*npm run cloud -- associate prey/);
    expectError(await eve("start", "prey"), "EVE_TARGET_REFUSED", /prey/, 2);
  }, 180_000);

  test("removed by force, the address is given back by associating it", async () => {
    await succeeds(eve("start", "www"));
    await docker("rm", "-f", labNames.container("eve"));
    await succeeds(eve("stop"));
    await succeeds(cloud("associate", "www", "web"));
    const ca = await (await fetch(`${lab.vault.address}/v1/cloud-host-ssh/public_key`)).text();
    await onLaptop(`echo '@cert-authority *.lab.test ${ca.trim()}' > ~/.ssh/known_hosts`);
    expect(await onLaptop("ssh -o StrictHostKeyChecking=yes admin-ssh-user@www.lab.test whoami")).toMatchObject({
      stdout: "admin-ssh-user",
      stderr: "",
    });
  }, 180_000);
});
