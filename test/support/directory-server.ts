/** The directory's pages with sample data behind them, under the policy of the service: what a browser makes of them. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Filter, HostSummary } from "../../src/directory/contract.js";
import { assets } from "../../src/directory/pages/assets.js";
import type { Visitor } from "../../src/directory/pages/layout.js";
import { renderHostPage } from "../../src/directory/pages/host.js";
import { renderOverviewPage } from "../../src/directory/pages/overview.js";
import { renderProblemPage } from "../../src/directory/pages/problem.js";
import { renderSignInPage } from "../../src/directory/pages/sign-in.js";
import { renderTrustPage, type TrustView } from "../../src/directory/pages/trust.js";
import { fleetLines, fresh, groups, sampleCounts, sampleDetail, sampleTrust, sampleVerdict, stale } from "./directory-samples.js";

const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; connect-src 'none'";

export interface Scene extends Partial<Visitor> {
  readonly hosts: readonly HostSummary[];
  readonly stale?: boolean;
  readonly complete?: boolean;
  readonly trust?: TrustView;
}

export interface PagesServer extends AsyncDisposable {
  readonly url: string;
}

export async function servePages(scene: Scene): Promise<PagesServer> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const asset = assets.find(({ path }) => path === url.pathname);
    const head = { "content-security-policy": policy, "x-content-type-options": "nosniff" };
    void text(request).then((body) => {
      response.writeHead(200, { ...head, "content-type": asset?.type ?? "text/html; charset=utf-8" });
      response.end(asset?.body ?? page(scene, url, body));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function page(scene: Scene, { pathname, searchParams }: URL, body: string): string {
  const { person = "alice", canSignIn = true } = scene;
  const visitor = { person, canSignIn };
  const freshness = scene.stale === true ? stale : fresh;
  if (pathname === "/") return overview(scene, visitor, searchParams, freshness);
  if (pathname === "/trust") return renderTrustPage({ ...sampleTrust, fresh: freshness, ...visitor, ...scene.trust });
  if (pathname === "/sign-in")
    return renderSignInPage({ canSignIn, back: searchParams.get("back") ?? "/", provider: "login.example.org" });
  const [, name, console] = /^\/hosts\/([^/]+)(\/console)?$/.exec(pathname) ?? [];
  const host = scene.hosts.find((each) => each.name === decodeURIComponent(name ?? ""));
  if (host === undefined) {
    const hint = "look at the list of all hosts; an operator adds one with ssh-trust host add";
    return renderProblemPage({
      status: 404,
      title: "There is no such host",
      detail: "The fleet has no host of this name.",
      hint,
      ...visitor,
    });
  }
  const detail = { ...sampleDetail(host), ...freshness };
  const log = new URLSearchParams(body).get("log") ?? "";
  const kind = !log.includes("SHA256:") ? "none" : detail.keys.some(({ sha256 }) => log.includes(sha256)) ? "same" : "different";
  return renderHostPage({
    host: detail,
    trustLines: fleetLines,
    ...visitor,
    ...(console === undefined ? {} : { console: sampleVerdict(detail, kind) }),
  });
}

function overview({ hosts, complete = true }: Scene, visitor: Visitor, params: URLSearchParams, freshness: typeof fresh): string {
  const q = params.get("q") ?? "";
  const group = params.get("group") ?? "";
  const filter = (params.get("filter") ?? undefined) as Filter | undefined;
  const sort = params.get("sort") ?? "name";
  const size = Number(params.get("size") ?? 50);
  const number = Number(params.get("page") ?? 1);
  const found = hosts.filter(
    (host) =>
      host.name.includes(q) &&
      (group === "" || host.group === group) &&
      (filter === undefined || host.state.kind === filter || (filter === "stale" && host.state.kind === "silent")),
  );
  const sorted = sort.startsWith("-") ? found.toReversed() : found;
  return renderOverviewPage({
    list: {
      hosts: sorted.slice((number - 1) * size, number * size),
      total: found.length,
      page: number,
      pages: Math.ceil(found.length / size),
      complete,
      ...freshness,
    },
    query: { q, filter, group: group === "" ? undefined : group, sort, size },
    groups,
    counts: sampleCounts(hosts),
    ...visitor,
  });
}
