/** What a trace advises where a host did not prove who it is, or turned the login away: it is done, and then the login works. */
import { connect } from "node:net";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { startSshdWith, type OwnSshd } from "../support/own-sshd.js";
import { until } from "../support/project.js";
import { loggedIn, openDesk, type Desk } from "./refused-login.js";

jest.setTimeout(60_000);

const alias = ["-o", "HostKeyAlias=web.lab.test", "-i", "alice"];

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
  for (const name of ["host", "other-host", "hosts-ca", "other-ca"]) await desk.key(name);
  await desk.write("authorized_keys", await desk.key("alice"));
  await desk.write("known_hosts", "");
});
afterEach(async () => {
  await desk[Symbol.asyncDispose]();
});

/** @param certificate of the host; "" for none */
const hostWith = (certificate: string, ...lines: string[]): Promise<OwnSshd> =>
  startSshdWith(
    (file) =>
      [
        `HostKey ${desk.file("host")}`,
        `AuthorizedKeysFile ${desk.file("authorized_keys")}`,
        "StrictModes no",
        ...(certificate === "" ? [] : [`HostCertificate ${file("host-cert.pub")}`]),
        ...lines,
        "",
      ].join("\n"),
    { "host-cert.pub": `${certificate}\n` },
  );

const signedBy = (ca: string, name: string) => desk.sign(ca, "host", "-h", "-n", name);
const containing = (text: string): unknown => expect.stringContaining(text);

/** What is put into the places of a line for known_hosts. */
const trusting = async (ca: string) => ({
  "<public key>": (await desk.read(`${ca}.pub`)).split(" ").slice(0, 2).join(" "),
  "<known_hosts>": "known_hosts",
});

describe("HostKeyAlias names the host: that is the name that counts", () => {
  test("for its CA", async () => {
    await using host = await hostWith(await signedBy("hosts-ca", "web.lab.test"));
    const { refusal } = await desk.trace(host.port, ...alias);
    expect(refusal).toMatchObject({ kind: "host-ca-unknown", reason: containing("for web.lab.test: SHA256:") });
    await desk.follow(refusal?.hint[0], await trusting("hosts-ca"));
    expect(await desk.trace(host.port, ...alias)).toMatchObject(loggedIn);
  });

  test("for a former key of it, which is removed", async () => {
    await using host = await hostWith("");
    await desk.write("known_hosts", `web.lab.test ${await desk.read("other-host.pub")}`);
    const withNew = [...alias, "-o", "StrictHostKeyChecking=accept-new"];
    const { refusal } = await desk.trace(host.port, ...withNew);
    expect(refusal).toMatchObject({ kind: "host-key-changed" });
    await desk.follow(refusal?.hint[1]);
    expect(await desk.trace(host.port, ...withNew)).toMatchObject(loggedIn);
  });

  test("for the names in its certificate", async () => {
    await desk.write("known_hosts", `@cert-authority * ${await desk.read("hosts-ca.pub")}`);
    await using before = await hostWith(await signedBy("hosts-ca", "127.0.0.1"));
    const { refusal } = await desk.trace(before.port, ...alias);
    expect(refusal).toMatchObject({ kind: "host-certificate-invalid" });
    const [, name = ""] = /^sign the host's key again, for (\S+) and with dates/.exec(refusal?.hint[0]?.say ?? "") ?? [];
    await using host = await hostWith(await signedBy("hosts-ca", name));
    expect(await desk.trace(host.port, ...alias)).toMatchObject(loggedIn);
  });

  test("and without one, the host's own name and its port", async () => {
    await using host = await hostWith("");
    await desk.write("known_hosts", `[127.0.0.1]:${String(host.port)} ${await desk.read("other-host.pub")}`);
    const withNew = ["-i", "alice", "-o", "StrictHostKeyChecking=accept-new"];
    const { refusal } = await desk.trace(host.port, ...withNew);
    expect(refusal).toMatchObject({ kind: "host-key-changed" });
    await desk.follow(refusal?.hint[1]);
    expect(await desk.trace(host.port, ...withNew)).toMatchObject(loggedIn);
  });
});

describe("revoked", () => {
  const byCas = async (...more: string[]) => {
    const trusted = `@cert-authority web.lab.test ${await desk.read("hosts-ca.pub")}`;
    await desk.write("known_hosts", [trusted, ...more].join("\n"));
  };

  test("the host's key: nobody mends that but its owner, who gives it a new one", async () => {
    await byCas(`@revoked * ${await desk.read("host.pub")}`);
    for (const certificate of ["", await signedBy("hosts-ca", "web.lab.test")]) {
      await using host = await hostWith(certificate);
      const { refusal } = await desk.trace(host.port, ...alias);
      expect(refusal).toMatchObject({
        kind: "host-key-revoked",
        reason: "the host's key is revoked, by a line for web.lab.test",
      });
      expect(refusal?.hint).toEqual([{ say: containing("ask the host's owner to give the host a new one"), run: null }]);
    }
    await desk.write("host", await desk.read("other-host"));
    await desk.write("host.pub", await desk.read("other-host.pub"));
    await using host = await hostWith(await signedBy("hosts-ca", "web.lab.test"));
    expect(await desk.trace(host.port, ...alias)).toMatchObject(loggedIn);
  });

  test("its CA: another CA signs its key, and is trusted", async () => {
    await byCas(`@revoked * ${await desk.read("hosts-ca.pub")}`);
    await using before = await hostWith(await signedBy("hosts-ca", "web.lab.test"));
    const { refusal } = await desk.trace(before.port, ...alias);
    const reason = containing("the CA of the host's certificate is revoked, by a line for web.lab.test: SHA256:");
    expect(refusal).toMatchObject({ kind: "host-ca-revoked", reason });
    expect(refusal?.hint.map(({ say }) => say).join()).toMatch(/do not log in.*signed by another CA.*that CA/);
    await using host = await hostWith(await signedBy("other-ca", "web.lab.test"));
    await desk.follow(refusal?.hint.at(-1), await trusting("other-ca"));
    expect(await desk.trace(host.port, ...alias)).toMatchObject(loggedIn);
  });

  test.each([
    ["a public key", () => desk.read("hosts-ca.pub"), 0],
    ["a KRL", () => Promise.resolve(""), 1],
  ])("in a file of RevokedHostKeys, %s: ssh does not say which it is, and the file does", async (_what, content, look) => {
    await byCas();
    await desk.write("revoked", await content());
    if (look === 1) await desk.follow({ say: "", run: "ssh-keygen -k -q -f revoked hosts-ca.pub" });
    const withFile = [...alias, "-o", "RevokedHostKeys=revoked"];
    await using before = await hostWith(await signedBy("hosts-ca", "web.lab.test"));
    const { refusal } = await desk.trace(before.port, ...withFile);
    const reason = "the host's certificate is refused: its key or its CA is revoked, by revoked";
    expect(refusal).toMatchObject({ kind: "host-key-revoked", reason });
    const [, fingerprint = "none"] = /the CA is (SHA256:\S+)/.exec(refusal?.hint[0]?.say ?? "") ?? [];
    expect(await desk.printed(refusal?.hint[look], { "<file>": "revoked" })).toContain(fingerprint);
    await using host = await hostWith(await signedBy("other-ca", "web.lab.test"));
    await desk.follow(refusal?.hint.at(-1), await trusting("other-ca"));
    expect(await desk.trace(host.port, ...withFile)).toMatchObject(loggedIn);
  });
});

// PerSourcePenalties are of OpenSSH 9.8: lab/matrix/cases/trace.ts has them, and test/unit/trace/turned-away.test.ts the lines of the log.
test("a host that is busy: to wait, and to do the same again, is all that helps", async () => {
  await using host = await hostWith("", "MaxStartups 1", "LoginGraceTime 60");
  await desk.write("known_hosts", `[127.0.0.1]:${String(host.port)} ${await desk.read("host.pub")}`);
  const same = ["-i", "alice"];
  const waiting = connect(host.port, "127.0.0.1");
  await once(waiting, "data");
  const { refusal } = await desk.trace(host.port, ...same);
  expect(refusal).toMatchObject({ kind: "host-busy" });
  expect(refusal?.hint[0]).toEqual({ say: "wait some seconds, then run the same command again", run: null });
  waiting.destroy();
  await until("the host to have a place", 20, async () => (await desk.trace(host.port, ...same)).loggedIn);
});
