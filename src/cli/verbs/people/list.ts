import type { Command } from "commander";
import { printable } from "../../../ground/printable.js";
import { listPeople, type ListedPerson, type PersonState } from "../../../people/register/list.js";
import { verb } from "../../../terminal/command.js";
import { asJson } from "../../../terminal/json.js";
import { withFormat, type FormatOption } from "../../../terminal/options.js";
import { progressOf } from "../../../terminal/progress-of.js";
import { print, talk } from "../../../terminal/report.js";
import { table } from "../../../terminal/table.js";
import { atRegistry } from "./registry.js";

export const list = withFormat(verb("people list", ["", "--format json"])).action(
  async ({ format }: FormatOption, command: Command) => {
    await atRegistry("list", async ({ api, stored }) => {
      const people = await progressOf(command).during("reading whom Vault knows", () => listPeople(api, stored));
      if (format === "json") print(asJson(people));
      else if (people.length === 0) talk("there is nobody yet");
      else print(table(people.map(row)));
    });
  },
);

const states: Readonly<Record<PersonState, string>> = {
  active: "may sign in",
  disabled: "disabled",
  unfinished: "adding was interrupted: reset or remove",
  "without-password": "removing was interrupted: remove",
};

/** Of whom an identity provider knows, the name is a stranger's text. */
const row = ({ name, method, groups, state }: ListedPerson): readonly string[] => [
  printable(name),
  method,
  groups.length === 0 ? "in no group" : groups.join(", "),
  states[state],
];
