/** A change of a fleet file, as it is told. */
export interface Change {
  readonly kind: "grants" | "withdraws" | "changes";
  readonly text: string;
}

export const grants = (text: string): Change => ({ kind: "grants", text });
export const withdraws = (text: string): Change => ({ kind: "withdraws", text });
export const changes = (text: string): Change => ({ kind: "changes", text });

/** What lasts longer than before is a grant, what ends sooner a withdrawal. */
export const lasts = (before: number, after: number, text: string): Change => (after > before ? grants(text) : withdraws(text));

/** A change where the two differ, and nothing where they do not. */
export const unlessSame = <T>(before: T, after: T, tell: (before: T, after: T) => Change): readonly Change[] =>
  before === after ? [] : [tell(before, after)];
