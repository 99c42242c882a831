/** What the schema of the fleet file is made from: each checks a value alone, and says what it is for. */
import * as z from "zod";
import { repeated } from "../repeated.js";
import { problemOfDuration, type Range } from "../durations.js";
import { problemOfText } from "../texts.js";

export interface Meta {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  /** For editors: what the rule asks for, as far as a regular expression says it. */
  readonly pattern?: string;
}

/** zod takes a list that may be changed. */
const meta = ({ description, examples = [], pattern }: Meta) => ({
  ...(pattern === undefined ? {} : { pattern }),
  ...(description === undefined ? {} : { description }),
  ...(examples.length === 0 ? {} : { examples: [...examples] }),
});

/** A text with a rule of ours. @param problem what is wrong with it; undefined where nothing is */
export const text = (problem: (value: string) => string | undefined, about: Meta) =>
  z
    .string()
    .superRefine((value, context) => {
      const message = problem(value);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    })
    .meta(meta(about));

/** Is in the JSON schema, too; and tells durations from other texts. */
export const durationPattern = "^(?!$)(\\d{1,4}d)?(\\d{1,6}h)?(\\d{1,6}m)?(\\d{1,6}s)?$";

export const duration = (range: Range, about: Meta) =>
  text((value) => problemOfDuration(value, range), { examples: ["1h30m"], ...about, pattern: durationPattern });

/** One, or a list of at least one; nothing in it twice. */
export const listOf = <T extends z.ZodType<string>>(each: T, { least = 1, ...about }: Meta & { readonly least?: number }) => {
  const list = z.array(each).superRefine((values, context) => {
    if (values.length < least) context.addIssue({ code: "custom", message: "is empty: at least one is needed" });
    for (const [place, first] of repeated(values))
      context.addIssue({ code: "custom", message: "is repeated", path: [place], params: { first } });
  });
  return z.union([each, list.meta({ minItems: least, uniqueItems: true })]).meta(meta(about));
};

/** A map whose keys are names that the file chooses. @param pattern of the names, for editors */
export const map = <T extends z.ZodType>(each: T, pattern?: string) =>
  z.record(pattern === undefined ? z.string() : z.string().meta({ pattern }), each);

/** Terraform's provider takes a claim's values as one text, with commas between them: one in a value would make two of it. */
const problemOfClaim = (value: string) =>
  value.includes(",") ? "has a comma: write each value by itself" : problemOfText(value);

/** Claims, each with the values that are accepted. */
export const claims = (description: string, example: Readonly<Record<string, string>>) =>
  map(listOf(text(problemOfClaim, {}), {}))
    .default({})
    .meta({ description, examples: [example] });

const most = 1_000_000;

export const perSecond = (description: string, usual: number) =>
  z
    .int()
    .min(1)
    .max(most)
    .default(usual)
    .meta({ description, examples: [usual] });
