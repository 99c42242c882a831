/** The directory as a service: by the unit that it prints, under the real systemd of Debian 13, behind nginx. */
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { readLabFleet } from "../../lab/fleet/fleet.js";
import type { Machine } from "../../lab/machine/machine.js";
import { startMachine } from "../../lab/machine/start.js";
import { directoryPolicy } from "../../src/fleet/policies/directory.js";
import { bundle } from "../../tools/package/bundle.js";
import { lab } from "../support/cloud.js";
import { vault } from "../support/enrolled.js";
import { taskInHost as task } from "../support/in-host.js";
import { docker, labNames, root, run, succeeds, until } from "../support/project.js";

jest.setTimeout(240_000);

const unit = "ssh-trust-directory.service";
const port = labNames.ports.directory;
const files = "/etc/ssh-trust";
let folder = "";
let machine: Machine;

/** By nginx, as the fleet file calls the directory; nginx has an address of its own, as a proxy's is never that of a client. */
const asked = (path: string, options = "") =>
  `curl -s -o /tmp/answer -w '%{http_code}' ${options} http://localhost:${String(port)}${path}; echo; head -c 300 /tmp/answer`;
const here = async (path: string, options?: string) => (await machine.sh(asked(path, options))).stdout;
/** From this machine, whose address there is none that the fleet file names. */
const elsewhere = async (path: string, options = "") => {
  const at = `--resolve localhost:${String(port)}:${await machine.address()} ${options}`;
  return (await run("sh", ["-c", asked(path, at).replaceAll("/tmp/answer", join(folder, "answer"))])).stdout;
};
const mainPid = async () => (await machine.sh(`systemctl show -p MainPID --value ${unit}`)).stdout.trim();
const done = async (script: string, seconds = 60) => {
  const { exit, stdout, stderr } = await machine.sh(script, { seconds });
  if (exit !== 0) throw new Error(`${script}: ${String(exit)} ${stdout} ${stderr}`);
  return stdout;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-service-"));
  await succeeds(task("apply-fleet"));
  await vault("sys/policies/acl/directory", { body: { policy: directoryPolicy(await readLabFleet(lab)) } });
  const made = await vault("auth/token/create-orphan", { body: { policies: ["directory"], period: "1h" } });
  // What npm installs.
  await mkdir(join(folder, "ssh-trust"));
  for (const name of ["bin", "package.json"]) await cp(join(root, name), join(folder, "ssh-trust", name), { recursive: true });
  await bundle(root, join(folder, "ssh-trust/dist"));
  machine = await startMachine(lab, {
    name: "directory",
    release: "trixie",
    userData: "#cloud-config\n{}\n",
    files: [
      { path: `${files}/directory.token`, content: String(made.data["client_token"]), mode: 0o400 },
      { path: `${files}/directory.env`, content: `VAULT_ADDR=http://${labNames.container("vault")}:8200\n`, mode: 0o400 },
      {
        path: "/etc/nginx/conf.d/directory.conf",
        content: `server {
  listen ${String(port)};
  location / {
    proxy_pass http://127.0.0.1:8080;
    proxy_bind 127.0.0.9;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  }
}
`,
        mode: 0o644,
      },
    ],
  });
  await succeeds(docker("cp", join(folder, "ssh-trust"), `${machine.container}:/usr/lib/ssh-trust`));
  await done(
    "apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nodejs nginx-light",
    300,
  );
  await done(
    `ln -s ../lib/ssh-trust/bin/ssh-trust.js /usr/bin/ssh-trust && useradd --system ssh-trust-directory && chown ssh-trust-directory ${files}/directory.token`,
  );
}, 600_000);
afterAll(async () => {
  await (machine as Machine | undefined)?.remove();
  await rm(folder, { recursive: true, force: true });
});

test("the unit that it prints is one that systemd takes, and it starts", async () => {
  await done(
    `ssh-trust directory serve --http --listen 127.0.0.1:8080 --trust-proxy 127.0.0.9/32 --print-unit systemd > /etc/systemd/system/${unit}`,
  );
  expect(await done(`systemd-analyze verify /etc/systemd/system/${unit} 2>&1`)).not.toContain(unit);
  await done(`systemctl daemon-reload && systemctl enable --now ${unit}`);
  await machine.active(unit);
  await until("the directory to answer", 30, async () => (await here("/healthz")).startsWith("200"), 500);
  expect(await machine.journal(unit)).toContain("hosts from Vault");
});

test("it runs as its own user, without rights, and sees no home", async () => {
  const status = await done(
    `pid=$(systemctl show -p MainPID --value ${unit}); grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/$pid/status; ps -o user:30= -p $pid`,
  );
  expect(status).toMatch(/CapEff:\s+0+\n/);
  expect(status).toMatch(/CapBnd:\s+0+\n/);
  expect(status).toMatch(/NoNewPrivs:\s+1/);
  expect(status).toContain("ssh-trust-directory");
  await done("mkdir -p /home/someone && touch /home/someone/file /root/file");
  const seen = await done(
    `pid=$(systemctl show -p MainPID --value ${unit}); for home in /home /root; do find $home /proc/$pid/root$home -mindepth 1 -name file; done`,
  );
  expect(seen.trim().split("\n")).toEqual(["/home/someone/file", "/root/file"]);
});

test("behind nginx, who asks is who asked nginx", async () => {
  expect(await here("/api/v1/hosts")).toMatch(/^200\n/);
  expect(await elsewhere("/api/v1/hosts")).toMatch(/^401\n/);
  expect(await elsewhere("/api/v1/ca/host.pub")).toMatch(/^200\nssh-/);
});

test.each(["127.0.0.1", "127.0.0.1, 127.0.0.1", "127.0.0.9", "::1", "localhost", "127.0.0.1,"])(
  "who is elsewhere, and says that they were forwarded for %j, is not believed",
  async (forged) => {
    expect(await elsewhere("/api/v1/hosts", `-H 'X-Forwarded-For: ${forged}'`)).toMatch(/^4\d\d\n/);
    expect(await elsewhere("/api/v1/hosts", `-H 'Forwarded: for=127.0.0.1' -H 'X-Real-IP: 127.0.0.1'`)).toMatch(/^401\n/);
  },
);

test("nobody reaches it without nginx", async () => {
  const { exit } = await run("curl", ["-s", "-m", "5", `http://${await machine.address()}:8080/healthz`]);
  expect(exit).toBe(7);
});

test("where it is killed, systemd starts it again", async () => {
  const before = await mainPid();
  await done(`kill -9 ${before}`);
  await until("another process", 30, async () => !["0", before].includes(await mainPid()), 500);
  await until("the directory to answer", 30, async () => (await here("/healthz")).startsWith("200"), 500);
});

test("stopped, it ends in order", async () => {
  await done(`systemctl stop ${unit}`);
  expect(await done(`systemctl show -p Result -p ActiveState ${unit}`)).toMatch(
    /Result=success\n[^]*ActiveState=inactive|ActiveState=inactive\n[^]*Result=success/,
  );
  expect(await machine.journal(unit)).not.toMatch(/SIGKILL|timed out/);
});

test("a machine that boots has it running", async () => {
  await machine.reboot();
  await machine.active(unit);
  await until("the directory to answer", 60, async () => (await here("/healthz")).startsWith("200"), 500);
});
