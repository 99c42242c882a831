/** A person's configuration of ssh: installed, examined with the real `ssh -G`, and taken away again, byte for byte. */
import { chmod, lstat, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { isThere } from "../../src/ground/new-file.js";
import { install } from "../../src/people/ssh-config/install.js";
import { keepConfigCurrent } from "../../src/people/ssh-config/keep-current.js";
import { removeConfig } from "../../src/people/ssh-config/remove.js";
import { personsConfig, server, type PersonsConfig } from "../support/ssh-config.js";
import { run } from "../support/project.js";
import { fleetOf, hostsOf, small } from "../unit/fleet/fleet-of.js";

let person: PersonsConfig;
beforeEach(async () => {
  person = await personsConfig();
});
afterEach(async () => {
  await person[Symbol.asyncDispose]();
});

const web = "web-1.example.org";
const put = async () => install(await person.plan(small));
const take = (file?: string) => removeConfig({ places: person.places, file: file ?? person.file, address: undefined });
/** Everything below the home, with what is in it. */
async function all(): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(person.home, { recursive: true })).sort();
  const entries = names.map(async (name) => {
    const there = await lstat(join(person.home, name));
    return [name, there.isFile() ? await readFile(join(person.home, name), "latin1") : "folder or link"] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

describe("refused, and nothing is touched", () => {
  test.each<[what: string, code: string, says: string, make: () => Promise<unknown>]>([
    ["a link to nowhere", "CONFIG_NOT_WRITABLE", "link to a file that is not there", () => link("/nonexistent/config")],
    [
      "a folder",
      "CONFIG_NOT_A_FILE",
      "config is a folder, so it cannot be an ssh configuration",
      () => mkdir(person.file, { recursive: true }),
    ],
    ["a device", "CONFIG_NOT_A_FILE", "is not a file,", () => link("/dev/null")],
    ["a file on a read-only file system", "CONFIG_NOT_WRITABLE", "", () => link("/proc/version")],
    [
      "an option that ssh does not know",
      "CONFIG_NOT_READ",
      "config: line 2: Bad configuration option: nonsense",
      () => person.write("Host a\n  Nonsense yes\n"),
    ],
    ["a byte order mark", "CONFIG_NOT_READ", "", () => person.write("\u00ef\u00bb\u00bfHost a\n")],
  ])("%s", async (_what, code, says, make) => {
    await make();
    const before = await all();
    const refused = person.plan(small);
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining(says) });
    // The kernel's own files have lines that ssh cannot read, either.
    if (!_what.includes("read-only")) await expect(refused).rejects.toMatchObject({ code });
    expect(await all()).toEqual(before);
  });

  const link = async (to: string) => {
    await mkdir(join(person.home, ".ssh"));
    await symlink(to, person.file);
  };

  test("a byte order mark: the hint takes it away", async () => {
    await person.write("\u00ef\u00bb\u00bfHost a\n");
    const error = (await person.plan(small).catch((each: unknown) => each)) as { hint: readonly { run: string }[] };
    await run("sh", ["-c", error.hint[0]?.run ?? ""]);
    expect(await person.read()).toBe("Host a\n");
    expect(await put()).toMatchObject({ findings: [] });
  });

  test("a file that changes between the preview and the answer", async () => {
    await person.write("Host a\n");
    const plan = await person.plan(small);
    await person.write("Host b\n");
    const before = await all();
    await expect(install(plan)).rejects.toMatchObject({ code: "CONFIG_CHANGED" });
    expect(await all()).toEqual(before);
  });

  test.each([
    ["a file that may not be written", () => chmod(person.file, 0o400)],
    ["a folder that may not be written", () => chmod(join(person.home, ".ssh"), 0o500)],
  ])("%s: the line is shown", async (_what, make) => {
    await person.write("Host a\n");
    await make();
    const before = await all();
    const { exit, stderr } = await asOthers("config", "install", "--yes", "--file", person.file);
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining("[CONFIG_NOT_WRITABLE]") });
    expect(stderr.replace(/\s+/g, " ")).toContain(`Include ${person.places.folder}/*.conf`);
    expect(await all()).toEqual(before);
  });

  test("a home with a quotation mark: which variable moves the files is said", async () => {
    await using odd = await personsConfig('a"b');
    await expect(odd.plan(small)).rejects.toMatchObject({
      code: "CONFIG_PATH",
      hint: [{ run: "export XDG_CONFIG_HOME=<folder>" }],
    });
    expect(await readdir(odd.home)).toEqual([]);
  });
});

const persons = [
  ["no file and no folder", undefined],
  ["an empty file", ""],
  ["sections", "Host a\n  User b\nHost *\n  ServerAliveInterval 30\n"],
  ["no final line break", "Host a\n  User b"],
  ["line breaks of Windows", "Host a\r\n  User b\r\nHost *\r\n  IdentityFile ~/.ssh/none\r\n"],
  ["comments", "# mine\n\n# and more\n"],
  ["other encodings", "# \u00e9\u00ff\nHost a\n"],
] as const;

describe("installed, installed again, and taken away", () => {
  test.each(persons)("%s", async (_what, text) => {
    if (text !== undefined) await person.write(text, 0o640);
    const before = await all();
    expect(await put()).toMatchObject({ findings: [], samples: [web, "db-1.example.org"] });
    const installed = await all();
    expect((await person.read()).endsWith(text ?? "")).toBe(true);
    expect((await stat(person.file)).mode & 0o777).toBe(text === undefined ? 0o600 : 0o640);
    expect(await person.plan(small)).toMatchObject({ change: "none", written: [], isFirst: true, now: { findings: [] } });
    await install(await person.plan(small));
    expect(await all()).toEqual(installed);
    await take();
    expect(await all()).toEqual(before);
    expect(await take()).toEqual([]);
  });

  test("what came into a new file and a new folder stays", async () => {
    await put();
    await person.write(`${await person.read()}Host new\n`);
    await writeFile(join(person.home, ".config/other"), "");
    await take();
    expect(await all()).toEqual({
      ".config": "folder or link",
      ".config/other": "",
      ".ssh": "folder or link",
      ".ssh/config": "Host new\n",
    });
  });

  test("a link stays one; what it leads to keeps its mode and its owner", async () => {
    const real = join(person.home, "dotfiles");
    await writeFile(real, "Host a\n", { mode: 0o644 });
    const { uid } = await stat(real);
    await mkdir(join(person.home, ".ssh"));
    await symlink("../dotfiles", person.file);
    await put();
    expect((await lstat(person.file)).isSymbolicLink()).toBe(true);
    expect(await stat(real)).toMatchObject({ uid });
    expect((await stat(real)).mode & 0o777).toBe(0o644);
    expect(await readFile(real, "utf8")).toMatch(/^Include .*\nHost a\n$/);
    await take();
    expect(await readFile(real, "utf8")).toBe("Host a\n");
    expect((await lstat(person.file)).isSymbolicLink()).toBe(true);
  });

  test("a file of somebody else, changed by root, stays theirs", async () => {
    if (process.getuid?.() !== 0) return;
    const { chown } = await import("node:fs/promises");
    await person.write("Host a\n");
    await chown(person.file, 12_345, 12_346);
    await put();
    expect(await stat(person.file)).toMatchObject({ uid: 12_345, gid: 12_346 });
  });

  test("our files are the person's alone", async () => {
    await put();
    expect((await stat(person.places.folder)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(person.places.folder))
      expect((await stat(join(person.places.folder, name))).mode & 0o777).toBe(0o600);
  });
});

describe("what ssh does then", () => {
  const expected = (values: ReadonlyMap<string, readonly string[]>) => ({
    agent: values.get("identityagent"),
    strict: values.get("stricthostkeychecking"),
    known: values.get("userknownhostsfile"),
    only: values.get("identitiesonly"),
    keys: values.get("pubkeyacceptedalgorithms"),
    global: values.get("globalknownhostsfile"),
  });
  const fleets = () => ({
    agent: [join(person.places.runtime ?? "", "ssh-trust/agent.sock")],
    strict: ["true"],
    known: [join(person.places.folder, "vault.example.org_8200.known_hosts")],
    only: ["no"],
    keys: ["ssh-ed25519-cert-v01@openssh.com"],
    global: ["/dev/null"],
  });

  test("for hosts outside the fleet, nothing changes: not one line of ssh -G", async () => {
    await person.write("Host a\n  User b\nHost *\n  IdentityFile ~/.ssh/mine\n");
    const others = ["github.com", "a", "example.org", "web-1", "other.example.org", "web-1.example.org.evil.test"];
    const before = await Promise.all(others.map((host) => person.ask(host)));
    await put();
    expect(await Promise.all(others.map((host) => person.ask(host)))).toEqual(before);
  });

  test("for the fleet's, what the fleet says, and the person's own user, port, jump host, forwarding and shared connections", async () => {
    await person.write(
      "Host *.example.org\n  User deploy\n  Port 2222\n  ProxyJump j\n  ForwardAgent yes\n  ControlMaster auto\n  ControlPath /c\n" +
        "Host *\n  IdentitiesOnly yes\n  StrictHostKeyChecking no\n  UserKnownHostsFile /other\n  IdentityAgent none\n",
    );
    await put();
    const values = await person.ask(web);
    expect(expected(values)).toEqual(fleets());
    expect(
      ["user", "port", "proxyjump", "forwardagent", "controlmaster", "controlpath"].map((key) => values.get(key)?.[0]),
    ).toEqual(["deploy", "2222", "j", "yes", "auto", "/c"]);
  });

  test.each(["with blanks in", "o'neil", "#1", "$user", "älice"])("with a home called %j", async (name) => {
    await using odd = await personsConfig(name);
    await odd.write("Host a\n");
    expect(await install(await odd.plan(small))).toMatchObject({ findings: [] });
    const values = await odd.ask(web);
    expect(values.get("userknownhostsfile")).toEqual([join(odd.places.folder, "vault.example.org_8200.known_hosts")]);
    await removeConfig({ places: odd.places, file: odd.file, address: undefined });
    expect(await odd.read()).toBe("Host a\n");
  });

  test("the block pasted at the top, without the line, is the same for every host", async () => {
    const own = "User me\nHost web-9 web-1.example.org\n  Port 2222\nHost *\n  IdentityFile ~/.ssh/mine\n";
    await person.write(own);
    const plan = await person.plan(small);
    await install(plan);
    const pasted = join(person.home, "pasted");
    await writeFile(pasted, `${plan.files.block.text}${own}`);
    for (const host of [web, "db-1.example.org", "web-9", "github.com"]) {
      expect(await person.ask(host, pasted)).toEqual(await person.ask(host));
    }
  });

  test("known hosts: every CA for the fleet's names; no other name is in it", async () => {
    const { files } = await person.plan(small);
    await put();
    const find = (name: string) => run("ssh-keygen", ["-F", name, "-f", files.knownHosts.path]);
    expect((await find(web)).stdout.match(/^@cert-authority/gm)).toHaveLength(2);
    expect((await find(`[${web}]:2222`)).exit).not.toBe(0); // ssh asks for the name alone, too, where a CA is looked for
    for (const name of ["github.com", "example.org", "web-1"]) expect((await find(name)).stdout).toBe("");
  });
});

describe("what is against it, with file and line", () => {
  const findings = async () =>
    (await person.plan(small)).after.findings.map(({ kind, place, says }) => ({
      kind,
      line: place?.line,
      file: place?.file,
      says,
    }));

  test("a certificate of the person's own", async () => {
    await writeFile(join(person.home, "id"), "");
    await writeFile(join(person.home, "id-cert.pub"), "");
    await person.write(
      `Host *\n  CertificateFile ~/.ssh/x-cert.pub\n  IdentityFile ${person.home}/id\n  IdentityFile /nowhere\n`,
    );
    expect(await findings()).toEqual([
      { kind: "certificate", line: 3, file: person.file, says: "CertificateFile ~/.ssh/x-cert.pub" },
      { kind: "certificate", line: 4, file: person.file, says: `IdentityFile ${person.home}/id` },
    ]);
  });

  test("in a file that the person's includes", async () => {
    const other = join(person.home, "other");
    await writeFile(other, "# mine\nMatch host *.example.org\n  CertificateFile /x-cert.pub\n", { mode: 0o600 });
    await person.write(`Host a\n  Include ${other}\nHost web-*\n  Include ${other}\n`);
    expect(await findings()).toEqual([{ kind: "certificate", line: 3, file: other, says: "CertificateFile /x-cert.pub" }]);
  });

  test("not in sections for other hosts", async () => {
    await person.write(
      "Host a\n  CertificateFile /x\nHost !web-1.example.org !db-1.example.org *\n  CertificateFile /y\n" +
        "Match host web-1.example.org user nobody-else\n  CertificateFile /z\nMatch originalhost b\n  CertificateFile /w\n",
    );
    expect(await findings()).toEqual([]);
  });

  test("another way for a host to be believed", async () => {
    await person.write("KnownHostsCommand /usr/bin/true\n");
    expect(await findings()).toEqual([
      { kind: "other-proof", line: 2, file: person.file, says: "KnownHostsCommand /usr/bin/true" },
    ]);
  });

  test("short names, until the line is in their sections, too", async () => {
    const section =
      "Host w1\n  HostName web-1.example.org\nHost *.short\n  HostName web-%h.example.org\nHost ok web-2.example.org\n  HostName 10.0.0.1\n";
    await person.write(section);
    expect(await findings()).toEqual([
      { kind: "alias", line: 3, file: person.file, says: "HostName web-1.example.org" },
      expect.objectContaining({ kind: "alias", line: 5 }),
    ]);
    await put();
    expect((await person.ask("w1")).get("stricthostkeychecking")).toEqual(["ask"]);
    const line = (await person.read()).split("\n")[0] ?? "";
    const lines = (await person.read()).split("\n").flatMap((each) => (/HostName web/.test(each) ? [each, `  ${line}`] : [each]));
    await person.write(lines.join("\n"));
    expect(await person.plan(small)).toMatchObject({ change: "none", isFirst: true, after: { findings: [] } });
    for (const name of ["w1", "7.short"]) expect((await person.ask(name)).get("stricthostkeychecking")).toEqual(["true"]);
    await take();
    expect(await person.read()).toBe(section);
  });
});

describe("a line that is not first any more", () => {
  const line = () => `Include ${person.places.folder}/*.conf\n`;
  test.each([
    ["an option that has another value", "Host *\n  IdentitiesOnly yes\n", "wins"],
    ["the same by its newer name", "PubkeyAcceptedAlgorithms ssh-rsa\n", "wins"],
    ["a section that does not match", "Host a\n", "not-applied"],
  ])("%s: it is moved, and nothing else", async (_what, before, kind) => {
    await put();
    await person.write(`${before}${line()}# end`);
    const plan = await person.plan(small);
    expect(plan).toMatchObject({ change: "move", isFirst: false, now: { findings: [{ kind }] }, after: { findings: [] } });
    await install(plan);
    expect(await person.read()).toBe(`${line()}${before}# end`);
    await take();
    expect(await person.read()).toBe(`${before}# end`);
  });

  test("what has no effect on it stays before it, and is told", async () => {
    await put();
    const text = `Host *\n  User ops\nHost a\n  IdentitiesOnly yes\nHost *\n${line()}`;
    await person.write(text);
    const plan = await person.plan(small);
    expect(plan).toMatchObject({
      change: "none",
      isFirst: false,
      now: { before: [{ file: person.file, line: 2, keyword: "user", value: "ops" }] },
    });
    expect(await person.read()).toBe(text);
  });

  test("another line that includes something else first", async () => {
    await put();
    const other = join(person.home, "other");
    await writeFile(other, "IdentityAgent /other\n", { mode: 0o600 });
    await person.write(`Include ${other}\n${line()}`);
    expect(await person.plan(small)).toMatchObject({
      change: "move",
      now: { findings: [{ kind: "wins", place: { file: other, line: 1 }, says: "IdentityAgent /other" }] },
    });
  });
});

describe("several fleets", () => {
  const second = { address: "https://vault.example.net", namespace: "team" };
  const net = fleetOf({
    domains: ["example.net"],
    hosts: [hostsOf("app", { names: ["app-*.example.net"], domain: "example.net" })],
  });

  test("side by side, by one line; each can be taken away alone", async () => {
    await person.write("Host a\n");
    await put();
    const plan = await person.plan(net, { server: second });
    expect(plan).toMatchObject({ change: "none", shared: [] });
    await install(plan);
    expect((await person.ask("app-1.example.net")).get("userknownhostsfile")?.[0]).toMatch(
      /vault\.example\.net-team-[0-9a-f]{8}\.known_hosts$/,
    );
    expect((await person.ask(web)).get("stricthostkeychecking")).toEqual(["true"]);
    await removeConfig({ places: person.places, file: undefined, address: second.address });
    expect((await person.ask("app-1.example.net")).get("stricthostkeychecking")).toEqual(["ask"]);
    expect((await person.ask(web)).get("stricthostkeychecking")).toEqual(["true"]);
    await removeConfig({ places: person.places, file: undefined, address: server.address });
    expect(await all()).toEqual({ ".ssh": "folder or link", ".ssh/config": "Host a\n" });
  });

  test("a name of both is told", async () => {
    await put();
    const both = fleetOf({ hosts: [hostsOf("any", { names: ["*-1.example.org"] })] });
    expect((await person.plan(both, { server: second })).shared).toEqual([
      { server: server.address, name: expect.stringMatching(/^(?:web|db)-1\.example\.org$|example\.org$/), wins: false },
    ]);
  });
});

describe("kept current", () => {
  const keep = (fleet = small, at = server) => keepConfigCurrent(person.stored(fleet), at, person.places);
  const more = fleetOf({ hosts: [...small.hosts, hostsOf("app")] });

  const file = (ending: string) => join(person.places.folder, `vault.example.org_8200${ending}`);

  test("nothing happens where nothing is installed", async () => {
    expect(await keep()).toMatchObject({ did: "not installed" });
    expect(await all()).toEqual({});
  });

  test("where the fleet has changed, both files follow; else nothing is written", async () => {
    await put();
    const block = file(".conf");
    await utimes(block, 1, 1);
    expect(await keep()).toMatchObject({ did: "same", below: [], shared: [] });
    expect((await stat(block)).mtimeMs).toBe(1000);
    expect(await keep(more)).toMatchObject({ did: "written", below: [], shared: [] });
    expect((await person.ask("app-1.example.org")).get("stricthostkeychecking")).toEqual(["true"]);
    expect(await readFile(file(".known_hosts"), "utf8")).toContain("app-*.example.org");
  });

  test("another server changes nothing of it", async () => {
    await put();
    const before = await all();
    expect(await keep(more, { address: "https://eve.example.org:8200" })).toMatchObject({ did: "not installed" });
    expect(await all()).toEqual(before);
  });

  const wider = fleetOf({
    domains: ["example.org", "github.com", "example.net"],
    hosts: [
      ...more.hosts,
      hostsOf("pages", { names: ["*.github.com"], domain: "github.com", also: ["www.github.com", "also.example.org"] }),
      hostsOf("net", { names: ["?.example.net"], domain: "example.net" }),
    ],
  });

  test("names below domains that nobody agreed to are left out, and told, until they are installed", async () => {
    await put();
    const others = ["ssh.github.com", "www.github.com", "1.example.net"];
    const before = await Promise.all(others.map((host) => person.ask(host)));
    const told = { below: ["github.com", "example.net"], shared: [], again: "config install" };
    expect(await keep(wider)).toEqual({ did: "written", ...told });
    expect(await keep(wider)).toEqual({ did: "same", ...told });
    expect(await Promise.all(others.map((host) => person.ask(host)))).toEqual(before);
    for (const host of others) {
      const found = await run("ssh-keygen", ["-F", host, "-f", file(".known_hosts")]);
      expect({ exit: found.exit, stdout: found.stdout }).toEqual({ exit: 1, stdout: "" });
    }
    for (const host of ["app-1.example.org", "also.example.org"])
      expect((await person.ask(host)).get("stricthostkeychecking")).toEqual(["true"]);

    const plan = await person.plan(wider);
    expect(plan.newDomains).toEqual(["github.com", "example.net"]);
    await install(plan);
    expect(await keep(wider)).toMatchObject({ did: "same", below: [] });
    for (const host of others) expect((await person.ask(host)).get("stricthostkeychecking")).toEqual(["true"]);
    await take();
    expect(await all()).toEqual({});
  });

  test("a domain without a name of hosts yet is nothing new to tell; it is asked for by the next install", async () => {
    await put();
    const fleet = fleetOf({ domains: ["example.org", "example.net"] });
    expect(await keep(fleet)).toMatchObject({ did: "same", below: [] });
    const plan = await person.plan(fleet);
    expect(plan).toMatchObject({ change: "none", written: [], newDomains: ["example.net"] });
    await install(plan);
    expect(await person.plan(fleet)).toMatchObject({ newDomains: [] });
  });

  test("installed before anybody was asked for domains: it stays, and a change is told", async () => {
    await put();
    const record = join(person.places.folder, "installed.json");
    const { accepted, ...old } = JSON.parse(await readFile(record, "utf8")) as Record<string, unknown>;
    expect(accepted).toEqual({ "vault.example.org_8200": ["example.org"] });
    await writeFile(record, JSON.stringify(old));
    const before = await all();
    expect(await keep()).toMatchObject({ did: "same", below: [] });
    expect(await keep(more)).toMatchObject({ did: "same", below: ["example.org"] });
    expect(await all()).toEqual(before);
  });

  describe("names of another fleet that is installed here", () => {
    const second = { address: "https://vault.example.net" };
    const theirs = fleetOf({ hosts: [hostsOf("app", { names: ["app-*.example.org"] })] });
    const greedy = fleetOf({
      hosts: [...small.hosts, hostsOf("all", { names: ["*-1.example.org"], also: ["app-2.example.org"] })],
    });

    test.each([".conf", ".known_hosts"])("are left out, and told; of the other there is its %s", async (ending) => {
      await put();
      await install(await person.plan(theirs, { server: second }));
      const other = ending === ".conf" ? ".known_hosts" : ".conf";
      await rm(join(person.places.folder, `vault.example.net${other}`));
      const kept = await keep(greedy);
      expect(kept).toMatchObject({ did: "same", below: [], shared: [{ name: "*-1.example.org" }] });
      expect("shared" in kept && kept.shared[0]?.server).toContain("vault.example.net");
      expect(await readFile(file(".conf"), "utf8")).not.toMatch(/\*-1|app-2/);
      expect(await readFile(file(".known_hosts"), "utf8")).not.toMatch(/\*-1|app-2/);
    });

    test("stay where they were installed with that being told", async () => {
      await put();
      await install(await person.plan(theirs, { server: second }));
      await install(await person.plan(greedy));
      expect(await keep(greedy)).toMatchObject({ did: "same", shared: [] });
    });
  });

  test("names that a fleet must not have are not written", async () => {
    await put();
    const before = await all();
    const refused = (problem: string) => ({ problem: expect.stringContaining(problem) });
    expect(await keep(fleetOf({ hosts: [hostsOf("web", { names: ["*"] })] }))).toEqual(refused('"*" is not below'));
    const com = fleetOf({ domains: ["com"], hosts: [hostsOf("web", { names: ["*.com"] })] });
    expect(await keep(com)).toEqual(refused("public suffix"));
    expect(await keep(fleetOf({ hosts: [hostsOf("web", { also: ["github.com"] })] }))).toEqual(refused("is not below"));
    expect(await all()).toEqual(before);
  });

  test("only the known hosts, where the block was pasted", async () => {
    await put();
    await rm(join(person.places.folder, "vault.example.org_8200.conf"));
    expect(await keep(more)).toMatchObject({ did: "written" });
    expect((await readdir(person.places.folder)).filter((name) => name.endsWith(".conf"))).toEqual([]);
  });

  test("a file that cannot be written: why is told, nothing is thrown, and the other stays whole", async () => {
    await put();
    const block = await readFile(file(".conf"), "utf8");
    await rm(file(".known_hosts"));
    await mkdir(file(".known_hosts"));
    expect(await keep(more)).toEqual({ problem: expect.stringMatching(/^E\w+: .*directory/) });
    expect(await readFile(file(".conf"), "utf8")).toBe(block);
  });

  test("no folder any more: nothing is thrown, and what is there stays", async () => {
    await put();
    const folder = person.places.folder;
    await rm(folder, { recursive: true });
    await writeFile(folder, "");
    expect(await keep(more)).toMatchObject({ did: "not installed" });
    expect(await isThere(folder)).toBe(true);
  });
});

/** To root no file is read-only; without its power to override, it is one like others. */
async function asOthers(...args: readonly string[]) {
  const { sshTrustFile } = await import("../support/project.js");
  const others = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"] : [];
  const [program = "", ...rest] = [...others, process.execPath, sshTrustFile, ...args];
  return run(program, rest, {
    cwd: person.home,
    env: { HOME: person.home, XDG_CONFIG_HOME: "", VAULT_ADDR: "", VAULT_TOKEN: "" },
  });
}
