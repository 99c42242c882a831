/** A fleet file for the tests, and what is wrong with one that differs from it in some lines. */
import { isFailure } from "../../../src/errors/catalogue.js";
import { parseFleet } from "../../../src/fleet/parse-fleet.js";

const lines = [
  "vault: https://vault.example.org:8200",
  "domains: [example.org]",
  "hosts:",
  "  web: { names: web-*.example.org, accounts: [deploy, ops] }",
  "  db: { names: [db-*.example.org], accounts: [postgres] }",
  "people:",
  "  platform: { oidc: platform-team }",
  "  dba: {}",
  "access:",
  "  - { name: platform-web, who: platform, on: web, as: [deploy, ops] }",
  "  - { name: dba-db, who: dba, on: db, as: postgres, reserve: 1h }",
  "sign-in:",
  "  oidc: { issuer: https://id.example.org, client-id: ssh-trust }",
];

/** The file with other lines in the place of some, by number, from 1; the numbers behind the last are further lines. */
export const changed = (changes: Readonly<Record<number, string>> = {}): string => {
  const all = [...lines];
  for (const [number, line] of Object.entries(changes)) all[Number(number) - 1] = line;
  return `${all.join("\n")}\n`;
};

/** Every mistake, without the name of the file: "4:17: hosts.web.names: …". */
export function mistakesIn(text: string): string[] {
  try {
    parseFleet(text, "f");
  } catch (error) {
    if (!isFailure(error, "FLEET_FILE_INVALID")) throw error;
    const [head = "", ...found] = error.message.split("\n");
    const more = /^and (\d+) more$/.exec(found.at(-1) ?? "");
    const all = found.length + (more === null ? 0 : Number(more[1]) - 1);
    const count = all === 1 ? "a mistake" : `${String(all)} mistakes`;
    if (head !== `f has ${count}`) throw new Error(`"${head}" stands above ${count}`, { cause: error });
    return found.map((line) => line.replace(/^f:/, ""));
  }
  return [];
}
