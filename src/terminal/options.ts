/** Options that several commands have, of both faces. */
import { Option, type Command } from "commander";

export interface FormatOption {
  readonly format: "text" | "json";
}

export const withFormat = (declared: Command): Command =>
  declared.addOption(new Option("--format <format>", "how to print it").choices(["text", "json"]).default("text"));

/** For an option that may come several times. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
