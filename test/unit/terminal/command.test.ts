/** What a person is told who asks for help, and who types it wrong. */
import { describe, expect, test } from "@jest/globals";
import { Option, type Command } from "commander";
import { command, taskGroup, taskVerb } from "../../../lab/face/command.js";
import { hintText, typed, type Hint } from "../../../src/errors/hint.js";
import { program, verb, verbGroup } from "../../../src/terminal/command.js";

const sign = () =>
  verb("offline-ca sign-thing", ["web --kind host"])
    .description("certifies a thing, for its short name and for its long name, until somebody says otherwise")
    .argument("<name>", "the thing's name")
    .argument("[file...]", "its public keys")
    .requiredOption("--kind <kind>", "host or user, whichever it is")
    .option("--dir <folder>", "the CA's folder", "ca/SSH")
    .option("--renew", "make the next one", false)
    .option("--principal <account>", "an account that it opens", (value: string) => [value], [])
    .addOption(new Option("--format <format>", "how to print it").choices(["text", "json", "yaml"]).default("text"))
    .action(() => undefined);
const tool = () => program("a tool", [verbGroup("offline-ca", "a CA", [sign()], ["list"])], [], "1.2.3");
const launch = () => taskVerb("cloud", "launch", "launch a machine", ["web"]).argument("<name>", "the machine's name");
const cloud = () => taskGroup("cloud", "the small cloud", [launch().action(() => undefined)], ["launch web"]);
const status = () => command("status", "what runs").action(() => undefined);

async function refused(declared: Command, line: string): Promise<unknown> {
  try {
    await declared.parseAsync(
      line.split(" ").filter((word) => word !== ""),
      { from: "user" },
    );
  } catch (error) {
    const { code, message, hint } = error as { code: string; message: string; hint: Hint };
    return [code, message, hintText(hint, (run) => typed(run, "ssh-trust"))];
  }
  return "accepted";
}

describe("refused", () => {
  const help = "see: ssh-trust offline-ca sign-thing --help";
  test.each([
    ["an argument is missing", "--kind host", "<name> is missing: the thing's name"],
    ["an option is missing", "web", "--kind <kind> is missing: host or user, whichever it is"],
    ["an option without its value", "web --kind", "--kind <kind> has no value: host or user, whichever it is"],
    ["an unknown option", "web --kind host -x", "unknown option '-x'"],
    ["a mistyped option", "web --kind host --rene", "unknown option '--rene' (did you mean --renew?)"],
    [
      "one of the choices without a value",
      "web --kind host --format",
      "--format <format> has no value: how to print it, text, json or yaml",
    ],
    ["none of the choices", "web --kind host --format xml", '--format is text, json or yaml, not "xml"'],
  ])("%s", async (_what, line, message) => {
    expect(await refused(tool(), `offline-ca sign-thing ${line}`)).toEqual(["USAGE", message, help]);
  });

  test.each([
    [tool, "", "ssh-trust needs a verb (there are: offline-ca)", "ssh-trust --help"],
    [tool, "offline-ca", "ssh-trust offline-ca needs a verb (there are: sign-thing)", "ssh-trust offline-ca --help"],
    [tool, "what", 'there is no verb "what" of ssh-trust (there are: offline-ca)', "ssh-trust --help"],
    [cloud, "", "npm run cloud needs a verb (there are: launch)", "npm run cloud -- --help"],
    [tool, "of-line-ca", 'there is no verb "of-line-ca" of ssh-trust (did you mean offline-ca?)', "ssh-trust --help"],
    [
      tool,
      "offline-ca sing-thing web --kind host",
      'there is no verb "sing-thing" of ssh-trust offline-ca (did you mean sign-thing?)',
      "ssh-trust offline-ca --help",
    ],
    [tool, "what --kind host", 'there is no verb "what" of ssh-trust (there are: offline-ca)', "ssh-trust --help"],
    [tool, "--kind host", "unknown option '--kind'", "ssh-trust --help"],
    [cloud, "lunch web", 'there is no verb "lunch" of npm run cloud (did you mean launch?)', "npm run cloud -- --help"],
    [cloud, "launch", "<name> is missing: the machine's name", "npm run cloud -- launch --help"],
    [
      cloud,
      "launch web blue green",
      'too many arguments: "blue", "green" (npm run cloud -- launch takes <name>)',
      "npm run cloud -- launch --help",
    ],
    [status, "web", 'too many arguments: "web" (npm run status takes no argument)', "npm run status -- --help"],
  ])("%#: %s", async (declare, line, message, see) => {
    expect(await refused(declare(), line)).toEqual(["USAGE", message, `see: ${see}`]);
  });
});

describe("help", () => {
  const helpOf = (declared: Command, ...path: string[]) => {
    const asked = path.reduce((parent, name) => parent.commands.find((each) => each.name() === name) ?? parent, declared);
    return asked.helpInformation();
  };

  test("is as wide as can be read, says what is required, and each default once", () => {
    expect(helpOf(tool(), "offline-ca", "sign-thing")).toBe(
      `Usage: ssh-trust offline-ca sign-thing --kind <kind> [options] <name> [file...]

certifies a thing, for its short name and for its long name, until somebody says
otherwise

Examples:
  ssh-trust offline-ca sign-thing web --kind host

Arguments:
  <name>                 the thing's name
  [file...]              its public keys

Options:
  --kind <kind>          host or user, whichever it is (required)
  --dir <folder>         the CA's folder (default: ca/SSH)
  --renew                make the next one
  --principal <account>  an account that it opens
  --format <format>      how to print it (text, json or yaml; default: text)
  -h, --help             display help for command
  -V, --version          output the version number
  --debug                print every step, and the stack trace of an error
`,
    );
  });

  test("of an npm task", () => {
    expect(helpOf(cloud())).toMatch(
      /^Usage: npm run cloud -- \[options\] <verb>\n\nthe small cloud\n\nExamples:\n {2}npm run cloud -- launch web\n/,
    );
    expect(helpOf(cloud(), "launch")).toMatch(/^Usage: npm run cloud -- launch \[options\] <name>\n/);
  });
});
