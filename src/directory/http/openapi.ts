/** The API as OpenAPI 3.1, from the same shapes that answers are made by. */
import * as z from "zod";
import { health, hostDetail, hostList, problem } from "../contract.js";
import { staleHeader } from "./fresh.js";
import { listQuery } from "../views/list.js";

const json = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "output", target: "draft-2020-12", reused: "inline" });
const withoutDialect = (schema: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$schema"));
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const content = (type: string, schema: object) => ({ [type]: { schema } });
const problemContent = content("application/problem+json", ref("Problem"));
const text = content("text/plain", { type: "string" });

const notModified = { "304": { description: "Not modified: it is what the If-None-Match header names." } };
const failures = (...statuses: readonly number[]) =>
  Object.fromEntries(statuses.map((status) => [String(status), { description: said[status] ?? "", content: problemContent }]));
const said: Readonly<Record<number, string>> = {
  400: "The query cannot be read.",
  401: "Nobody is signed in.",
  403: "The token that was sent is not accepted.",
  404: "Not found.",
  421: "The request names another server.",
  429: "Too many requests from this address.",
  503: "Not ready: the directory has not yet read what the answer needs.",
};

const answer = (description: string, body: object) => ({
  "200": {
    description,
    headers: {
      ETag: { schema: { type: "string" } },
      Age: { description: "Seconds since it was read from Vault.", schema: { type: "integer", minimum: 0 } },
      [staleHeader]: {
        description: "true where Vault does not answer, so that this is the last known state; left out otherwise.",
        schema: { type: "string", const: "true" },
      },
    },
    content: body,
  },
  ...notModified,
});

const queryParameters = Object.entries(withoutDialect(z.toJSONSchema(listQuery, { io: "input" }))["properties"] as object).map(
  ([name, schema]) => ({ name, in: "query", required: false, schema: asQuery(schema as Record<string, unknown>) }),
);

/** Numbers come as text; zod says nothing of what coerces. */
function asQuery(schema: Record<string, unknown>): Record<string, unknown> {
  return Object.keys(schema).length === 0 || !("type" in schema || "enum" in schema)
    ? { type: "integer", minimum: 1, ...schema }
    : schema;
}

const name = {
  name: "name",
  in: "path",
  required: true,
  description: "The host's full name.",
  schema: { type: "string", minLength: 1, maxLength: 253 },
  example: "web-1.example.org",
};

const signedIn = [{ identityToken: [] }, { vaultToken: [] }, { session: [] }, {}];
const open: readonly object[] = [];

export function openApiDocument(server: string): object {
  return {
    openapi: "3.1.0",
    info: {
      title: "The directory of an ssh-trust fleet",
      version: "1",
      description:
        "The hosts of the fleet, their authentic host keys, and how to trust them. What is told is as old as age says; stale means that Vault does not answer, or, where unlisted is true, that the directory cannot read from it which hosts there are.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: server }],
    paths: {
      "/api/v1/hosts": {
        get: {
          operationId: "listHosts",
          summary: "Hosts, a page at a time",
          parameters: queryParameters,
          security: signedIn,
          responses: {
            ...answer("A page of hosts.", content("application/json", ref("HostList"))),
            ...failures(400, 401, 403, 421, 429, 503),
          },
        },
      },
      "/api/v1/hosts/{name}": {
        get: {
          operationId: "getHost",
          summary: "All that is known of one host",
          parameters: [name],
          security: signedIn,
          responses: {
            ...answer("The host.", content("application/json", ref("Host"))),
            ...failures(401, 403, 404, 421, 429, 503),
          },
        },
      },
      "/api/v1/hosts/{name}/known_hosts": {
        get: {
          operationId: "getKnownHosts",
          summary: "Lines for known_hosts by which ssh believes one host",
          parameters: [name],
          security: signedIn,
          responses: { ...answer("The lines.", text), ...failures(401, 403, 404, 421, 429, 503) },
        },
      },
      "/api/v1/known_hosts": {
        get: {
          operationId: "getAllKnownHosts",
          summary: "Lines for known_hosts by which ssh believes the whole fleet; not before each host has been read",
          security: signedIn,
          responses: { ...answer("The lines.", text), ...failures(401, 403, 421, 429, 503) },
        },
      },
      ...Object.fromEntries(
        (["host", "user"] as const).map((which) => [
          `/api/v1/ca/${which}.pub`,
          {
            get: {
              operationId: which === "host" ? "getHostCa" : "getUserCa",
              summary: `Public keys of the CA that signs ${which === "host" ? "hosts'" : "people's"} keys, the one that signs first`,
              security: open,
              responses: { ...answer("A key a line.", text), ...failures(421, 429, 503) },
            },
          },
        ]),
      ),
      "/api/v1/openapi.json": {
        get: {
          operationId: "getOpenApi",
          summary: "This document",
          security: open,
          responses: {
            "200": { description: "It.", content: content("application/json", { type: "object" }) },
            ...notModified,
            ...failures(421, 429),
          },
        },
      },
      "/healthz": {
        get: {
          operationId: "getHealth",
          summary: "Whether it serves",
          security: open,
          responses: {
            "200": {
              description: "It serves; status says whether what it tells is stale.",
              content: content("application/json", ref("Health")),
            },
            "503": {
              description: "It has nothing to tell yet, or is about to end.",
              content: content("application/json", ref("Health")),
            },
          },
        },
      },
      "/metrics": {
        get: {
          operationId: "getMetrics",
          summary: "For Prometheus",
          security: signedIn,
          responses: { "200": { description: "Metrics.", content: text }, ...failures(401, 403, 421, 429) },
        },
      },
    },
    components: {
      securitySchemes: {
        identityToken: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "An identity token of Vault's role ssh-trust-directory: it opens nothing in Vault.",
        },
        vaultToken: {
          type: "apiKey",
          in: "header",
          name: "X-Vault-Token",
          description: "A token of Vault, of somebody of the fleet.",
        },
        session: { type: "apiKey", in: "cookie", name: "__Host-ssh-trust-session", description: "Of a browser that signed in." },
      },
      schemas: Object.fromEntries(
        Object.entries({ HostList: hostList, Host: hostDetail, Problem: problem, Health: health }).map(([each, schema]) => [
          each,
          withoutDialect(json(schema)),
        ]),
      ),
    },
  };
}
