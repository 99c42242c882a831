/** Which verbs a call loads: nobody waits for what was not asked for. */
import { describe, expect, test } from "@jest/globals";
import type { Command } from "commander";
import { loadVerbs } from "../../../src/cli/load-verbs.js";
import { verbs } from "../../../src/cli/verbs.js";

/** A verb that is only listed has no arguments and no options. */
const isLoaded = (each: Command): boolean => each.options.length + each.registeredArguments.length + each.commands.length > 0;
const load = (args: string) => loadVerbs(args.split(" "));
const loaded = (all: readonly Command[]) => all.filter(isLoaded).map((each) => each.name());
const top = Object.keys(verbs).filter((path) => !path.includes(" "));

describe("nothing is loaded, and all are listed", () => {
  test.each(["", "--help", "constructor", "what trace", "--debug", "sign-host", "offline-ca_init", "list"])(
    "%j",
    async (args) => {
      const found = await load(args);
      expect(found.map((each) => each.name())).toEqual(top);
      expect(loaded(found)).toEqual([]);
      for (const each of found) expect(each.description()).toBe(verbs[each.name()]?.summary);
    },
  );

  test.each(["offline-ca", "offline-ca --help", "offline-ca what", "--debug offline-ca"])("below the group: %j", async (args) => {
    const group = (await load(args)).find((each) => each.name() === "offline-ca");
    expect(group?.commands.map((each) => each.name())).toContain("sign-host");
    expect(loaded(group?.commands ?? [])).toEqual([]);
  });
});

test.each([
  ["trace host", "trace"],
  ["--debug trace offline-ca", "trace"],
  ["synth --help", "synth"],
])("%j loads nothing but %s", async (args, name) => {
  expect(loaded(await load(args))).toEqual([name]);
});

test.each(["offline-ca init", "--debug offline-ca --debug init --help", "offline-ca init list"])(
  "%j loads nothing but init of the group",
  async (args) => {
    const found = await load(args);
    expect(loaded(found)).toEqual(["offline-ca"]);
    expect(loaded(found.find((each) => each.name() === "offline-ca")?.commands ?? [])).toEqual(["init"]);
  },
);

test.each(Object.entries(verbs).filter(([, entry]) => "load" in entry))(
  "%s: its file declares this very verb",
  async (path, { summary }) => {
    const words = path.split(" ");
    let at: readonly Command[] = await loadVerbs(words);
    let verb: Command | undefined;
    for (const word of words) {
      verb = at.find((each) => each.name() === word);
      at = verb?.commands ?? [];
    }
    expect(verb?.description()).toBe(summary);
    expect(verb?.helpInformation()).toContain(`  ssh-trust ${path}`);
    const help = verb?.helpInformation() ?? "";
    const examples = help.slice(help.indexOf("Examples:"), help.indexOf("\n\n", help.indexOf("Examples:"))).split("\n");
    expect(examples.filter((line) => line.length > 80)).toEqual([]); // a terminal would break them anywhere
  },
);
