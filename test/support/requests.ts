/** Requests to a server as the rows of a table. */
import { expect } from "@jest/globals";
import type { Answer, AskOptions, Server } from "./servers.js";

/** What stands for `<…>` in a row: names, ids and secrets that are known only once they were made. */
export type Facts = Readonly<Record<string, string>>;

/** What it is, such as "its neighbour's entry"; method and path; what is sent. */
export type Row = readonly [what: string, request: string, body?: unknown, wrapped?: number];

export async function asks(server: Server, facts: Facts, token: string, [, request, body, wrapped]: Row): Promise<Answer> {
  const [method = "", path = ""] = filled(request, facts).split(/ (.*)/s);
  const sent = body === undefined ? {} : { body: JSON.parse(filled(JSON.stringify(body), facts)) as unknown };
  return server.ask(path, {
    token,
    method: method as NonNullable<AskOptions["method"]>,
    ...sent,
    ...(wrapped === undefined ? {} : { wrapped }),
  });
}

export const filled = (text: string, facts: Facts): string =>
  text.replace(/<([^<>]+)>/g, (_, name: string) => {
    const fact = facts[name];
    if (fact === undefined) throw new Error(`nothing is known as <${name}>`);
    return fact;
  });

/** By a policy, before anything was looked at. */
export const refusedByPolicy = ({ status, body }: Answer): void => {
  expect({ status, errors: body.errors?.join("; ") }).toEqual({
    status: 403,
    errors: expect.stringContaining("permission denied"),
  });
};

/** By what was asked for, and for that reason. */
export const refusedFor = ({ status, body }: Answer, reason: RegExp): void => {
  expect({ status, errors: body.errors?.join("; ") }).toEqual({ status: 400, errors: expect.stringMatching(reason) });
};

export const answered = ({ status, body }: Answer): void => {
  expect({ status, errors: body.errors }).toEqual({ status: status === 204 ? 204 : 200, errors: undefined });
};
