/** The directory as a web application: what surrounds each route, and which route is where. */
import { Hono, type MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { secureHeaders } from "hono/secure-headers";
import { fail } from "../../errors/catalogue.js";
import { renderProblemPage } from "../pages/problem.js";
import { apiRoutes, healthOf } from "./api.js";
import { providerOf, type Directory, type DirectoryContext, type Env } from "./directory.js";
import { mayRead, ownName, whoAsks, whoHasSession } from "./guards.js";
import { limitTo } from "./limit.js";
import { pageRoutes } from "./pages.js";
import { problemOf, statusOf, toldOf } from "./problem.js";
import { signInRoutes } from "./sign-in.js";

export interface AppOptions {
  /** Ranges of proxies that may say whom they ask for. */
  readonly proxies: readonly string[];
  /** Requests a second of one address. */
  readonly rate: number;
}

export function createApp(directory: Directory, { proxies, rate }: AppOptions): Hono<Env> {
  const app = new Hono<Env>();
  app.use(measured(directory), headers(directory), whoAsks(directory, proxies), limitTo(rate));
  app.get("/healthz", (c) => {
    const { status, health } = healthOf(directory);
    return c.json(health, status, { "Cache-Control": "no-store" });
  });
  app.use(ownName(directory), whoHasSession(directory), readsOnly);
  app.get("/metrics", mayRead(directory), async (c) =>
    c.body(await directory.metrics.text(), 200, { "Content-Type": directory.metrics.type }),
  );
  app.route("/api/v1", apiRoutes(directory));
  app.route("/", signInRoutes(directory));
  app.route("/", pageRoutes(directory));
  app.notFound((c) => answerTo(directory, c, fail("DIRECTORY_NOT_FOUND", { path: c.req.path.slice(0, 200) })));
  app.onError((error, c) => answerTo(directory, c as DirectoryContext, error));
  return app;
}

const forms = /^\/(?:sign-out|hosts\/[^/]+\/console)$/;

/** @throws DIRECTORY_METHOD */
const readsOnly: MiddlewareHandler<Env> = async (c, next) => {
  const { method, path } = c.req;
  if (!["GET", "HEAD"].includes(method) && !(method === "POST" && forms.test(path))) {
    c.header("Allow", forms.test(path) ? "POST" : "GET, HEAD");
    throw fail("DIRECTORY_METHOD", { method, path: path.slice(0, 200) });
  }
  await next();
};

/** A program is told a problem (RFC 9457), a browser a page, and somebody who has to sign in where. */
function answerTo(directory: Directory, c: DirectoryContext, error: unknown): Response {
  const told = toldOf(error);
  if (told.code === "DIRECTORY_FAULT") directory.fault(error);
  const status = statusOf(told);
  const problem = problemOf(told);
  if (!c.req.path.startsWith("/api/") && (c.req.header("accept") ?? "").includes("text/html")) {
    if (status === 401 && c.req.method === "GET")
      return c.redirect(`/sign-in?back=${encodeURIComponent(c.req.path + new URL(c.req.url).search)}`, 303);
    const fleet = directory.watch.stored()?.fleet;
    const canSignIn = fleet !== undefined && providerOf(fleet) !== undefined;
    // It may not be known yet who asks.
    const person = c.get("person")?.name;
    return c.html(renderProblemPage({ ...problem, person, canSignIn }), status);
  }
  if (status === 401) c.header("WWW-Authenticate", 'Bearer realm="ssh-trust directory"');
  c.header("Cache-Control", "no-store");
  return c.body(JSON.stringify(problem), status, { "Content-Type": "application/problem+json" });
}

function headers({ address, isDraining }: Directory): MiddlewareHandler<Env> {
  const secure = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      scriptSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    xFrameOptions: "DENY",
    // With "no-referrer", browsers send our own forms with "Origin: null", and those without Sec-Fetch-Site would be refused.
    referrerPolicy: "same-origin",
    strictTransportSecurity: address.startsWith("https:") ? "max-age=31536000" : false,
  });
  return (c, next) =>
    secure(c, async () => {
      c.header("Cache-Control", "private, no-cache");
      if (isDraining()) c.header("Connection", "close");
      await next();
    });
}

const measured =
  ({ metrics }: Directory): MiddlewareHandler<Env> =>
  async (c, next) => {
    const start = performance.now();
    await next();
    // The pattern, and not the path: a stranger's text makes no series of its own.
    metrics.requested(routePath(c, -1), c.req.method, c.res.status, (performance.now() - start) / 1000);
  };
