import { describe, expect, test } from "@jest/globals";
import { docsFolder, installCommand, ownPackage } from "../../../src/ground/own-package.js";

const packages = ["cdktf@0.21.0", "@cdktf/provider-vault@15.6.1"];
const words = packages.join(" ");

describe("the command that installs packages where this one finds them", () => {
  test.each<[what: string, folder: string, there: readonly string[], command: string]>([
    ["a project's", "/home/a/fleet/node_modules/ssh-trust", ["/home/a/fleet/package.json"], "npm --prefix /home/a/fleet install"],
    [
      "npx's own",
      "/root/.npm/_npx/5e/node_modules/ssh-trust",
      ["/root/.npm/_npx/5e/package.json"],
      "npm --prefix /root/.npm/_npx/5e install",
    ],
    ["below another package", "/p/node_modules/tool/node_modules/ssh-trust", ["/p/package.json"], "npm --prefix /p install"],
    ["for all users", "/usr/local/lib/node_modules/ssh-trust", [], "npm --global --prefix /usr/local install"],
    [
      "for all users, in a folder of one's own",
      "/home/a/.npm-global/lib/node_modules/ssh-trust",
      [],
      "npm --global --prefix /home/a/.npm-global install",
    ],
    [
      "pnpm's",
      "/p/node_modules/.pnpm/ssh-trust@1/node_modules/ssh-trust",
      ["/p/package.json", "/p/pnpm-lock.yaml"],
      "pnpm --dir /p add",
    ],
    ["yarn's", "/p/node_modules/ssh-trust", ["/p/package.json", "/p/yarn.lock"], "yarn --cwd /p add"],
    ["a checkout", "/home/a/ssh-trust", ["/home/a/ssh-trust/package.json"], "npm --prefix /home/a/ssh-trust install"],
    [
      "a folder with a blank and a quote",
      "/it's mine/node_modules/ssh-trust",
      ["/it's mine/package.json"],
      "npm --prefix '/it'\\''s mine' install",
    ],
  ])("%s", (_what, folder, there, command) => {
    expect(installCommand(folder, packages, (file) => there.includes(file))).toBe(`${command} ${words}`);
  });
});

test("it finds its own package.json, above the sources", () => {
  const { folder, version, peerDependencies } = ownPackage();
  expect(process.cwd()).toBe(folder);
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
  expect(Object.keys(peerDependencies).sort()).toEqual(["@cdktf/provider-vault", "cdktf", "constructs"]);
  for (const range of Object.values(peerDependencies)) expect(range).toMatch(/^\^?\d+\.\d+\.\d+$/);
});

describe("its docs, as somebody names them who stands in a folder", () => {
  test.each([
    ["its own", "/home/a/ssh-trust", "/home/a/ssh-trust", "docs"],
    ["where it is installed", "/p", "/p/node_modules/ssh-trust", "node_modules/ssh-trust/docs"],
    ["another", "/p/fleet", "/p/node_modules/ssh-trust", "/p/node_modules/ssh-trust/docs"],
    ["one with a blank", "/p", "/q/a b/ssh-trust", "'/q/a b/ssh-trust/docs'"],
  ])("%s", (_what, from, folder, docs) => {
    expect(docsFolder(from, folder)).toBe(docs);
  });
});
