/** docs/errors.md, as the catalogue says it. */
import { catalogue, fail, type ErrorCode } from "../src/errors/catalogue.js";

const fields = new Proxy({}, { get: (_target, name) => `<${String(name)}>` }) as never;
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ");

export function errorsPage(): string {
  const rows = (Object.keys(catalogue) as ErrorCode[]).map((code) => {
    const { message, hint, exit } = fail(code, fields);
    return `| \`${code}\` | ${cell(message)} | ${cell(hint)} | ${String(exit)} |`;
  });
  return [
    "# What does this error mean?",
    "",
    "Every error has a permanent code, says what happened, and ends in a hint. Exit status 1: it could not be done;",
    "2: it was asked for wrongly. This page is written from `src/errors/` by `npm run docs`; a test fails when they differ.",
    "",
    "| code | what happened | what to do | exit |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
