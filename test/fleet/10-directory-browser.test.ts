/**
 * A real browser at the real directory, over TLS: signing in, reading a host, checking a console's log, copying, signing out. What each page
 * looks like, at all widths, is looked at in programs/directory-pages.
 */
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { parsePublicKey } from "../../src/ssh/public-key.js";
import { startBrowser, violationsOf, type OpenedPage, type TestBrowser } from "../support/browser.js";
import { openDirectoryFleet, writeHost, type DirectoryFleet } from "../support/directory.js";
import { text } from "../support/applied-fleet.js";

jest.setTimeout(180_000);

const host = "web-1.example.org";
const hostile = "web-9.example.org";
let fleet: DirectoryFleet;
let browser: TestBrowser;
let person: string;
let at: string;

beforeAll(async () => {
  fleet = await openDirectoryFleet("OpenBao");
  at = `https://localhost:${String(fleet.port)}`;
  person = await fleet.person("alice", "platform-team");
  await writeHost(fleet, "web-9", "web", { openssh: "<script>alert(1)</script>", problem: '"><img src=x onerror=alert(1)>' });
  browser = await startBrowser();
}, 180_000);
afterAll(async () => {
  await (browser as TestBrowser | undefined)?.[Symbol.asyncDispose]();
  await (fleet as DirectoryFleet | undefined)?.[Symbol.asyncDispose]();
});

/** The directory's certificate is by a CA that the browser does not know. */
async function open(javaScriptEnabled = true): Promise<OpenedPage> {
  const isExpected = (url: string) => [at, fleet.server.address].includes(new URL(url).origin) || url.startsWith("data:");
  const viewport = { width: 360, height: 900 };
  const opened = await browser.open(isExpected, { ignoreHTTPSErrors: true, javaScriptEnabled, viewport });
  opened.page.on("response", (response) => {
    const { origin, pathname } = new URL(response.url());
    const status = response.status();
    if (status >= 400 && origin === at && pathname !== "/nothing") opened.wrong.push(`${pathname}: ${String(status)}`);
  });
  return opened;
}

/**
 * Signs in as a person does who comes to a page. The provider is OpenBao, whose program has no login page here: the person agrees by its API.
 * @param path that was asked for
 */
async function signIn({ page }: OpenedPage, path: string): Promise<void> {
  await page.goto(at + path);
  const sent = page.waitForRequest((request) => new URL(request.url()).origin === fleet.server.address);
  await page.getByRole("link", { name: /^Sign in with/ }).click();
  const address = (await sent).url();
  expect(new URL(address).searchParams.get("code_challenge_method")).toBe("S256");
  await page.goto(await fleet.agreed(address, person));
}

/** The console repeats the status of a page that is not there: one that is asked for below, and the provider's, which has none. */
const isOfOurs = (complaint: string) => !/^Failed to load resource: .* status of 404/.test(complaint);

describe.each([
  ["with JavaScript", true],
  ["without JavaScript", false],
])("%s", (_, scripts) => {
  test("somebody signs in on the way to a host, looks around, and signs out", async () => {
    await using opened = await open(scripts);
    const { page, context, wrong } = opened;
    await signIn(opened, `/hosts/${host}`);
    await page.getByRole("heading", { level: 1, name: host }).waitFor();
    expect(await page.getByText("Signed in as").innerText()).toContain("alice");
    const [session] = (await context.cookies()).filter(({ name }) => name.startsWith("__Host-"));
    expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax", path: "/" });

    const { data } = await fleet.must(`ssh-trust/data/hosts/${host}`);
    const [key = ""] = (data as { data: { keys: string[] } }).data.keys;
    expect(await page.locator("main").innerText()).toContain(parsePublicKey(key).fingerprint);
    await page.getByLabel("Console log").fill(`256 SHA256:${"Eve4".repeat(10)}Eve root@eve (ED25519)`);
    await page.getByRole("button", { name: "Compare" }).click();
    await page.getByText("These are not this host's keys.").waitFor();

    await page.getByRole("link", { name: "Fleet" }).first().click();
    await page.getByLabel("Name or group").fill("WEB-1");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByText("1–1 of 1 host").waitFor();
    await page.getByRole("link", { name: "Trust" }).first().click();
    const ca = text((await fleet.must("host-ssh/public_key")).data, "text").trim();
    await page
      .getByText(ca.split(" ")[1] ?? "")
      .first()
      .waitFor({ state: "attached" });

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("Signed in as").waitFor({ state: "detached" });
    await page.goto(`${at}/hosts/${host}`);
    expect(new URL(page.url()).pathname).toBe("/sign-in");
    expect(wrong.filter(isOfOurs)).toEqual([]);
  });
});

test("what a host writes that is hostile does nothing; each page is without a violation; what is copied is exact", async () => {
  await using opened = await open();
  const { page, wrong } = opened;
  await signIn(opened, `/hosts/${hostile}`);
  await page.getByRole("heading", { level: 1, name: hostile }).waitFor();
  const violations: unknown[] = [];
  for (const path of [`/hosts/${hostile}`, "/", "/trust", "/?q=nobody", "/nothing"]) {
    await page.goto(at + path);
    violations.push(...(await violationsOf(page)).map(({ id, nodes }) => [path, id, nodes[0]?.html]));
  }
  expect(violations).toEqual([]);

  const listed = await fleet.directory.ask("/api/v1/ca/host.pub");
  await page.goto(`${at}/trust`);
  for (const button of await page.locator("button[data-copies]:visible").all()) {
    const id = (await button.getAttribute("data-copies")) ?? "";
    await button.press("Enter");
    await button.getByText("Copied").waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(await page.locator(`#${id}`).innerText());
  }
  expect(await page.locator("main").innerText()).toContain(listed.text.split(" ")[1]?.trim());
  expect(wrong.filter(isOfOurs)).toEqual([]);
});
