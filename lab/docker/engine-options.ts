/** Where the Docker engine is, in dockerode's words. What is left out, it would take from the environment. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { fail, reasonOf } from "../errors/catalogue.js";
import type { LabSettings } from "../settings/lab.js";

export type EngineSettings = Pick<LabSettings, "dockerHost" | "dockerTls" | "dockerCertificates" | "sshAgent">;

const defaultSocket = "/var/run/docker.sock";

/** DOCKER_HOST, or the default socket. */
export const engineAddress = ({ dockerHost }: Pick<LabSettings, "dockerHost">): string => dockerHost ?? `unix://${defaultSocket}`;

/** @throws SETTING_INVALID for certificates that cannot be read */
export async function engineOptions(settings: EngineSettings): Promise<{ where: string; options: Docker.DockerOptions }> {
  const where = engineAddress(settings);
  if (where.startsWith("unix://"))
    return { where, options: { host: "", protocol: "http", socketPath: where.slice("unix://".length) } };
  const { protocol, hostname, port, username, pathname } = new URL(where);
  const common = { host: hostname.replace(/^\[(.*)\]$/, "$1"), pathPrefix: pathname === "" ? "/" : pathname };
  if (protocol === "ssh:") {
    const agent = settings.sshAgent === undefined ? {} : { agent: settings.sshAgent };
    return {
      where,
      options: { ...common, protocol: "ssh", port: port === "" ? 22 : Number(port), username, sshOptions: agent },
    };
  }
  // As the docker command decides it: 2376 is the port of TLS.
  const secure = protocol === "https:" || settings.dockerTls || port === "2376";
  const folder = secure ? settings.dockerCertificates : undefined;
  return {
    where,
    options: {
      ...common,
      protocol: secure ? "https" : "http",
      port: port === "" ? (secure ? 2376 : 2375) : Number(port),
      ...(folder === undefined ? {} : await certificates(folder)),
    },
  };
}

/** As the docker command has them in DOCKER_CERT_PATH. */
async function certificates(folder: string) {
  const read = async (name: string) => {
    const file = join(folder, name);
    return readFile(file, "utf8").catch((error: unknown) => {
      throw fail("SETTING_INVALID", { name: "DOCKER_CERT_PATH", value: folder, problem: reasonOf(error) }, error);
    });
  };
  return { ca: await read("ca.pem"), cert: await read("cert.pem"), key: await read("key.pem") };
}
