/** What a shell is offered, by the verbs as they are declared. */
import { describe, expect, test } from "@jest/globals";
import { verbsForCall } from "../../../src/cli/load-verbs.js";
import { verbs } from "../../../src/cli/verbs.js";
import { candidatesFor } from "../../../src/cli/verbs/completion/candidates.js";
import type { RememberedNames } from "../../../src/people/remembered-names.js";
import { program } from "../../../src/terminal/command.js";

const names: RememberedNames = {
  fleets: [
    {
      server: "https://vault.example.org:8200 (namespace team)",
      groups: [
        { name: "web", names: ["web-*.example.org"], also: ["www.example.org"] },
        { name: "db", names: ["db-*.example.org"], also: [] },
      ],
      rules: [
        { name: "platform-web", on: "web", as: ["deploy", "ops"] },
        { name: "platform-tunnels", on: "web", as: ["deploy"] },
      ],
    },
  ],
  hosts: ["web-1.example.org", "db-1.example.org", "$(reboot)", "a b", "a;b", "-oProxyCommand=x", "`id`"],
};

/** @param line behind the program's name, as it is typed */
async function offered(line: string, known = names) {
  const words = line.split(" ");
  const root = program("", await verbsForCall(["completion", "--complete", "bash", "--", ...words]), [], "1");
  const { files, words: found } = candidatesFor(root, words, known);
  return { files, words: found.map(({ word }) => word) };
}

describe("nothing is offered", () => {
  test.each([
    "nothing-like-it",
    "host nothing",
    "ssh deploy@web-1.example.org ",
    "ssh web-1.example.org -",
    "ssh -p ",
    "ssh -o StrictHost",
    "host show web-1.example.org ",
    "people remove ",
    "login --user ",
    "apply --vault x ",
    "sign --for ",
    "login --no-such-option=",
    "completion bash ",
  ])("%j", async (line) => {
    expect(await offered(line)).toEqual({ files: false, words: [] });
  });
  test.each(["ssh ", "host show ", "sign --on ", "trace "])("%j where no names are known", async (line) => {
    expect(await offered(line, { fleets: [], hosts: [] })).toEqual({ files: false, words: [] });
  });
  test("a name that the shell would read as something else", async () => {
    for (const line of ["ssh ", "host show ", "sign --on ", "host show -"])
      expect((await offered(line)).words.filter((word) => /[^\w.@-]|^-o/.test(word))).toEqual([]);
  });
});

describe("verbs", () => {
  const top = Object.keys(verbs).filter((path) => !path.includes(" "));
  test("all of them, from the one table", async () => {
    expect((await offered("")).words).toEqual(top);
    const below = (word: string) =>
      Object.keys(verbs).flatMap((path) => (path.startsWith(`${word} `) ? [path.slice(word.length + 1)] : []));
    for (const word of ["host", "people", "config", "offline-ca"]) expect((await offered(`${word} `)).words).toEqual(below(word));
  });
  test.each([
    ["s", ["sign", "ssh", "synth"]],
    ["--debug log", ["login", "logout"]],
    ["host re", ["reissue", "remove"]],
  ])("%j", async (line, words) => {
    expect(await offered(line)).toEqual({ files: false, words });
  });
});

describe("options", () => {
  test.each(Object.entries(verbs).flatMap(([path, entry]) => ("load" in entry ? [path] : [])))(
    "%s: each that its help shows, and no hidden one",
    async (path) => {
      const { words } = await offered(`${path} -`);
      expect(words).toContain("--help");
      expect(words).toContain("--debug");
      expect(words).not.toContain("--complete");
      expect(new Set(words).size).toBe(words.length);
    },
  );
  test.each([
    ["known-hosts --p", ["--port"]],
    ["ssh --r", ["--rule", "--role", "--role-id"]],
    ["-", ["-V", "--version", "--debug", "--help", "-h"]],
    ["host list --format=", ["--format=text", "--format=json"]],
    ["host list --format j", ["json"]],
    ["login --method o", ["oidc"]],
    ["login --vault ", ["https://vault.example.org:8200"]],
    ["sign key.pub --on web --as ", ["deploy", "ops"]],
    ["ssh --rule ", ["platform-web", "platform-tunnels"]],
    ["completion ", ["bash", "zsh", "fish"]],
  ])("%j", async (line, words) => {
    const found = await offered(line);
    expect([...found.words].sort()).toEqual([...words].sort());
  });
});

describe("files, by the shell itself", () => {
  test.each([
    "inspect ",
    "sign ",
    "apply --file ",
    "known-hosts --out ",
    "config install --file ",
    "offline-ca list --dir ",
    "ssh -F ",
    "ssh -i ",
  ])("%j", async (line) => {
    expect(await offered(line)).toEqual({ files: true, words: [] });
  });
});

describe("hosts and accounts", () => {
  test.each([
    ["ssh deploy@", ["deploy@web-1.example.org", "deploy@www.example.org"]],
    ["ssh ops@web", ["ops@web-1.example.org"]],
    ["ssh --rule platform-web -p 22 deploy@web", ["deploy@web-1.example.org"]],
    ["ssh -J ops@web", ["ops@web-1.example.org"]],
    ["ssh -l d", ["deploy"]],
    ["ssh web", ["web-1.example.org"]],
    ["trace db", ["db-1.example.org"]],
    ["host show web", ["web-1.example.org"]],
    ["host remove web-1.example.org db", ["db-1.example.org"]],
    ["sign key.pub --on ", ["web", "db", "web-1.example.org", "db-1.example.org", "www.example.org"]],
    ["host list --group w", ["web"]],
  ])("%j", async (line, words) => {
    expect((await offered(line)).words).toEqual(words);
  });
  test("no account of a rule that is not theirs", async () => {
    expect((await offered("ssh ")).words.filter((word) => word.endsWith("@db-1.example.org"))).toEqual([]);
  });
});
