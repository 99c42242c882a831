import { describe, expect, test } from "@jest/globals";
import { verb } from "../../../../src/errors/hint.js";
import { renderTrace } from "../../../../src/trace/report/page.js";
import { readLog } from "../../../../src/trace/log.js";
import { laidOut, logNames, traced } from "../logs.js";

const all = (page: string, pattern: RegExp) => [...page.matchAll(pattern)].map(([, group]) => group ?? "");
const signed = (...texts: string[]) => readLog(texts.map((text) => `debug1: kex.c:x():1 (pid=1): ${text}\r\n`).join(""));
const hostile = `<script>"'&\u001b[2J\u202e</pre>`;
const greeted = [
  "Connecting to a [b] port 1.",
  "Remote protocol version 2.0, remote software version x",
  "send packet: type 30",
  "SSH2_MSG_KEX_ECDH_REPLY received",
];

describe.each(logNames)("the page of %s", (name) => {
  const trace = traced(name);
  const page = renderTrace(trace);

  test("asks for nothing outside itself, and forbids it", () => {
    expect(page).toContain("default-src &#39;none&#39;");
    expect(page).not.toMatch(
      /<(script|img|iframe|object|embed|form|base)\b|\son\w+=|\b(src|srcset|action|poster)=|url\(|@import|@font-face/,
    );
    expect(all(page, /\shref="([^"]*)"/g).filter((href) => !href.startsWith("#"))).toEqual(["data:,"]);
  });

  test("has unique ids, and every link leads somewhere", () => {
    const ids = all(page, /\sid="([^"]*)"/g);
    expect(new Set(ids).size).toBe(ids.length);
    expect(all(page, /\shref="#([^"]*)"/g).filter((target) => !ids.includes(target))).toEqual([]);
  });

  test("has every entry, and every line of the log", () => {
    expect(all(page, /<li class="(entry)/g)).toHaveLength(trace.phases.flatMap(({ entries }) => entries).length);
    expect(all(page, /id="(line-\d+)"/g)).toHaveLength(trace.log.length);
  });

  test("draws a lock where encryption starts, and a stop where the login ended", () => {
    expect(page.includes('class="padlock"')).toBe(
      trace.phases.some(({ entries }) => entries.some(({ mark }) => mark === "lock")),
    );
    expect(page.includes('class="stop"')).toBe(trace.refusal !== undefined);
  });
});

test("how it ended is said, and what is missing", () => {
  const trace = traced("success-key", { stoppedAfter: 5, leftOut: 1234567 });
  expect(renderTrace(trace)).toContain("1,234,567 characters of what others wrote are left out");
  expect(renderTrace(trace)).toContain("the command ended with exit status 0");
  expect(renderTrace({ ...trace, exitStatus: undefined })).toContain("stopped after 5 s, before the command ended");
  expect(renderTrace(traced("success-key"))).not.toMatch(/left out\b.*characters|characters.*left out/);
});

test("what it holds is said, and what it does not", () => {
  expect(renderTrace(traced("success-key"))).toMatch(
    /Passwords and private keys are in no part[^]*Read it before you\s+pass it on/,
  );
});

describe("what helps: commands stand as code", () => {
  test.each([
    [
      "refused-nobody",
      "start sshd there, or name its port: <code>ssh-trust trace -p &lt;port&gt; &lt;destination&gt;</code></p>",
    ],
    [
      "refused-changed",
      "find out which; only if the host&#39;s owner confirms the new key, remove the old one: " +
        "<code>ssh-keygen -f known_other -R &#39;[localhost]:2299&#39;</code></p>",
    ],
    ["refused-ssh-1", "upgrade its SSH server; version 1 has been broken since 1998</p>"],
  ])("%s", (name, hint) => {
    expect(renderTrace(traced(name))).toContain(`<p>What helps: ${hint}`);
  });

  test("a call of this program is written as it is typed here", () => {
    expect(renderTrace(traced("refused-nobody"), "npx ssh-trust")).toContain("<code>npx ssh-trust trace -p &lt;port&gt;");
  });

  test("a stranger's text in it stays text", () => {
    const { refusal, ...trace } = traced("refused-nobody");
    if (refusal === undefined) throw new TypeError("it was refused");
    const hint = [
      { say: hostile, run: hostile },
      { say: "", run: verb(hostile) },
    ];
    const page = renderTrace({ ...trace, refusal: { ...refusal, hint } });
    expect(page).toMatch(
      /What helps: &lt;script&gt;[^<]*: <code>&lt;script&gt;[^<]*<\/code>; <code>ssh-trust &lt;script&gt;[^<]*<\/code><\/p>/,
    );
    expect(page).not.toMatch(/<script|[^\P{Cc}\n\t]|\p{Bidi_Control}/u);
  });
});

test.each([
  [
    "the host's version",
    signed("Connecting to a [b] port 1.", `Remote protocol version 2.0, remote software version ${hostile}`),
  ],
  ["a line before it", signed("Connecting to a [b] port 1.", `banner line 0: ${hostile}`)],
  ["an algorithm", signed(`kex: algorithm: ${hostile}`)],
  ["a key id", signed(...greeted, `Server host certificate: a b, serial 1 ID "${hostile}" CA c d valid forever`)],
  ["a principal", signed(...greeted, `Server host certificate hostname: ${hostile}`)],
  [
    "the name of a known_hosts file",
    signed(...greeted, "Host 'a' is known and matches the RSA host key.", `Found key in ${hostile}:1`),
  ],
  ["a complaint", readLog(`kex.c:x():1 (pid=1): ${hostile}\r\n`)],
  ["a line of others", [...signed("x"), ...readLog(hostile)]],
])("%s is shown harmlessly", (_what, lines) => {
  const page = renderTrace(laidOut(lines));
  expect(page).toContain("&lt;script&gt;&quot;&#39;&amp;");
  expect(page).not.toMatch(/<script|[^\P{Cc}\n\t]|\p{Bidi_Control}|\p{Cs}/u);
});

test("what was asked for is shown harmlessly", () => {
  const page = renderTrace(laidOut([], { destination: hostile, command: hostile, version: hostile }));
  expect(page).not.toMatch(/<script|[^\P{Cc}\n\t]|\p{Bidi_Control}/u);
});
