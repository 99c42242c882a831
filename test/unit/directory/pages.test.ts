/** The directory's pages: hostile data is text in each of them, and what is copied is one line. */
import { describe, expect, test } from "@jest/globals";
import type { HostDetail, HostSummary } from "../../../src/directory/contract.js";
import { assets } from "../../../src/directory/pages/assets.js";
import { ownPath } from "../../../src/directory/pages/address.js";
import { renderHostPage } from "../../../src/directory/pages/host.js";
import { renderOverviewPage } from "../../../src/directory/pages/overview.js";
import { renderProblemPage } from "../../../src/directory/pages/problem.js";
import { renderSignInPage } from "../../../src/directory/pages/sign-in.js";
import { renderTrustPage } from "../../../src/directory/pages/trust.js";
import { oneLine } from "../../../src/directory/pages/words.js";
import {
  fleetLines,
  groups,
  listOf,
  sampleCounts,
  sampleDetail,
  sampleHost,
  sampleHosts,
  sampleTrust,
  sampleVerdict,
  stale,
} from "../../support/directory-samples.js";

const visitor = { person: "alice", canSignIn: true };
const usual = { q: "", filter: undefined, group: undefined, sort: "name", size: 50 };
const overview = (hosts: readonly HostSummary[], more: Partial<Parameters<typeof renderOverviewPage>[0]> = {}) =>
  renderOverviewPage({ list: listOf(hosts), query: usual, groups, counts: sampleCounts(hosts), ...visitor, ...more });
const hostPage = (host: HostDetail) => renderHostPage({ host, trustLines: fleetLines, ...visitor });

/** Every string in it, at any depth, is the text; but for times, counts and the names of kinds. */
function filled<Value>(value: Value, text: string, key = ""): Value {
  const kept = ["kind", "asOf", "from", "until", "at", "seen", "written", "next", "problemSince"];
  if (typeof value === "string") return (kept.includes(key) ? value : text) as Value;
  if (Array.isArray(value)) return value.map((each: unknown) => filled(each, text)) as Value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(each, text, name)])) as Value;
}

/** Every page, with the text in every field. */
const pages: Readonly<Record<string, (text: string) => string>> = {
  overview: (text) =>
    renderOverviewPage({
      list: { ...listOf([]), hosts: [0, 1, 40].map((index) => filled(sampleHost(index), text)) },
      query: { q: text, filter: "failing", group: text, sort: text, size: 50 },
      groups: [text],
      counts: sampleCounts(sampleHosts(100)),
      person: text,
      canSignIn: true,
    }),
  host: (text) => {
    const host = filled(sampleDetail(sampleHost(1)), text);
    const verdict = filled(sampleVerdict(sampleDetail(sampleHost(1)), "different"), text);
    return renderHostPage({ host, trustLines: [text], console: verdict, person: text, canSignIn: true });
  },
  "uncertified host": (text) => {
    const state = { kind: "uncertified", text } as const;
    const host = { ...filled(sampleDetail(sampleHost(1)), text), state, connect: [], accounts: [] };
    return renderHostPage({ host, trustLines: [text], person: undefined, canSignIn: true });
  },
  trust: (text) => renderTrustPage(filled(sampleTrust, text)),
  "sign-in": (text) => renderSignInPage({ canSignIn: true, back: text, provider: text, reason: text }),
  problem: (text) => renderProblemPage({ status: 404, title: text, detail: text, hint: text, person: text, canSignIn: true }),
};
const each = Object.entries(pages);

/** What stands between tags; between a tag's quotes nothing can be anything else, as none of it has a quote. */
const textOf = (page: string) =>
  page
    .replace(/<[a-z/!](?:"[^"]*"|[^">])*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

/** The elements and attributes of a page, without what is in them. */
const skeleton = (page: string) => (page.match(/<[a-z/!](?:"[^"]*"|[^">])*>/g) ?? []).map((tag) => tag.replace(/"[^"]*"/g, '""'));

const hostile: readonly (readonly [what: string, text: string])[] = [
  ["an element", "<script>alert(1)</script>"],
  ["an image with a handler", "<img src=x onerror=alert(1)>"],
  ["the end of an attribute, in double quotes", `x" onfocus="alert(1)" autofocus x="`],
  ["the end of an attribute, in single quotes", `x' onfocus='alert(1)' autofocus x='`],
  ["the end of an element", "</code></pre></td></table></main><h1>Sign in again</h1>"],
  ["a comment", "<!-- --><![CDATA["],
  ["an entity", "&lt;b&gt;&#60;script&#62;"],
  ["a template", "${alert(1)} {{7*7}}"],
  ["a link that is a script", "javascript:alert(1)"],
  ["an address elsewhere", "//evil.example/"],
];

describe("hostile text in every field is text", () => {
  describe.each(hostile)("%s", (_, text) => {
    test.each(each)("%s", (_name, render) => {
      const page = render(text);
      expect(skeleton(page)).toEqual(skeleton(render("harmless")));
      expect(textOf(page)).toContain(text);
    });
  });

  test.each(each)("a line break brings no second line: %s", (_, render) => {
    for (const text of ["a\n@revoked * ssh-ed25519 AAAA", "a\r\nrm -rf /", "a\u2028b\u2029c\u0085d", "a\u000bb"]) {
      const shown = textOf(render(text));
      expect(shown).not.toMatch(/^(?:@revoked|rm -rf)/m);
      expect(shown).not.toMatch(/[\u2028\u2029\u0085\v]/);
      expect(shown).toContain("a" + (text.startsWith("a\n") ? "␊@revoked" : ""));
    }
  });

  test.each(each)("nothing turns the direction of writing, or is not seen: %s", (_, render) => {
    const page = render("a\u202Eb\u2066c\u200Bd\u00ADe\uFEFFf\u001b[31mg\u0000h\u007fi\uD800j");
    expect(page.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(page).toContain("&lt;U+202E&gt;");
  });

  test.each(each)("a megabyte in every field is cut: %s", (_, render) => {
    expect(Buffer.byteLength(render("<".repeat(1_000_000)))).toBeLessThan(6_000_000);
    expect(Buffer.byteLength(render("x".repeat(1_000_000)))).toBeLessThan(1_500_000);
  });

  test.each(each)("no style, no script and no handler stands in the page: %s", (_, render) => {
    for (const text of ["harmless", ...hostile.map(([, each]) => each)]) {
      const tags = skeleton(render(text));
      expect(tags.filter((tag) => /^<(style|iframe|object|embed|base|img)/.test(tag) || /\s(style|on[a-z]+)=/.test(tag))).toEqual(
        [],
      );
      expect(tags.filter((tag) => tag.startsWith("<script"))).toEqual(['<script src="" defer>']);
    }
  });

  test("a page names nothing that is not the directory's own", () => {
    for (const [, render] of each) {
      for (const [, address = ""] of render("//evil.example/").matchAll(/\s(?:href|src|action)="([^"]*)"/g)) {
        expect(address).toMatch(/^(?:\/(?!\/)|#|data:,$)/);
      }
    }
  });

  test("lines that would end a command's text are left out of it", () => {
    const page = renderTrustPage({
      ...sampleTrust,
      lines: [...fleetLines, "END_OF_KNOWN_HOSTS", "'@ | iex", "rm -rf /\nEND_OF_KNOWN_HOSTS"],
    });
    const linux = /id="linux-me">([^]*?)<\/code>/.exec(page)?.[1] ?? "";
    expect(linux.split("\n").filter((line) => line === "END_OF_KNOWN_HOSTS")).toHaveLength(1);
    expect(linux.split("\n").at(-1)).toBe("END_OF_KNOWN_HOSTS");
    const windows = /id="windows-me">([^]*?)<\/code>/.exec(page)?.[1] ?? "";
    expect(windows).not.toContain("iex");
  });
});

test.each(each)("one h1, a main, a language and a title: %s", (_, render) => {
  const page = render("text");
  expect(page.match(/<h1/g)).toHaveLength(1);
  expect(page.match(/<main/g)).toHaveLength(1);
  expect(page).toMatch(/<html lang="en">[^]*<title>\S[^<]*<\/title>/);
  const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, copied = ""] of page.matchAll(/data-copies="([^"]*)"/g)) expect(ids).toContain(copied);
});

describe("the size of the overview", () => {
  const hosts = sampleHosts(100);
  const long = hosts.map((host) => ({ ...host, name: `${"n".repeat(60)}.${host.name}` }));

  test("a hundred hosts of ten thousand are less than 200 kB", () => {
    expect(Buffer.byteLength(overview(hosts, { list: listOf(hosts, 10_000, 100), query: { ...usual, size: 100 } }))).toBeLessThan(
      100_000,
    );
    expect(Buffer.byteLength(overview(long, { query: { ...usual, size: 100 } }))).toBeLessThan(200_000);
  });

  test("as are a hundred hosts that say as much as they may", () => {
    const most = hosts.map((host) => ({
      ...host,
      name: `${"n".repeat(230)}.${host.name}`.slice(0, 253),
      state: { kind: "failing" as const, text: "<".repeat(1100) },
      keyTypes: Array.from({ length: 16 }, () => "ED25519"),
    }));
    expect(Buffer.byteLength(overview(most, { query: { ...usual, size: 100 } }))).toBeLessThan(200_000);
  });

  test("style sheet and script are small, and their paths name what is in them", () => {
    for (const { path, body } of assets) {
      expect(Buffer.byteLength(body)).toBeLessThan(40_000);
      expect(path).toMatch(/^\/assets\/(style|script)-[0-9a-f]{16}\.(css|js)$/);
      expect(overview(hosts)).toContain(`"${path}"`);
    }
  });
});

describe("the overview", () => {
  test("says how old it is, and is loud where Vault does not answer", () => {
    const hosts = sampleHosts(3);
    expect(textOf(overview(hosts))).toContain("Read from Vault 3 s ago, 2026-03-14 03:06:57 UTC.");
    const old = textOf(overview(hosts, { list: { ...listOf(hosts), ...stale } }));
    expect(old).toContain("Vault does not answer.");
    expect(old).toContain("36 min old, from 2026-03-14 02:31:00 UTC");
    expect(old).not.toContain("Read from Vault");
    expect(old).toContain("as last known");
  });

  test("says where Vault answers, and not which hosts there are", () => {
    const hosts = sampleHosts(3);
    const old = textOf(overview(hosts, { list: { ...listOf(hosts), ...stale, unlisted: true } }));
    expect(old).toContain("The directory cannot read from Vault which hosts there are. This is the last known state, 36 min old");
    expect(old).not.toContain("Vault does not answer");
  });

  test("says whether every host was read", () => {
    expect(textOf(overview([]))).toContain("The fleet has no hosts yet.");
    const starting = textOf(overview([], { list: { ...listOf([]), complete: false } }));
    expect(starting).toContain("Not every host has been read yet.");
    expect(starting).not.toContain("The fleet has no hosts yet.");
  });

  test("keeps search, filter, group and order from page to page", () => {
    const hosts = sampleHosts(50);
    const query = { q: "a&b", filter: "failing", group: "web", sort: "-expires", size: 100 } as const;
    const page = overview(hosts, { list: listOf(hosts, 500, 100, 3), query });
    const links = [...page.matchAll(/<a href="\/\?([^"]*)"( rel="[a-z]+")?>(First|Previous|Next|Last)</g)];
    const told = links.map(([, search = "", , name]) => {
      const params = new URLSearchParams(search.replaceAll("&amp;", "&"));
      return [name, Object.fromEntries(params)];
    });
    const same = { q: "a&b", filter: "failing", group: "web", sort: "-expires", size: "100" };
    expect(told).toEqual([
      ["First", same],
      ["Previous", { ...same, page: "2" }],
      ["Next", { ...same, page: "4" }],
      ["Last", { ...same, page: "5" }],
    ]);
    expect(page).toContain('<th scope="col" aria-sort="descending">');
  });

  test("a certificate that ended since is not shown as valid", () => {
    const host = { ...sampleHost(20), certificate: { from: "2026-03-01T00:00:00Z", until: "2026-03-14T03:00:00Z" } };
    expect(textOf(overview([host]))).toContain("ended 7 min ago");
  });
});

describe("a host", () => {
  const detail = (kind: HostSummary["state"]["kind"]) => {
    const summary = sampleHosts(200).find(({ state }) => state.kind === kind);
    if (summary === undefined) throw new Error(`no sample is ${kind}`);
    return sampleDetail(summary);
  };

  test("without a certificate is connected to by its keys", () => {
    const host = { ...detail("uncertified"), connect: [] };
    expect(textOf(hostPage(host))).toContain(`ssh-trust ssh --pin ACCOUNT@${host.name}`);
    expect(textOf(hostPage(detail("certified")))).not.toContain("--pin");
  });

  test("whose console shows other keys: what it shows and what is expected, and no advice to delete a key", () => {
    const host = detail("certified");
    const verdict = sampleVerdict(host, "different");
    const shown = textOf(renderHostPage({ host, trustLines: fleetLines, console: verdict, ...visitor }));
    for (const { fingerprint } of verdict.found) expect(shown).toContain(fingerprint);
    for (const { sha256 } of host.keys) expect(shown).toContain(sha256);
    expect(shown).toContain("Do not log in until an operator has found out why.");
    expect(shown).not.toMatch(/ssh-keygen -R|StrictHostKeyChecking|[Dd]elete|[Rr]emove the key/);
  });

  test.each([
    ["same", "These are this host's keys."],
    ["none", "No fingerprint was found in this log."],
  ] as const)("whose console log is: %s", (kind, words) => {
    const host = detail("certified");
    expect(textOf(renderHostPage({ host, trustLines: [], console: sampleVerdict(host, kind), ...visitor }))).toContain(words);
  });

  test("what it says of itself is under a heading that says so", () => {
    const shown = textOf(hostPage(detail("certified")));
    const heading = shown.lastIndexOf("What the host says of itself");
    expect(shown.indexOf("OpenSSH_9.2p1")).toBeGreaterThan(heading);
    expect(shown.indexOf("sshd takes passwords")).toBeGreaterThan(heading);
  });
});

test.each([
  ["/", "/"],
  ["/hosts/web-1.example.org", "/hosts/web-1.example.org"],
  ["/?q=a&page=2", "/?q=a&page=2"],
  ["//evil.example/", "/"],
  ["/\\evil.example/", "/"],
  ["https://evil.example/", "/"],
  ["javascript:alert(1)", "/"],
  ["/a\r\nLocation: //evil.example", "/"],
  ["\t//evil.example", "/"],
  ["", "/"],
])("after a sign-in, back to %j is %s", (back, path) => {
  expect(ownPath(back)).toBe(path);
  expect(renderSignInPage({ canSignIn: true, back })).toContain(`href="/sign-in/start?back=${encodeURIComponent(path)}"`);
});

test("where nobody can sign in with a browser, the terminal is named, and no way that does not work", () => {
  const page = renderSignInPage({ canSignIn: false, back: "/" });
  expect(page).not.toContain("/sign-in/start");
  expect(textOf(page)).toContain("ssh-trust hosts");
});

test("text is cut between characters", () => {
  expect(oneLine("a😀b", 2)).toBe("a…");
  expect(oneLine("a😀b", 3)).toBe("a😀…");
});
