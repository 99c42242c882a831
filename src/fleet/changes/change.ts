/** A change of a fleet file, as it is told. */
export interface Change {
  /** Whether somebody may more than before, or less; or it is only another, such as an address. */
  readonly kind: "grants" | "withdraws" | "changes";
  /** One clause, for whoever reviews it. It may change with any version. */
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
