import { listCertificates } from "../../../ssh/offline-ca/list.js";
import { openCa } from "../../../ssh/offline-ca/open.js";
import { verb } from "../../command.js";
import { print, talk } from "../../report.js";
import { table } from "../../table.js";
import { oneOf, withDir, type DirOption } from "./options.js";

interface Options extends DirOption {
  readonly format: string;
}

export const list = withDir(verb("offline-ca list", "shows everything that the CA has signed", ["", "--format json"]))
  .option("--format <format>", "text or json (text)", "text")
  .action(async ({ dir, format }: Options) => {
    const shape = oneOf("--format", format, ["text", "json"], "ssh-trust offline-ca list --help");
    const entries = await listCertificates(await openCa(dir), new Date());
    if (shape === "json") {
      print(JSON.stringify(entries, undefined, 2));
      return;
    }
    if (entries.length === 0) {
      talk(`${dir} has signed nothing yet`);
      return;
    }
    const header = ["NAME", "TYPE", "IDENTITY", "SERIAL", "VALID UNTIL", "STATUS", "PRINCIPALS"];
    const rows = entries.map(({ name, kind, keyType, identity, serial, validTo, status, principals }) => [
      name,
      `${kind} ${keyType}`,
      identity,
      serial,
      validTo,
      status,
      principals.join(","),
    ]);
    print(table([header, ...rows]));
  });
