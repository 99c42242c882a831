/** What is wrong with the shape of the file: each issue of zod's in our words, and what can be read all the same. */
import type * as z from "zod";
import { describeWrong, type Issue } from "./wording.js";
import type { Mistake, Path } from "../mistakes.js";
import { fleetFile, type FleetFile } from "../schema/fleet-file.js";

/** A fleet file of which any part may be missing, as it could not be read. What is there is as the schema has it, without defaults. */
export type Draft = Part<z.input<typeof fleetFile>>;
type Part<T> = T extends readonly (infer E)[]
  ? readonly (Part<E> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Part<T[K]> | undefined }
    : T;

export interface Shape {
  /** Undefined where there are mistakes. */
  readonly file: FleetFile | undefined;
  readonly draft: Draft;
  readonly mistakes: readonly Mistake[];
}

export function shapeOf(value: unknown): Shape {
  const parsed = fleetFile.safeParse(value);
  if (parsed.success) return { file: parsed.data, draft: value as Draft, mistakes: [] };
  const mistakes = parsed.error.issues
    .flatMap((issue) => plain(issue, value))
    .flatMap((issue) => describeWrong(issue, valueAt(value, issue.path), valueAt(value, issue.path.slice(0, -1) as Path)));
  return { file: undefined, draft: without(value, new Set(mistakes.map(({ path }) => JSON.stringify(path)))) as Draft, mistakes };
}

/** Of a union, the issues of the member that was meant: the one whose kind of value it is. */
function plain(issue: z.core.$ZodIssue, value: unknown): Issue[] {
  if (issue.code !== "invalid_union") return [issue as Issue];
  const members = issue.errors.filter((issues) => !issues.some(({ code, path }) => code === "invalid_type" && path.length === 0));
  const at = valueAt(value, issue.path as Path);
  // Of the ways to sign in, the first member is one that is there already.
  const existing = typeof at === "object" && at !== null && "existing" in at;
  const chosen = (members.length > 1 && !existing ? members[1] : members[0]) ?? [];
  const found = chosen.flatMap((each) => plain({ ...each, path: [...issue.path, ...each.path] }, value));
  if (found.length > 0) return found;
  const expected = issue.errors.flatMap((issues) =>
    issues.flatMap((each) => (each.code === "invalid_type" ? [each.expected] : [])),
  );
  return [{ code: "invalid_type", expected: expected[0] ?? "string", path: issue.path as Path, message: "" } as unknown as Issue];
}

export function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}

/** A copy in which nothing stands where something was wrong. @param wrong paths, as JSON */
function without(value: unknown, wrong: ReadonlySet<string>, at: Path = []): unknown {
  if (wrong.has(JSON.stringify(at))) return undefined;
  if (Array.isArray(value)) return value.map((each, index) => without(each, wrong, [...at, index]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, without(each, wrong, [...at, key])]));
}
