import { expect, test } from "@jest/globals";
import type { TlsSettings } from "../../../src/settings/vault.js";
import { curlOfHealth } from "../../../src/vault/curl.js";

const client = { cert: "/c.pem", key: "/k.pem" };
test.each<[what: string, address: string, tls: TlsSettings, call: string]>([
  ["no file", "https://v:1", {}, "curl -sS https://v:1/v1/sys/health"],
  ["a CA", "https://v:1", { caCert: "/a/ca.pem" }, "curl -sS --cacert /a/ca.pem https://v:1/v1/sys/health"],
  ["a file with a blank", "https://v:1", { caCert: "/a b" }, "curl -sS --cacert '/a b' https://v:1/v1/sys/health"],
  ["a folder of CAs", "https://v:1", { caPath: "/a" }, "curl -sS --capath /a https://v:1/v1/sys/health"],
  ["both: the file counts", "https://v:1", { caCert: "/c", caPath: "/a" }, "curl -sS --cacert /c https://v:1/v1/sys/health"],
  ["a client's certificate", "https://v:1", { client }, "curl -sS --cert /c.pem --key /k.pem https://v:1/v1/sys/health"],
  ["another name", "https://v:1", { serverName: "w" }, "curl -sS --connect-to w:1:v:1 https://w:1/v1/sys/health"],
  [
    "another name, and no port",
    "https://v",
    { serverName: "w" },
    "curl -sS --connect-to w:443:v:443 https://w:443/v1/sys/health",
  ],
  ["the same name", "https://v", { serverName: "v" }, "curl -sS https://v/v1/sys/health"],
  ["HTTP", "http://v:1", { caCert: "/c", serverName: "w" }, "curl -sS http://v:1/v1/sys/health"],
])("curl, with what the client connects with: %s", (_what, address, tls, call) => {
  expect(curlOfHealth(address, tls)).toBe(call);
});
