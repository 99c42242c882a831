/** The agent that makes a certificate for each login, on both servers, with real hosts and real clients. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { agentOf, type RunningAgent } from "../support/agent.js";
import { openLoginFleet, type LoginFleet } from "../support/login-fleet.js";
import { serverKinds } from "../support/servers.js";

jest.setTimeout(60_000);

let fleets: ReadonlyMap<string, LoginFleet>;
beforeAll(async () => {
  fleets = new Map(await Promise.all(serverKinds.map(async (kind) => [kind, await openLoginFleet(kind)] as const)));
}, 90_000);
afterAll(async () => {
  await Promise.all([...fleets.values()].map((each) => each[Symbol.asyncDispose]()));
});

describe.each(serverKinds)("%s", (kind) => {
  let fleet: LoginFleet;
  let agent: RunningAgent;
  beforeAll(async () => {
    fleet = fleets.get(kind) as LoginFleet;
    agent = await agentOf(fleet);
  }, 60_000);
  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
  });

  test("plain ssh logs in", async () => {
    const ran = await agent.ssh("deploy@web-1.example.org", "echo in");
    expect(ran.stdout).toBe("in");
  });
});
