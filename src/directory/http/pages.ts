/** The routes of the pages. */
import { Hono } from "hono";
import type { StoredFleet } from "../../fleet/stored.js";
import { groupLines } from "../../people/login/known-hosts.js";
import { parsePublicKey } from "../../ssh/public-key.js";
import { checkConsoleLog, mostOfConsole } from "../console-log.js";
import { assets } from "../pages/assets.js";
import { renderHostPage } from "../pages/host.js";
import { renderOverview, renderOverviewPage } from "../pages/overview.js";
import { renderTrustPage, type CaKey } from "../pages/trust.js";
import { detailFor, freshOf, listFor, readQuery } from "./api.js";
import { providerOf, type Directory, type DirectoryContext, type Env } from "./directory.js";
import { readForm } from "./form.js";
import { mayRead, ownForms } from "./guards.js";

const year = 365 * 24 * 3600;

export function pageRoutes(directory: Directory): Hono<Env> {
  const { watch, address } = directory;
  const reads = mayRead(directory);
  const visitor = (c: DirectoryContext) => ({
    person: c.get("person")?.name,
    canSignIn: providerOf(watch.fleet().fleet) !== undefined,
  });
  /** Of the fleet as it was read last. */
  let ofFleet: { readonly stored: StoredFleet; readonly lines: readonly string[] } | undefined;
  const trustLines = () => {
    const stored = watch.fleet();
    if (ofFleet?.stored !== stored)
      ofFleet = { stored, lines: groupLines(stored.fleet.hosts, stored.cas.host).map(({ line }) => line) };
    return ofFleet.lines;
  };
  const hostPage = async (c: DirectoryContext, log?: string) => {
    const host = await detailFor(directory, c);
    const console = log === undefined ? undefined : checkConsoleLog(log, host.keys);
    return c.html(renderHostPage({ host, trustLines: trustLines(), console, ...visitor(c) }));
  };
  const app = new Hono<Env>();
  for (const { path, type, body } of assets)
    app.get(path, (c) => {
      c.header("Cache-Control", `public, max-age=${String(year)}, immutable`);
      return c.body(body, 200, { "Content-Type": type });
    });
  app
    .get("/", reads, (c) => {
      // A form sends what was left empty, too.
      const given = Object.fromEntries(Object.entries(c.req.query()).filter(([, value]) => value !== ""));
      const query = readQuery(given);
      const { q, filter, group, sort, size } = query;
      const { rows, list, kept } = listFor(directory, query);
      const content = { list: list(), query: { q, filter, group, sort, size }, groups: rows.groups, counts: rows.counts };
      return c.html(
        renderOverviewPage(
          { ...content, ...visitor(c) },
          rows.once(["page", ...kept], () => renderOverview(content)),
        ),
      );
    })
    .get("/trust", (c) => {
      const { fleet, cas } = watch.fleet();
      const view = { hostCas: cas.host.map(caKey), userCas: cas.user.map(caKey), lines: trustLines(), fresh: freshOf(directory) };
      return c.html(renderTrustPage({ ...view, address, mounts: fleet.mounts, ...visitor(c) }));
    })
    .get("/hosts/:name", reads, (c) => hostPage(c))
    .post("/hosts/:name/console", reads, ownForms(directory), async (c) => {
      // Each byte of a log may be three in a form.
      const form = await readForm(c, 3 * mostOfConsole + 1024, `${String(mostOfConsole / 1024)} KiB`);
      return hostPage(c, form.get("log") ?? "");
    });
  return app;
}

function caKey(line: string): CaKey {
  const { kind, fingerprint } = parsePublicKey(line);
  return { line, kind, fingerprint };
}
