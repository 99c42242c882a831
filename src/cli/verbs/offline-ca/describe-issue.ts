/** What is said of certificates that were just made. */
import type { IssueResult } from "../../../offline-ca/issue.js";
import type { Subject } from "../../../offline-ca/names.js";
import { printable } from "../../../ground/printable.js";
import { talk } from "../../../terminal/report.js";

export function describeIssue({ identity, serials, files, archived, until }: IssueResult, { principals }: Subject): void {
  const numbers = serials.map(String);
  const span = numbers.length === 1 ? `serial ${String(numbers[0])}` : `serials ${numbers.join(", ")}`;
  const count = files.length === 1 ? "1 certificate" : `${String(files.length)} certificates`;
  talk(`${identity}: ${count} for ${principals.join(" and ")}, ${span}, until ${until}`);
  for (const folder of archived) talk(`the old are kept in ${printable(folder)}`);
}
