/** The certificates of one who is signed in: used again, in reserve, dropped. Vault and the clocks are the test's. */
import { beforeEach, describe, expect, test } from "@jest/globals";
import { fail } from "../../../../src/errors/catalogue.js";
import type { AccessRule } from "../../../../src/fleet/fleet.js";
import { openCertificates, type Certificates } from "../../../../src/people/agent/certificates.js";
import type { SignedKey } from "../../../../src/people/sign.js";
import type { AgentClient } from "../../../../src/ssh/agent/client.js";
import { parseCertificate } from "../../../../src/ssh/certificate.js";
import type { PublicKey } from "../../../../src/ssh/public-key.js";
import { buildCertificate } from "../../../programs/build-certificate.js";
import { holderClient, ruleOf } from "./party.js";

const web = ruleOf("platform-web");
const reserved: AccessRule = { ...web, reserve: 3600 };
const hour = 3_600_000;

let wall: number;
let monotonic: number;
let client: AgentClient & { closed: boolean };
let removed: string[];
let asked: { reserve: boolean }[];
let vault: (life: number) => Promise<"signs">;
let certificates: Certificates;

/** Time goes on by both clocks. */
const pass = (milliseconds: number) => {
  wall += milliseconds;
  monotonic += milliseconds;
};
const signs = () => Promise.resolve("signs" as const);
const away = () =>
  Promise.reject(fail("VAULT_UNREACHABLE", { address: "https://vault", source: "VAULT_ADDR", reason: "refused", command: "" }));
const refuses = () =>
  Promise.reject(fail("VAULT_SIGN_DENIED", { role: "web", mount: "user-ssh", principals: "deploy@web" } as never));
const never = () => new Promise<"signs">(() => undefined);

function newClient(): typeof client {
  return { ...holderClient(), closed: false, remove: (key) => Promise.resolve(void removed.push(key.toString("base64"))) };
}

beforeEach(() => {
  wall = Math.floor(Date.now() / 1000) * 1000;
  monotonic = 1000;
  removed = [];
  asked = [];
  vault = signs;
  client = newClient();
  const sign = async (rule: AccessRule, key: PublicKey, reserve: boolean): Promise<SignedKey> => {
    asked.push({ reserve });
    const life = reserve ? (rule.reserve ?? 0) : rule.for;
    await vault(life);
    const validBefore = BigInt(Math.floor(wall / 1000) + life);
    const line = buildCertificate({ certType: 1, key: key.blob.subarray(15), validAfter: 0n, validBefore });
    return { line, certificate: parseCertificate(line) };
  };
  certificates = openCertificates({
    ...{ holder: { connection: () => Promise.resolve(client), [Symbol.asyncDispose]: () => Promise.resolve() }, sign },
    ...{ now: () => wall, ticks: () => monotonic, patience: 50 },
  });
});
const signatures = () => asked.length;
const how = async (rule: AccessRule = web) => (await certificates.for(rule)).how;
const code = (error: unknown) => (error as { code?: string }).code;
const refusal = (rule: AccessRule = web) => certificates.for(rule).then(() => "none", code);

describe("a certificate is used again", () => {
  test.each<[what: string, then: () => void, how: string]>([
    ["at once", () => undefined, "again"],
    [
      "until its last ten seconds",
      () => {
        pass(49_000);
      },
      "again",
    ],
    [
      "but not in them",
      () => {
        pass(50_000);
      },
      "new",
    ],
    [
      "nor afterwards",
      () => {
        pass(61_000);
      },
      "new",
    ],
    [
      "nor nine hours later, after a sleep that one clock did not see",
      () => {
        wall += 9 * hour;
      },
      "new",
    ],
    [
      "nor where the clock was set back meanwhile",
      () => {
        monotonic += 55_000;
        wall -= 9 * hour;
      },
      "new",
    ],
    [
      "where the clock is set back at once",
      () => {
        wall -= 9 * hour;
      },
      "again",
    ],
    [
      "but not by another ssh-agent",
      () => {
        client = newClient();
      },
      "new",
    ],
  ])("%s", async (_what, then, expected) => {
    expect(await how()).toBe("new");
    then();
    expect(await how()).toBe(expected);
    expect(signatures()).toBe(expected === "new" ? 2 : 1);
  });

  test.each<[what: string, rule: AccessRule, how: string]>([
    ["a rule that is valid longer now", { ...web, for: 120 }, "again"],
    ["a rule with another account", { ...web, as: ["deploy"] }, "new"],
    ["a rule that permits more", { ...web, with: ["pty", "port-forwarding"] }, "new"],
    ["a rule for another group", { ...web, on: "db" }, "new"],
  ])("%s", async (_what, rule, expected) => {
    await how();
    expect(await how(rule)).toBe(expected);
  });

  test("200 at once are one signature, and one refusal", async () => {
    const all = await Promise.all(Array.from({ length: 200 }, () => certificates.for(web)));
    expect([signatures(), new Set(all.map(({ held }) => held.blob)).size]).toEqual([1, 1]);
    pass(2 * hour);
    vault = refuses;
    const none = await Promise.all(Array.from({ length: 200 }, () => refusal()));
    expect([signatures(), new Set(none)]).toEqual([2, new Set(["VAULT_SIGN_DENIED"])]);
  });

  test("the next login is refused, or asks again, as Vault says then", async () => {
    vault = away;
    expect(await refusal()).toBe("VAULT_UNREACHABLE");
    vault = refuses;
    expect(await refusal()).toBe("VAULT_SIGN_DENIED");
    vault = signs;
    expect(await how()).toBe("new");
  });

  test("status shows what is valid, and no more", async () => {
    await how();
    expect(certificates.held).toHaveLength(1);
    pass(60_000);
    expect(certificates.held).toEqual([]);
  });
});

describe("a reserve", () => {
  beforeEach(async () => {
    expect(await certificates.fillReserves([web, reserved])).toEqual([]);
    expect(asked).toEqual([{ reserve: true }]);
  });

  test.each<[what: string, vault: () => Promise<"signs">, how: string]>([
    ["carries on where Vault is away", away, "reserve"],
    ["carries on where Vault does not answer in time", never, "reserve"],
    ["is not used where Vault answers", signs, "new"],
  ])("%s", async (_what, to, expected) => {
    vault = to;
    expect(await how(reserved)).toBe(expected);
  });

  test("is not used, nor kept, where Vault refuses: it is gone from ssh-agent, too", async () => {
    vault = refuses;
    expect(await refusal(reserved)).toBe("VAULT_SIGN_DENIED");
    expect(removed).toHaveLength(1);
    vault = away;
    expect(await refusal(reserved)).toBe("VAULT_UNREACHABLE");
  });

  test("Vault is away: the first login says so, the next ones do not wait for it, and it may be back", async () => {
    vault = away;
    expect(await certificates.for(reserved)).toMatchObject({ how: "reserve", away: expect.stringContaining("https://vault") });
    vault = never;
    const begun = performance.now();
    expect(await how(reserved)).toBe("reserve");
    expect(performance.now() - begun).toBeLessThan(40);
  });

  test("ends", async () => {
    vault = away;
    pass(hour - 10_001);
    expect(await how(reserved)).toBe("reserve");
    pass(1);
    expect(await refusal(reserved)).toBe("VAULT_UNREACHABLE");
  });

  test("is renewed at its half, not before; where that is refused, it is dropped, where Vault is away, it stays", async () => {
    pass(hour / 2);
    await certificates.fillReserves([reserved]);
    expect(signatures()).toBe(1);
    pass(1);
    await certificates.fillReserves([reserved]);
    expect(signatures()).toBe(2);
    pass(hour / 2 + 1);
    vault = away;
    expect((await certificates.fillReserves([reserved])).map(({ error }) => code(error))).toEqual(["VAULT_UNREACHABLE"]);
    expect(certificates.held).toHaveLength(1);
    vault = refuses;
    expect((await certificates.fillReserves([reserved])).map(({ error }) => code(error))).toEqual(["VAULT_SIGN_DENIED"]);
    expect(certificates.held).toEqual([]);
  });

  test("is not used with an ssh-agent that was started anew", async () => {
    client = newClient();
    vault = away;
    expect(await refusal(reserved)).toBe("VAULT_UNREACHABLE");
  });
});

describe("what a rule no longer gives is dropped, with its key", () => {
  test.each<[what: string, now: AccessRule]>([
    ["no reserve", web],
    ["a shorter reserve", { ...web, reserve: 300 }],
  ])("%s", async (_what, now) => {
    await certificates.fillReserves([reserved]);
    certificates.retain([now]);
    expect(certificates.held).toEqual([]);
    expect(removed).toHaveLength(1);
    vault = away;
    await expect(certificates.for(now)).rejects.toMatchObject({ code: "VAULT_UNREACHABLE" });
  });

  test("a reserve that is there is not used by a rule that has none", async () => {
    await certificates.fillReserves([reserved]);
    vault = away;
    await expect(certificates.for(web)).rejects.toMatchObject({ code: "VAULT_UNREACHABLE" });
    expect((await certificates.for(reserved)).how).toBe("reserve");
  });

  test("the key of a reserve goes a minute after the next one is there", async () => {
    await certificates.fillReserves([reserved]);
    pass(hour / 2 + 1000);
    await certificates.fillReserves([reserved]);
    pass(60_000);
    certificates.prune();
    expect(removed).toEqual([]);
    pass(1000);
    certificates.prune();
    expect(removed).toHaveLength(1);
    certificates.end();
    expect(new Set(removed).size).toBe(2);
  });

  test("the key of a certificate stays when the next one is there: logins that were offered it are under way", async () => {
    await how();
    pass(50_000);
    expect([await how(), removed]).toEqual(["new", []]);
    certificates.retain([]);
    expect(new Set(removed).size).toBe(2);
  });

  test("but not where the rule no longer gives it: it was being signed while the rule changed", async () => {
    let answer: (value: "signs") => void = () => undefined;
    vault = () => new Promise((resolve) => (answer = resolve));
    const late = how();
    await new Promise((resolve) => setImmediate(resolve));
    certificates.retain([{ ...web, as: ["root"] }]);
    answer("signs");
    await late;
    vault = signs;
    expect([await how({ ...web, as: ["root"] }), removed.length]).toEqual(["new", 1]);
  });

  test.each<[what: string, then: () => void | Promise<void>]>([
    [
      "the end",
      () => {
        certificates.end();
      },
    ],
    [
      "a refusal of Vault's",
      async () => {
        pass(50_000);
        vault = refuses;
        await refusal();
      },
    ],
  ])("%s takes the keys of both", async (_what, then) => {
    await how();
    pass(50_000);
    await how();
    await then();
    expect(new Set(removed).size).toBe(2);
  });
});

describe("keys are taken from ssh-agent", () => {
  test("of rules that are gone, and of those that are another now", async () => {
    await how();
    const { blob } = (await certificates.for(ruleOf("platform-jump"))).held;
    certificates.retain([{ ...web, as: ["root"] }, ruleOf("platform-jump")]);
    expect(certificates.held.map(({ blob: held }) => held)).toEqual([blob]);
    expect(removed).toHaveLength(1);
  });

  test("at the end, and of what Vault signs only then", async () => {
    await how();
    let answer: (value: "signs") => void = () => undefined;
    vault = () => new Promise((resolve) => (answer = resolve));
    const late = refusal(ruleOf("platform-jump"));
    await Promise.resolve();
    certificates.end();
    answer("signs");
    await late;
    expect([certificates.held, removed.length]).toEqual([[], 2]);
  });
});
