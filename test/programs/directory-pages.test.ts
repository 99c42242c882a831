/** The directory's pages in Chromium: narrow and wide, light and dark, with the keyboard only, and without JavaScript. */
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { BrowserContextOptions, Page } from "playwright-core";
import type { HostSummary } from "../../src/directory/contract.js";
import { startBrowser, violationsOf, type OpenedPage, type TestBrowser } from "../support/browser.js";
import { sampleDetail, sampleHost, sampleHosts } from "../support/directory-samples.js";
import { servePages, type PagesServer, type Scene } from "../support/directory-server.js";

jest.setTimeout(240_000);

const fleet = sampleHosts(10_000);
const named = (kind: HostSummary["state"]["kind"]): HostSummary => {
  const found = fleet.find(({ state }) => state.kind === kind);
  if (found === undefined) throw new Error(`no sample is ${kind}`);
  return found;
};
const certified = named("certified");
const hostile = `<img src=x onerror=alert(1)>"'\n@revoked\u202E.example.org`;
const long: HostSummary = { ...named("failing"), name: `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.example.org` };

const scenes = {
  fleet: { hosts: fleet },
  stale: { hosts: fleet.slice(0, 30), stale: true },
  starting: { hosts: [], complete: false },
  empty: { hosts: [] },
  odd: { hosts: [{ ...certified, name: hostile, group: hostile }, long, sampleHost(1)] },
  "no provider": { hosts: [], canSignIn: false },
} satisfies Record<string, Scene>;
type SceneName = keyof typeof scenes;

const ofHost = ({ name }: HostSummary) => `/hosts/${encodeURIComponent(name)}`;
interface Shown {
  readonly name: string;
  readonly scene: SceneName;
  readonly path: string;
  /** A console log that is pasted into it. */
  readonly log?: string;
}
const shown = (name: string, scene: SceneName, path: string, log?: string): Shown => ({
  name,
  scene,
  path,
  ...(log === undefined ? {} : { log }),
});
const pages: readonly Shown[] = [
  shown("the fleet", "fleet", "/?size=30"),
  shown("the fleet, narrowed, sorted, on its second page", "fleet", "/?q=web&group=web&sort=-name&page=2&size=20"),
  shown("no host found", "fleet", "/?q=nobody&filter=failing"),
  shown("the fleet while Vault does not answer", "stale", "/"),
  shown("the fleet at the start", "starting", "/"),
  shown("a fleet without hosts", "empty", "/"),
  shown("hosts with odd names", "odd", "/"),
  shown("a certified host", "fleet", ofHost(certified)),
  shown("an uncertified host", "fleet", ofHost(named("uncertified"))),
  shown("a host that is not enrolled", "fleet", ofHost(named("not-enrolled"))),
  shown("a failing host", "fleet", ofHost(named("failing"))),
  shown("a host with a long name", "odd", ofHost(long)),
  shown("a host with a hostile name", "odd", ofHost({ ...certified, name: hostile })),
  shown("a host while Vault does not answer", "stale", ofHost(certified)),
  shown("a console with the host's keys", "fleet", ofHost(certified), sampleDetail(certified).keys[0]?.sha256 ?? ""),
  shown("a console with other keys", "fleet", ofHost(certified), "256 SHA256:Eve (ED25519)"),
  shown("a console without keys", "fleet", ofHost(certified), "login:"),
  shown("trust", "fleet", "/trust"),
  shown("sign-in", "fleet", "/sign-in?back=/trust"),
  shown("sign-in without a provider", "no provider", "/sign-in"),
  shown("no such host", "fleet", "/hosts/nobody.example.org"),
];

let browser: TestBrowser;
const servers = new Map<SceneName, PagesServer>();

beforeAll(async () => {
  browser = await startBrowser();
  for (const name of Object.keys(scenes) as SceneName[]) servers.set(name, await servePages(scenes[name]));
});

afterAll(async () => {
  await (browser as TestBrowser | undefined)?.[Symbol.asyncDispose]();
  for (const server of servers.values()) await server[Symbol.asyncDispose]();
});

const urlOf = (scene: SceneName) => servers.get(scene)?.url ?? "";

async function opened(scene: SceneName, path: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const isOwn = (url: string) => url.startsWith(`${urlOf(scene)}/`) || url.startsWith("data:");
  const open = await browser.open(isOwn, options);
  await visit(open.page, urlOf(scene) + path, open.wrong);
  return open;
}

/** On a busy machine a page was once seen without its stylesheet: where a request gets no answer, the page is asked for again. */
async function visit(page: Page, url: string, wrong: string[]): Promise<void> {
  const failed: string[] = [];
  page.on("requestfailed", (request) => failed.push(`${request.url()}: ${request.failure()?.errorText ?? "failed"}`));
  for (let round = 1; round <= 3; round++) {
    [wrong, failed].forEach((each) => each.splice(0));
    await page.goto(url).catch((error: unknown) => failed.push(String(error)));
    if (failed.length === 0) return;
  }
  wrong.push(...failed);
}

async function pasteLog(page: Page, log: string): Promise<void> {
  await page.getByLabel("Console log").fill(log);
  await page.getByRole("button", { name: "Compare" }).click();
  await page.locator("#console + .notice").waitFor();
}

const openAll = (page: Page) => page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");

/** Each width and each scheme once: what one does to the layout, the other does not. */
const looks = [
  { width: 360, scheme: "light" },
  { width: 1440, scheme: "dark" },
] as const;

describe("every page, at 360 pixels and at 1440, light and dark: axe finds nothing, nothing is wider than the window, the policy holds", () => {
  test.each(pages)("$name", async ({ scene, path, log }) => {
    await using open = await opened(scene, path);
    const { page, wrong } = open;
    if (log !== undefined) await pasteLog(page, log);
    await openAll(page);
    const found: unknown[] = [];
    for (const { width, scheme } of looks) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: scheme });
      for (const { id, nodes } of await violationsOf(page))
        found.push([
          width,
          scheme,
          id,
          nodes.slice(0, 3).map(({ html, failureSummary }) => [html.slice(0, 200), failureSummary]),
        ]);
      const over = await page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
      if (over > 0) found.push([width, `${String(over)} pixels too wide`]);
    }
    expect({ found, wrong }).toEqual({ found: [], wrong: [] });
  });
});

describe("nothing is over something else, however wide the window is", () => {
  const over = `[...document.querySelectorAll("th, td, dd, dt, button, a, h1, h2")]
    .filter((each) => each.className !== "skip")
    .filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== "inline")
    .map((each) => each.outerHTML.slice(0, 160))`;
  test.each([
    ["the fleet", "fleet", "/?size=100"],
    ["hosts with odd names", "odd", "/"],
    ["a host", "fleet", ofHost(certified)],
    ["trust", "fleet", "/trust"],
  ] as const)("%s", async (_, scene, path) => {
    await using open = await opened(scene, path);
    const found: Record<number, unknown> = {};
    for (const width of [320, 360, 480, 640, 768, 800, 900, 1024, 1100, 1280, 1440, 1920]) {
      await open.page.setViewportSize({ width, height: 900 });
      const wrong = await open.page.evaluate<string[]>(over);
      if (wrong.length > 0) found[width] = wrong.slice(0, 3);
    }
    expect(found).toEqual({});
  });
});

/** What has the focus, as a text; "" where the page's own elements have lost it. */
const focused = `(() => {
  const it = document.activeElement;
  if (it === null || it === document.body) return "";
  const { outlineStyle, outlineWidth } = getComputedStyle(it);
  const box = it.getBoundingClientRect();
  it.dataset.reached = "";
  return outlineStyle === "none" || parseFloat(outlineWidth) < 2 || box.width < 2 ? "not seen: " + it.outerHTML.slice(0, 160) : "seen";
})()`;
const unreached = `[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter((each) => each.dataset.reached === undefined).map((each) => each.outerHTML.slice(0, 160))`;

describe("with the keyboard only, everything is reached and the focus is seen", () => {
  test.each([
    ["the fleet, wide", "stale", "/", 1440],
    ["the fleet, narrow", "stale", "/", 360],
    ["a host, wide", "fleet", ofHost(certified), 1440],
    ["a host, narrow", "fleet", ofHost(certified), 360],
    ["trust", "fleet", "/trust", 1440],
    ["sign-in", "fleet", "/sign-in", 360],
    ["no such host", "fleet", "/hosts/nobody.example.org", 360],
  ] as const)("%s", async (_, scene, path, width) => {
    await using open = await opened(scene, path, { viewport: { width, height: 900 } });
    const { page } = open;
    await openAll(page);
    const seen: string[] = [];
    for (let pressed = 0; pressed < 400; pressed += 1) {
      await page.keyboard.press("Tab");
      const now = await page.evaluate<string>(focused);
      if (now === "") break;
      seen.push(now);
    }
    expect(seen.filter((each) => each !== "seen")).toEqual([]);
    expect(await page.evaluate(unreached)).toEqual([]);
  });

  test("the first key leads to the content", async () => {
    await using open = await opened("fleet", "/");
    const { page } = open;
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
  });

  test("a search, a filter, an order and a page", async () => {
    await using open = await opened("fleet", "/");
    const { page } = open;
    await page.getByLabel("Name or group").focus();
    await page.keyboard.type("web-1");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.searchParams.get("q") === "web-1");
    await page.getByRole("link", { name: "Name", exact: false }).first().press("Enter");
    await page.waitForURL((url) => url.searchParams.get("sort") === "-name");
    expect(await page.locator("th[aria-sort]").getAttribute("aria-sort")).toBe("descending");
    await page.getByRole("link", { name: "Next" }).press("Enter");
    await page.waitForURL((url) => url.searchParams.get("page") === "2");
    await page.getByRole("link", { name: "Failing" }).press("Enter");
    await page.waitForURL((url) => url.searchParams.get("filter") === "failing" && !url.searchParams.has("page"));
    expect(new URL(page.url()).searchParams.get("q")).toBe("web-1");
  });
});

describe("a copy button copies what is shown, exactly, and says so", () => {
  test.each([
    ["a certified host", "fleet", ofHost(certified)],
    ["an uncertified host", "fleet", ofHost(named("uncertified"))],
    ["a host with a hostile name", "odd", ofHost({ ...certified, name: hostile })],
    ["trust", "fleet", "/trust"],
    ["sign-in", "fleet", "/sign-in"],
  ] as const)("%s", async (_, scene, path) => {
    await using open = await opened(scene, path);
    const { page, wrong } = open;
    await openAll(page);
    const buttons = await page.locator("button[data-copies]").all();
    expect(buttons.length).toBeGreaterThan(0);
    for (const button of buttons) {
      const id = (await button.getAttribute("data-copies")) ?? "";
      await page.evaluate("navigator.clipboard.writeText('')");
      await button.press("Enter");
      await button.getByText("Copied").waitFor();
      expect(await page.evaluate("navigator.clipboard.readText()")).toBe(await page.locator(`#${id}`).innerText());
      await page.locator("#said").getByText("Copied.").waitFor({ state: "attached" });
    }
    expect(wrong).toEqual([]);
  });

  test("a host's fingerprints and lines are those of its data", async () => {
    await using open = await opened("fleet", ofHost(certified));
    const { page } = open;
    const host = sampleDetail(certified);
    const copied = async (name: string) => {
      await page.getByRole("button", { name }).press("Enter");
      await page
        .locator("button.done")
        .filter({ hasText: name.slice(5) })
        .waitFor();
      return page.evaluate("navigator.clipboard.readText()");
    };
    expect(await copied("Copy the SHA256 fingerprint of the ED25519 key")).toBe(host.keys[0]?.sha256);
    expect(await copied("Copy the MD5 fingerprint of the RSA key")).toBe(host.keys[2]?.md5);
    expect(await copied("Copy the lines for this host")).toBe(host.knownHosts.join("\n"));
    expect(await copied("Copy the SSHFP records")).toBe(host.sshfp.join("\n"));
    expect(await copied(`Copy the command ${host.connect[0] ?? ""}`)).toBe(host.connect[0]);
  });

  test("where the page may not write to the clipboard, the text is selected", async () => {
    await using open = await opened("fleet", ofHost(certified));
    const { page } = open;
    await page.evaluate(
      "navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); document.execCommand = () => false",
    );
    await page.getByRole("button", { name: "Copy the SSHFP records" }).click();
    await page.getByText("It could not be copied.").waitFor({ state: "attached" });
    expect(await page.evaluate("getSelection().toString()")).toBe(sampleDetail(certified).sshfp.join("\n"));
  });
});

describe("without JavaScript", () => {
  const without = { javaScriptEnabled: false } as const;

  test.each([
    ["the fleet", "stale", "/"],
    ["a host", "fleet", ofHost(certified)],
    ["trust", "fleet", "/trust"],
    ["sign-in", "fleet", "/sign-in"],
  ] as const)("%s has the same content, and no button that does nothing", async (_, scene, path) => {
    await using open = await opened(scene, path);
    await using bare = await opened(scene, path, without);
    expect(await bare.page.locator("button[data-copies]:visible").count()).toBe(0);
    const text = async ({ page }: { readonly page: Page }) => {
      await page.evaluate("document.querySelectorAll('button[data-copies]').forEach((each) => each.remove())");
      return page.locator("main").innerText();
    };
    expect(await text(bare)).toBe(await text(open));
  });

  test("search, filter, order, pages and a console's log work", async () => {
    await using open = await opened("fleet", "/", without);
    const { page, wrong } = open;
    await page.getByLabel("Name or group").fill("web");
    await page.getByLabel("Group", { exact: true }).selectOption("web");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByText(/1–50 of 2,\d+ hosts/).waitFor();
    await page.getByRole("link", { name: "Next" }).click();
    await page.getByText(/51–100 of 2,\d+ hosts/).waitFor();
    await page.getByRole("link", { name: "Last seen" }).click();
    await page.getByRole("link", { name: "Uncertified" }).click();
    await page.getByText("Only hosts without a valid certificate.").waitFor();
    await page.locator("tbody a").first().click();
    await page.getByRole("heading", { level: 1, name: /^web-\d+\.example\.org$/ }).waitFor();
    await pasteLog(page, "256 SHA256:Eve (ED25519)");
    expect(await page.locator("#console + .notice").innerText()).toContain("These are not this host's keys.");
    expect(wrong).toEqual([]);
  });
});
