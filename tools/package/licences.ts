/** The licences of the packages whose code is in a bundle, as one text. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const packageFolder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;
const isLicence = (name: string) => /^(?:licen[cs]e|copying|notice)/i.test(name);

/** What a package holds of others, and says only elsewhere. */
const holds: Readonly<Record<string, string>> = {
  tldts: "It holds the Public Suffix List, https://publicsuffix.org/list/, under the Mozilla Public License 2.0.",
};

/** @param inputs the files that were bundled, below `root`. @throws where a package names no licence */
export async function licencesOf(root: string, inputs: readonly string[]): Promise<string> {
  const folders = new Set(inputs.flatMap((file) => packageFolder.exec(file)?.[0] ?? []));
  const texts = await Promise.all([...folders].sort().map((folder) => licenceOf(join(root, folder))));
  return `This package contains code of ${String(texts.length)} others. Each with its licence:\n\n${texts.join("\n")}`;
}

interface Described {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  /** As older packages have it. */
  readonly licenses?: readonly { readonly type: string }[];
}

async function licenceOf(folder: string): Promise<string> {
  const described = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Described;
  const { name, version, license = described.licenses?.map(({ type }) => type).join(" or ") ?? "" } = described;
  if (license === "") throw new Error(`${name} names no licence`);
  const files = (await readdir(folder)).filter(isLicence).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  const title = `${name} ${version}, ${license}`;
  const further = name in holds ? [`${holds[name] ?? ""}\n`] : [];
  return [title, "=".repeat(title.length), "", ...texts.map((text) => `${text.trim()}\n`), ...further].join("\n");
}
