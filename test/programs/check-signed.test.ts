/** What a CA answered, held against what it was asked: ssh-keygen makes the answers. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { problemOfSigned, readSigned, type Asked } from "../../src/ssh/check-signed.js";
import { parsePublicKey } from "../../src/ssh/public-key.js";
import { blobOf, keyLine, openWorkshop, type Workshop } from "./support.js";

let shop: Workshop;
let asked: Asked;
const now = new Date("2026-06-01T12:00:00Z");
const valid = ["-V", "20260601000000Z:20260602000000Z"];

beforeAll(async () => {
  shop = await openWorkshop(["ed25519", "ecdsa256", "rsa"]);
  const key = async (name: "ed25519" | "ecdsa256") => parsePublicKey(await shop.publicKey(name));
  asked = {
    certificates: "user",
    publicKey: await key("ecdsa256"),
    principals: ["deploy", "ops"],
    extensions: ["permit-pty"],
    ca: await key("ed25519"),
  };
});
afterAll(() => shop[Symbol.asyncDispose]());

const pty = ["-O", "clear", "-O", "permit-pty"];
const certified = async (args: readonly string[], ca: "ed25519" | "rsa" = "ed25519", key: "ecdsa256" | "rsa" = "ecdsa256") =>
  shop.certify(await shop.publicKey(key), ca, args);
const problem = (line: string, at = now) => problemOfSigned(readSigned(line, "the CA"), asked, at);

describe("is not what was asked for", () => {
  test.each<[what: string, args: readonly string[], says: RegExp]>([
    ["a host certificate", ["-h", "-n", "deploy,ops", ...valid], /not a user certificate/],
    ["a principal more", ["-n", "deploy,ops,root", ...valid, ...pty], /principals are deploy, ops, root/],
    ["a principal less", ["-n", "deploy", ...valid, ...pty], /principals are deploy$/],
    ["another principal", ["-n", "deploy,root", ...valid, ...pty], /principals are/],
    ["no principal", [...valid, ...pty], /principals are none/],
    ["the same principal twice", ["-n", "deploy,deploy", ...valid, ...pty], /principals are/],
    ["a critical option", ["-n", "deploy,ops", ...valid, ...pty, "-O", "force-command=id"], /critical option force-command/],
    ["an unknown critical option", ["-n", "deploy,ops", ...valid, ...pty, "-O", "critical:x@y=z"], /critical option x@y/],
    ["an extension more", ["-n", "deploy,ops", ...valid], /permits permit-/],
    ["one that has ended", ["-n", "deploy,ops", "-V", "20260501000000Z:20260502000000Z", ...pty], /not valid now/],
    ["one that has not begun", ["-n", "deploy,ops", "-V", "20260701000000Z:20260702000000Z", ...pty], /not valid now/],
  ])("%s", async (_what, args, says) => {
    expect(problem(await certified(args))).toMatch(says);
  });

  test("one for another key", async () => {
    expect(problem(await certified(["-n", "deploy,ops", ...valid, ...pty], "ed25519", "rsa"))).toBe("it is for another key");
  });

  test("one by another CA", async () => {
    expect(problem(await certified(["-n", "deploy,ops", ...valid, ...pty], "rsa"))).toBe("the CA did not sign it");
  });

  test("one whose text was changed after it was signed", async () => {
    const line = await certified(["-n", "deploy,ops", ...valid, ...pty]);
    const blob = blobOf(line);
    const at = blob.indexOf("key id");
    blob.write("kex id", at, "latin1");
    expect(problem(keyLine(line.split(" ")[0] ?? "", blob))).toBe("the CA did not sign it");
  });

  test("no certificate at all", async () => {
    const plain = await shop.publicKey("ecdsa256");
    expect(() => readSigned(plain, "Vault")).toThrow(expect.objectContaining({ code: "CERTIFICATE_INVALID" }));
    expect(() => readSigned("<html>", "Vault")).toThrow(/what Vault signed/);
  });
});

test("what was asked for has no problem, in whichever order its principals are", async () => {
  expect(problem(await certified(["-n", "ops,deploy", ...valid, ...pty]))).toBeUndefined();
  expect(problem(await certified(["-n", "deploy,ops", ...valid, "-O", "clear"]))).toBeUndefined();
});
