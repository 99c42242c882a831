/** What the parts of a fleet file have to do with one another. */
import type { Mistake } from "../mistakes.js";
import type { Draft } from "../reading/shape.js";

export function relationsIn(draft: Draft): readonly Mistake[] {
  if (Object.keys(draft).length === 0) return [];
  return [];
}
