/** Chromium for tests: in a home of its own, and with what its pages complain of. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { readLabSettings } from "../../lab/settings/lab.js";
import { resolveChromium } from "../../lab/toolchain/clients.js";
import { silent } from "../../src/ground/progress.js";

export interface TestBrowser extends AsyncDisposable {
  /**
   * A page of a browser that nobody has used before. It may use the clipboard.
   * @param isExpected whether pages may ask for an address
   */
  readonly open: (isExpected: (url: string) => boolean, options?: BrowserContextOptions) => Promise<OpenedPage>;
}

export interface OpenedPage extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the pages complained of, dialogs, and what they asked for that is not expected. */
  readonly wrong: string[];
}

export async function startBrowser(): Promise<TestBrowser> {
  const { binary } = await resolveChromium(readLabSettings(), silent);
  const home = await mkdtemp(join(tmpdir(), "ssh-trust-chromium-"));
  const browser: Browser = await chromium.launch({ executablePath: binary, env: { ...process.env, HOME: home } });
  return {
    async open(isExpected, options) {
      const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"], ...options });
      context.setDefaultTimeout(60_000); // it says then what it waited for
      const page = await context.newPage();
      const wrong: string[] = [];
      page.on("console", (message) => wrong.push(message.text()));
      page.on("pageerror", (error) => wrong.push(error.message));
      page.on("dialog", (dialog) => {
        wrong.push(`a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on("request", (request) => {
        if (!isExpected(request.url())) wrong.push(`a request to ${request.url()}`);
      });
      return { page, context, wrong, [Symbol.asyncDispose]: () => context.close() };
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** What axe finds against a page, as it is shown now. Reporting violations only takes half of the time. */
export const violationsOf = async (page: Page) =>
  (
    await new AxeBuilder({ page })
      .setLegacyMode(true)
      .options({ resultTypes: ["violations"] })
      .analyze()
  ).violations;
