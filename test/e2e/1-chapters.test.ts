/** Every chapter, step by step: the literal commands against the real servers. */
import { readFile, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { storyOf } from "../../lab/chapters/index.js";
import { makeClientHome, type ClientHome } from "../../lab/runner/client-home.js";
import { openLab } from "../../lab/lab.js";
import { defaultLab, namesOf } from "../../lab/names.js";
import { placesOf } from "../../lab/runner/places.js";
import { runStep, type StepRunner } from "../../lab/runner/run-chapter.js";
import { knownBefore } from "../../lab/runner/walkthrough.js";
import { performNeeds } from "../../lab/tasks.js";
import { silent } from "../../src/ground/progress.js";
import { readLabSettings } from "../../lab/settings/lab.js";
import { root, run, task } from "../support/project.js";

const settings = readLabSettings();
const lab = openLab(settings, silent);
const chapters = storyOf(namesOf(defaultLab));

/** What the person's own ~/.ssh looks like; the lab must not leave a trace on it. */
/** What the person has of ssh's and of ssh-trust's; what is beside it in the home may change meanwhile. */
const ownFiles = async () => {
  const found = await run("sh", [
    "-c",
    "find ~/.ssh ~/.config/ssh-trust ~/.local/state/ssh-trust -printf '%p %m %s %T@\\n' 2>&1 || true",
  ]);
  return found.all;
};

describe("the story", () => {
  let runner: StepRunner;
  let home: ClientHome;
  let before: string;
  beforeAll(async () => {
    before = await ownFiles();
    await performNeeds(lab, "tests", ["prepare"]);
    home = await makeClientHome(settings);
    runner = { places: placesOf(lab.settings, home), root, remembered: knownBefore(lab) };
  }, 600_000);

  describe.each(chapters.map((chapter, index) => ({ number: index + 1, ...chapter })))(
    "$number. $title",
    ({ number, needs, steps }) => {
      beforeAll(() => performNeeds(lab, `chapter ${String(number)}`, needs), 120_000);

      test.each(steps.map((step) => ({ name: step.claim ?? step.about, step })))(
        "$name",
        async ({ step }) => {
          const { missing, output } = await runStep(runner, step);
          expect({ missing, output }).toEqual({ missing: [], output });
        },
        120_000,
      );
    },
  );

  test("the person's own ~/.ssh was neither read nor written, and ssh-trust's own files are as they were", async () => {
    expect(await ownFiles()).toBe(before);
    const { all } = await run("bash", ["-c", "ssh -v -p 1022 -i ssh-keys/bob_id_rsa admin-ssh-user@localhost true"], {
      env: home.env,
    });
    const files = [...all.matchAll(/(?:Reading configuration data|load_hostkeys: fopen|identity file) (\S+)/g)].map(
      ([, file]) => file,
    );
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect(file).toMatch(new RegExp(`^(${root}/\\.lab/client/|ssh-keys/|none)`));
  });
});

describe("the walkthrough as a command", () => {
  test("--list names every chapter", async () => {
    const { exit, stdout } = await task("walkthrough", ["--list"]);
    expect(exit).toBe(0);
    for (const { title } of chapters) expect(stdout).toContain(title);
  });

  test("a chapter alone begins with a client that knows no host", async () => {
    for (const name of ["stop-ssh-with-authorized-keys", "start-ssh-with-authorized-keys"]) await task(name); // another host key
    expect((await task("walkthrough", ["--chapter", "2", "--yes"])).exit).toBe(0);
  }, 180_000);

  test("one chapter alone, with a report that needs nothing from elsewhere", async () => {
    const report = join(settings.labDir, "test-report.html");
    const { exit, stdout } = await task("walkthrough", ["--chapter", "2", "--yes", "--report", report]);
    expect(stdout).toContain("what was seen: 2 of 2");
    expect(exit).toBe(0);
    const html = await readFile(report, "utf8");
    expect(html).toContain("Alice, whose key is not, is refused");
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    await rm(report);
  }, 180_000);

  test("a claim that is not seen ends in exit status 1, and the table says which", async () => {
    // Somebody removes Bob's key behind the story's back.
    const keys = "/home/admin-ssh-user/.ssh/authorized_keys";
    await run("docker", ["exec", "ssh-with-authorized-keys", "mv", keys, `${keys}.away`]);
    try {
      const { exit, all } = await task("walkthrough", ["--chapter", "2", "--yes"]);
      expect(exit).toBe(1);
      expect(all).toContain("✗ 2. Bob, whose key is in authorized_keys, logs in");
      expect(all).toContain("[CLAIM_FAILED]");
    } finally {
      await run("docker", ["exec", "ssh-with-authorized-keys", "mv", `${keys}.away`, keys]);
    }
  }, 180_000);
});

test("the walkthrough leaves no token behind, and the lab's private files are nobody else's", async () => {
  await expect(stat(join(root, ".lab/client/token-header"))).rejects.toMatchObject({ code: "ENOENT" });
  const modes = await Promise.all(
    ["ssh-keys/alice_id_rsa", "ssh-keys/bob_id_rsa"].map(async (file) => (await stat(join(root, file))).mode & 0o777),
  );
  expect(modes).toEqual([0o600, 0o600]);
  expect(homedir()).not.toBe(root);
});
