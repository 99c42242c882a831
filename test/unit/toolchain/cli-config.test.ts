import { expect, test } from "@jest/globals";
import { renderCliConfig } from "../../../src/toolchain/cli-config.js";

test("with a mirror, Vault's provider comes from there under both names, and everything else from its registry", () => {
  expect(renderCliConfig("/cache/providers")).toBe(`disable_checkpoint = true

provider_installation {
  filesystem_mirror {
    path    = "/cache/providers"
    include = ["registry.terraform.io/hashicorp/vault","registry.opentofu.org/hashicorp/vault"]
  }
  direct {
    exclude = ["registry.terraform.io/hashicorp/vault","registry.opentofu.org/hashicorp/vault"]
  }
}
`);
});

test("without one, nothing is said about where providers come from", () => {
  expect(renderCliConfig(undefined)).toBe("disable_checkpoint = true\n");
});

test("a path cannot end its string early", () => {
  expect(renderCliConfig('/a "b"\\c')).toContain('path    = "/a \\"b\\"\\\\c"\n');
});
