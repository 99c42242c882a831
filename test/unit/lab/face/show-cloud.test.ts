import { stripVTControlCharacters } from "node:util";
import { expect, test } from "@jest/globals";
import { showLaunch, showCloud } from "../../../../lab/face/show-cloud.js";
import type { ListedCloud } from "../../../../lab/cloud/list.js";
import type { Machine } from "../../../../lab/cloud/machines.js";
import { defaultLab, namesOf } from "../../../../lab/names.js";

const names = namesOf(defaultLab);

const machine = (name: string, more: Partial<Machine & { certified: boolean }> = {}) => ({
  name,
  hostName: `${name}.lab.test`,
  state: "running" as const,
  address: "10.203.113.20",
  elastic: undefined,
  vault: undefined,
  cloudInit: false,
  certified: false,
  ...more,
});
const shown = (machines: ListedCloud["machines"], services: ListedCloud["services"]) =>
  stripVTControlCharacters(showCloud(names, { machines, services })).split("\n");

test("no machines: how to have one", () => {
  expect(shown([], [])).toEqual(["no machines; launch one: npm run cloud -- launch web"]);
});

test("what is to be typed is told for the lab in which it was shown", () => {
  const second = namesOf("second");
  expect(showCloud(second, { machines: [], services: [] })).toMatch(/: SSH_TRUST_LAB=second npm run cloud -- launch web$/);
  const launched = { hostName: "web.lab.test", address: "10.204.0.20", password: undefined, cloudInit: false };
  expect(showLaunch(second, "web", launched)).toContain("SSH_TRUST_LAB=second npm run cloud -- console web");
});

test("of a machine with cloud-init, no login is named that it does not let in", () => {
  const told = showLaunch(namesOf("second"), "web-1", {
    hostName: "web-1.lab.test",
    address: "10.204.0.21",
    password: undefined,
    cloudInit: true,
  });
  expect(told).not.toContain("ssh admin");
  expect(told).toContain("docker exec -it second.cloud-web-1 bash");
});

test("a line for each machine and each service, in columns", () => {
  const vault = "http://localhost:8200";
  const machines = [
    machine("blue", { state: "stopped", address: undefined }),
    machine("late", { vault }),
    machine("web", { vault, certified: true }),
    machine("web-1", { cloudInit: true, certified: true }),
    machine("web-2", { cloudInit: true }),
  ];
  const services = [
    { name: "shop", address: "10.198.51.11", leadsTo: undefined },
    { name: "www", address: "10.198.51.10", leadsTo: "web" },
  ];
  expect(shown(machines, services)).toEqual([
    "MACHINE  STATE    ADDRESS        HOST KEYS   HOST NAME",
    "blue     stopped  -              plain       blue.lab.test",
    "late     running  10.203.113.20  not signed  late.lab.test",
    "web      running  10.203.113.20  signed      web.lab.test",
    "web-1    running  10.203.113.20  signed      web-1.lab.test",
    "web-2    running  10.203.113.20  plain       web-2.lab.test",
    "",
    "SERVICE  ADDRESS       LEADS TO  HOST NAME",
    "shop     10.198.51.11  nowhere   shop.lab.test",
    "www      10.198.51.10  web       www.lab.test",
  ]);
});

test("services that lead nowhere are there without machines too", () => {
  expect(shown([], [{ name: "www", address: "10.198.51.10", leadsTo: undefined }])[1]).toMatch(/^www .* nowhere /);
});

test("a launched machine: where it is, how to log in, its password where it has one", () => {
  const launched = { hostName: "web.lab.test", address: "10.203.113.20", cloudInit: false };
  const plain = stripVTControlCharacters(showLaunch(names, "web", { ...launched, password: undefined }));
  expect(plain).toContain("web runs: web.lab.test, 10.203.113.20");
  expect(plain).toContain("ssh admin-ssh-user@web.lab.test");
  expect(plain).not.toContain("password");
  expect(showLaunch(names, "web", { ...launched, password: "x1y2" })).toContain("password of admin-ssh-user: x1y2");
});
