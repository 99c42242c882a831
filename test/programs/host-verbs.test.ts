/** The verbs of hosts: what is refused before any server is asked. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { sshTrustInHost } from "../support/in-host.js";

jest.setTimeout(180_000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-hosts-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Nobody answers at port 1: whoever asks has another error. */
const env = { VAULT_ADDR: "https://127.0.0.1:1", VAULT_TOKEN: "s.none", BAO_ADDR: "", VAULT_CACERT: "", VAULT_NAMESPACE: "" };
const host = (args: string) => sshTrustInHost(["host", ...args.split(" ")], { cwd: folder, env });

describe("refused", () => {
  test.each<[args: string, code: string, said: string, exit: number]>([
    ["add", "USAGE", "--out <file> is missing", 2],
    ["add --out f", "USAGE", "<name> is missing", 2],
    ["add web-*.example.org --out f", "HOST_NAME_INVALID", '"web-*.example.org" has a wildcard', 2],
    ["add Web-1.example.org --out f", "HOST_NAME_INVALID", 'did you mean "web-1.example.org"', 2],
    ["add web-1.example.org. --out f", "HOST_NAME_INVALID", "ends with a dot", 2],
    ["add web-1/../db-1.example.org --out f", "HOST_NAME_INVALID", "is not a host's name", 2],
    ["add web-1.example.org,web-2.example.org --out f", "HOST_NAME_INVALID", "is not a host's name", 2],
    ["add web-1.example.org web-1.example.org --out d", "USAGE", "web-1.example.org is named twice", 2],
    ["add web-1.example.org --out f --cidr 10.0.0.1/8", "USAGE", "begins in the middle of its range", 2],
    ["add web-1.example.org --out f --cidr 10.0.0.0/33", "USAGE", "between 0 and 32", 2],
    ["add web-1.example.org --out f --cidr everywhere", "USAGE", "is not a range of addresses", 2],
    ["add web-1.example.org --out f --cidr 10.0.0.0/8,0.0.0.0/0", "USAGE", "is not a range of addresses", 2],
    ["add web-1.example.org --out f --valid 25h", "USAGE", "the maximum is 24h", 2],
    ["add web-1.example.org --out f --valid 5", "USAGE", "has no unit; did you mean 5m or 5h?", 2],
    ["add web-1.example.org --out f --format yaml", "USAGE", "--format is user-data, shell or env", 2],
    ["add web-1.example.org --out nowhere/f", "FILE_NOT_WRITTEN", "nowhere", 1],
    ["add web-1.example.org --out - --report json", "USAGE", "--report goes to standard output, and so does the file", 2],
    ["reissue web-1.example.org --out - --report json", "USAGE", "--report goes to standard output, and so does the file", 2],
    ["add web-1.example.org --out f --report text", "USAGE", "--report is json", 2],
    ["add web-1.example.org web-2.example.org --out -", "USAGE", "--out names a folder", 2],
    ["add web-1.example.org --many f --out d", "USAGE", "and not both", 2],
    ["add --many nowhere --out d", "HOST_NAMES_UNREADABLE", "there is no such file", 1],
    ["add --uncertified", "USAGE", "<name> is missing", 2],
    ["add --uncertified old-1.example.org", "USAGE", "--keys <file> is missing", 2],
    ["add --uncertified old-1.example.org old-2.example.org --keys f", "USAGE", "one host at a time", 2],
    ["add --uncertified old-*.example.org --keys f", "HOST_NAME_INVALID", "has a wildcard", 2],
    ["add --uncertified Old-1.example.org --keys f", "HOST_NAME_INVALID", "has capital letters", 2],
    ["add --uncertified old-1.example.org --keys nowhere", "KEY_FILE_MISSING", "nowhere", 1],
    ["add --uncertified old-1.example.org --keys .", "KEY_FILE_UNREADABLE", "it is a folder", 1],
    ["add --uncertified old-1.example.org --keys f --out g", "USAGE", "--out is for a host that is enrolled", 2],
    ["add --uncertified old-1.example.org --keys f --valid 1h", "USAGE", "--valid is for a host that is enrolled", 2],
    ["add --uncertified old-1.example.org --keys f --cidr 10.0.0.0/8", "USAGE", "--cidr is for a host", 2],
    ["add --uncertified old-1.example.org --keys f --format env", "USAGE", "--format is for a host", 2],
    ["add --uncertified old-1.example.org --keys f --report json", "USAGE", "--report is for a host", 2],
    ["add --uncertified --many f --keys g", "USAGE", "--many is for a host", 2],
    ["add old-1.example.org --keys f", "USAGE", "give --uncertified as well", 2],
    ["add old-1.example.org --keys f --out g", "USAGE", "give --uncertified as well", 2],
    ["remove --silent-for 30d", "USAGE", "nobody can be asked here", 2],
    ["remove web-1.example.org --silent-for 30d", "USAGE", "and not both", 2],
    ["remove web-1.example.org", "USAGE", "nobody can be asked here: look at host list, then give --yes", 2],
    ["reissue web-1.example.org --out f", "USAGE", "nobody can be asked here: look at host list, then give --yes", 2],
    ["remove", "USAGE", "<name> is missing", 2],
    ["remove --yes", "USAGE", "<name> is missing", 2],
    ["remove --silent-for 1m --yes", "USAGE", "the minimum is 1h", 2],
    ["show WEB-1.example.org", "HOST_NAME_INVALID", "has capital letters", 2],
  ])("%s: %s", async (args, code, said, exit) => {
    const { stderr, stdout, exit: ended } = await host(args);
    expect({ ended, stdout, stderr }).toEqual({ ended: exit, stdout: "", stderr: expect.stringContaining(`[${code}]`) });
    expect(stderr).toContain(said);
    expect(stderr).toContain("ssh-trust: hint: ");
    expect(await readdir(folder)).toEqual([]);
  });

  test("a file that is there already, and a file where a folder has to be", async () => {
    await writeFile(join(folder, "mine"), "mine");
    await mkdir(join(folder, "dir"));
    await writeFile(join(folder, "dir/web-1.example.org.user-data"), "mine");
    expect((await host("add web-1.example.org --out mine")).stderr).toContain("[HOST_FILE_EXISTS]");
    expect((await host("add web-1.example.org --out dir")).stderr).toContain("[HOST_FILE_EXISTS]");
    expect((await host("add web-1.example.org web-2.example.org --out mine")).stderr).toContain("a folder is needed");
    expect(await readFile(join(folder, "mine"), "utf8")).toBe("mine");
  });

  test("a file of names, with all that is wrong in it", async () => {
    const names = (text: string) => writeFile(join(folder, "names"), text);
    await names("web-1.example.org\n\n# web-2\nweb-3.example.org # the third\nweb-*.example.org\nWEB\n");
    expect((await host("add --many names --out d")).stderr).toMatch(
      /names has 2 mistakes {2}\[HOST_NAMES_INVALID\]\n {2}│ line 5: "web-\*\.example\.org" has a wildcard.*\n {2}│ line 6: "WEB" has capital/,
    );
    await names("web-1.example.org\nX.example.org\nweb-1.example.org\n");
    expect((await host("add --many names --out d")).stderr).toMatch(
      /2 mistakes.*\n.*line 2: "X\.example\.org" has capital.*\n.*line 3: web-1\.example\.org is named twice/,
    );
    await names("# none\n");
    expect((await host("add --many names --out d")).stderr).toContain("no name in it");
    await names("web-1.example.org\n");
    expect((await host("add --many names --out d")).stderr).toContain("[VAULT_UNREACHABLE]");
    expect(await readdir(folder)).toEqual(["names"]);
  });
});
