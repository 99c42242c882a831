import { fail } from "../../../errors/catalogue.js";
import { openCa } from "../../../offline-ca/open.js";
import { printable } from "../../../ground/printable.js";
import { verifyFiles, type Verdict } from "../../../offline-ca/verify.js";
import { red } from "../../../terminal/colour.js";
import { verb } from "../../../terminal/command.js";
import { asJson } from "../../../terminal/json.js";
import { withFormat, type FormatOption } from "../../../terminal/options.js";
import { print } from "../../../terminal/report.js";
import { withDir, type DirOption } from "./options.js";

const declared = verb("offline-ca verify", [
  "ca/SSH/host/certs/web.example.org/*-cert.pub",
  "--format json /etc/ssh/ssh_host_*-cert.pub",
]).argument("<file...>", "certificates, such as ssh_host_rsa_key-cert.pub");

export const verify = withFormat(withDir(declared)).action(
  async (files: readonly string[], { dir, format }: DirOption & FormatOption) => {
    const verdicts = await verifyFiles(await openCa(dir), files, new Date());
    print(format === "json" ? asJson(verdicts) : verdicts.map(asText).join("\n\n"));
    const wrong = verdicts.filter(({ ok }) => !ok).length;
    if (wrong === 0) return;
    const count =
      verdicts.length === 1 ? "the certificate is not" : `${String(wrong)} of ${String(verdicts.length)} certificates are not`;
    throw fail("OFFLINE_CA_VERIFY_FAILED", { count });
  },
);

function asText({ file, fields, remarks, problem }: Verdict): string {
  const width = Math.max(...fields.map(({ name }) => name.length));
  const lines = fields.map((field) => {
    const mark = field.problem === undefined ? "ok   " : red("WRONG");
    const why = field.problem === undefined ? "" : red(`: ${field.problem}`);
    return `  ${mark}  ${field.name.padEnd(width)}  ${field.value}${why}`;
  });
  const remarked = remarks.map((remark) => `  note   ${remark}`);
  const unread = problem === undefined ? [] : [`  ${red(`WRONG  ${printable(problem)}`)}`];
  return [printable(file), ...lines, ...remarked, ...unread].join("\n");
}
