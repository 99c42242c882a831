/** What the schema of the fleet file is made from: each checks a value alone, and says what it is for. */
import * as z from "zod";
import { problemOfDuration, type Range } from "../durations.js";

export interface Meta {
  readonly description?: string;
  readonly examples?: readonly unknown[];
}

/** zod takes a list that may be changed. */
const meta = ({ description, examples = [] }: Meta) => ({
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
export const durationPattern = "^(\\d{1,4}d)?(\\d{1,6}h)?(\\d{1,6}m)?(\\d{1,6}s)?$";

export const duration = (range: Range, about: Meta) =>
  text((value) => problemOfDuration(value, range), about).meta({
    ...meta({ examples: ["1h30m"], ...about }),
    pattern: durationPattern,
  });

/** One, or a list of at least one; nothing in it twice. */
export const listOf = <T extends z.ZodType<string>>(each: T, { least = 1, ...about }: Meta & { readonly least?: number }) => {
  const list = z.array(each).superRefine((values, context) => {
    if (values.length < least) context.addIssue({ code: "custom", message: "is empty: it names one at least" });
    for (const [index, value] of values.entries())
      if (values.indexOf(value) < index) context.addIssue({ code: "custom", message: "is here twice", path: [index] });
  });
  return z.union([each, list.meta({ minItems: least, uniqueItems: true })]).meta(meta(about));
};

/** A map whose keys are names that the file chooses. */
export const map = <T extends z.ZodType>(each: T) => z.record(z.string(), each);

const most = 1_000_000;

export const perSecond = (description: string, usual: number) =>
  z
    .int()
    .min(1)
    .max(most)
    .default(usual)
    .meta({ description, examples: [usual] });
