import { listCertificates } from "../../../offline-ca/list.js";
import { openCa } from "../../../offline-ca/open.js";
import { printable } from "../../../ground/printable.js";
import { verb } from "../../../terminal/command.js";
import { asJson } from "../../../terminal/json.js";
import { withFormat, type FormatOption } from "../../../terminal/options.js";
import { print, talkInLines } from "../../../terminal/report.js";
import { table } from "../../../terminal/table.js";
import { withDir, type DirOption } from "./options.js";

const declared = verb("offline-ca list", ["", "--format json"]);

export const list = withFormat(withDir(declared)).action(async ({ dir, format }: DirOption & FormatOption) => {
  const ca = await openCa(dir);
  const entries = await listCertificates(ca, new Date());
  if (format === "json") {
    print(asJson(entries));
    return;
  }
  if (entries.length === 0) {
    talkInLines([`${printable(ca.dir)} has signed nothing yet`]);
    return;
  }
  const header = ["NAME", "TYPE", "IDENTITY", "SERIAL", "VALID UNTIL", "STATUS", "PRINCIPALS"];
  const rows = entries.map(({ name, kind, keyType, identity, serial, validTo, status, principals }) => [
    printable(name),
    `${kind} ${keyType}`,
    printable(identity),
    serial,
    validTo,
    status,
    printable(principals.join(",")),
  ]);
  print(table([header, ...rows]));
  if (entries.some(({ status }) => status === "replaced")) {
    talkInLines(["replaced: there is a later one; where this one is still installed, it is accepted until it expires"]);
  }
});
