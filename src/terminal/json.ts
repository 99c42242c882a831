/** Data as JSON. Nothing in it moves a terminal's cursor or turns its text around: such characters stand as JSON's own escapes. */
export const asJson = (data: unknown): string =>
  JSON.stringify(data, null, 2).replace(
    /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
