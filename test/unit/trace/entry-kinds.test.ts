/** Every entry has a kind, and the kinds say what happened. */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { entryKinds } from "../../../src/trace/entry-kinds.js";
import { readLog } from "../../../src/trace/log.js";
import type { Trace } from "../../../src/trace/trace.js";
import { traceToJson } from "../../../src/trace/trace-to-json.js";
import { entriesOf, laidOut, logNames, traced, withLines } from "./logs.js";

const all = Object.keys(entryKinds);
const kindsOf = (trace: Trace): string[] => entriesOf(trace).map(({ kind }) => kind);

const greeting = ["settings-read", "tcp-connected", "client-version", "server-version"];
const setup = [...greeting, "algorithms-offered", "algorithms-offered", "algorithms-agreed"];
const keyExchange = [...setup, "kex-init", "kex-reply"];
const encrypted = ["host-signature-verified", "keys-in-use", "service-request", "service-accept"];
const keyKnown = [...keyExchange, "host-key-known", ...encrypted, "auth-none", "auth-methods"];
const caKnown = [...keyExchange, "host-ca-known", ...encrypted, "auth-none", "auth-methods"];
const signed = ["auth-probe", "auth-probe-accepted", "auth-signature"];
const declined = ["auth-probe", "auth-declined"];
const session = ["auth-accepted", "host-remark", "command", "exit-status"];

describe("the kinds of a refused login", () => {
  test.each([
    ["no-such-name", []],
    ["nobody", ["settings-read", "tcp-failed"]],
    ["closed", ["settings-read", "tcp-connected", "client-version"]],
    ["not-ssh", ["settings-read", "tcp-connected", "client-version", "line-before-version"]],
    ["after-banner", [...greeting, "algorithms-offered"]],
    ["no-kex", [...greeting, "algorithms-offered", "algorithms-offered", "no-common-algorithm"]],
    ["unknown-strict", [...keyExchange, "host-unknown"]],
    ["unknown-unanswered", [...keyExchange, "host-confirmation", "no-terminal"]],
    ["changed", [...keyExchange, "host-key-changed"]],
    ["revoked", [...keyExchange, "host-key-revoked"]],
    ["unknown-ca", [...keyExchange, "host-ca-unknown", "host-unknown"]],
    ["host-certificate-expired", [...keyExchange, "host-ca-known", "host-certificate-refused", "host-unknown"]],
    ["host-certificate-of-a-user", [...keyExchange, "host-ca-known", "host-certificate-refused", "host-unknown"]],
    ["permission", [...keyKnown, ...declined]],
    ["second-proof", [...keyKnown, ...signed, "auth-partial", ...declined, ...declined]],
    ["partial", [...keyKnown, ...signed, "auth-partial"]],
    ["user-certificate", [...caKnown, ...declined, ...declined]],
    ["key-too-open", [...keyKnown, "auth-probe", "auth-probe-accepted", "key-unusable"]],
    ["key-locked", [...keyKnown, "auth-probe", "auth-probe-accepted", "no-terminal"]],
  ])("%s", (name, kinds) => {
    expect(kindsOf(traced(`refused-${name}`))).toEqual([...kinds, "ended"]);
  });

  test.each(["forged-refused", "forged-success"])("%s: nothing behind the host's version counts", (name) => {
    expect(kindsOf(traced(name))).toEqual([...greeting, "ended"]);
  });
});

describe("the kinds of a login that succeeded", () => {
  test.each([
    ["key", [...keyKnown, ...signed, ...session]],
    ["without-probe", [...keyKnown, "auth-signature", ...session]],
    ["certificates", [...caKnown, ...declined, ...signed, ...session]],
    ["accept-new", [...keyExchange, "host-key-stored", ...encrypted, "auth-none", "auth-methods", ...signed, ...session]],
  ])("%s", (name, kinds) => {
    expect(kindsOf(traced(`success-${name}`))).toEqual(kinds);
  });
});

describe("what no recorded log has", () => {
  const exchanged = "SSH2_MSG_KEX_ECDH_REPLY received";
  const interactive = ["Next authentication method: keyboard-interactive", "send packet: type 50"];
  const made: readonly [kind: string, name: string, behind: string, texts: string[]][] = [
    ["proxy-command", "refused-nobody", "debug2", ["Executing proxy command: exec ssh -W [a]:22 jump"]],
    ["host-ca-mismatch", "refused-unknown-ca", exchanged, ["Host certificate authority does not match @cert-authority in a:1"]],
    ["host-key-not-stored", "success-key", exchanged, ["Failed to add the host to the list of known hosts (/x)."]],
    ["host-key-not-checked", "success-key", exchanged, ["Forcing accepting of host key for loopback/localhost."]],
    ["auth-banner", "refused-permission", "Authentications that can continue", ["receive packet: type 53"]],
    ["auth-other", "refused-permission", "Authentications that can continue", interactive],
    ["auth-questions", "refused-permission", "Authentications that can continue", [...interactive, "receive packet: type 60"]],
    ["auth-answers", "refused-permission", "Authentications that can continue", [...interactive, "send packet: type 61"]],
    [
      "key-skipped",
      "refused-permission",
      "SSH2_MSG_NEWKEYS received",
      ["Skipping ssh-rsa key rsa - corresponding algo not in PubkeyAcceptedAlgorithms"],
    ],
    ["exit-signal", "success-key", "Sending command", ["client_input_channel_req: channel 0 rtype exit-signal reply 0"]],
  ];
  const withError = withLines("success-key", "Sending command", "client_loop: send disconnect: Broken pipe");
  const errorTraced = laidOut(readLog(withError.replace(/debug1: (.*Broken pipe)/, "$1")));

  test.each(made)("%s", (kind, name, behind, texts) => {
    expect(kindsOf(laidOut(readLog(withLines(name, behind, ...texts))))).toContain(kind);
  });

  test("client-error", () => {
    expect(kindsOf(errorTraced)).toContain("client-error");
  });

  test("with these, each kind of the list occurs, and no other", () => {
    const traces = made.map(([, name, behind, texts]) => laidOut(readLog(withLines(name, behind, ...texts))));
    const found = new Set([...logNames.map((name) => traced(name)), ...traces, errorTraced].flatMap(kindsOf));
    expect([...found].sort()).toEqual([...all].sort());
  });
});

test("JSON has the kind of every entry", () => {
  for (const name of logNames) {
    const { phases } = traceToJson(traced(name));
    expect(phases.flatMap(({ entries }) => entries.map(({ kind }) => kind))).toEqual(kindsOf(traced(name)));
  }
});

test("docs/trace.md has a table of the kinds: these, and no others", async () => {
  const page = await readFile(new URL("../../../docs/trace.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| (.*?) +\|$/gm)].map(([, kind, meaning]) => [kind, meaning]);
  expect(rows).toEqual(Object.entries(entryKinds));
});
