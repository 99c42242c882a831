/** An npm task as a person types it: `npm run eve -- stop`. It is checked by the tests that hold the hints. */
export const task = (name: string, args = ""): string => `npm run ${name}${args === "" ? "" : ` -- ${args}`}`;
