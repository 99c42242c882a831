/**
 * What was meant, at the end of a message: the first of these texts that would be taken; "" where none would. What is offered and then
 * refused costs a person another round.
 * @param problem what is wrong with a text; undefined where nothing is
 */
export function offer(problem: (text: string) => string | undefined, ...texts: readonly string[]): string {
  const taken = texts.find((text) => problem(text) === undefined);
  return taken === undefined ? "" : `; did you mean "${taken}"?`;
}
