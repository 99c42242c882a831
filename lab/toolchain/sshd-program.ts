/** An sshd that runs without being installed: installing Debian's package would start one. */
import { join } from "node:path";
import { execa } from "execa";
import { cached, exists } from "../../src/toolchain/cache.js";

export interface SshdProgram {
  readonly program: string;
  /** For LD_LIBRARY_PATH; "": the system's own. */
  readonly libraries: string;
}

/** The system's, or that of Debian's package, unpacked in the cache. @throws ExecaError where apt-get finds none */
export async function sshdProgram(settings: Parameters<typeof cached>[0]): Promise<SshdProgram> {
  if (await exists("/usr/sbin/sshd")) return { program: "/usr/sbin/sshd", libraries: "" };
  const get = "apt-get -q download openssh-server libwrap0 && for each in ./*.deb; do dpkg-deb -x $each . || exit 1; done";
  const { path: folder } = await cached(settings, "openssh-server", async (draft) => {
    await execa("sh", ["-c", get], { cwd: draft, stdin: "ignore" });
    return draft;
  });
  const { stdout: triplet } = await execa("dpkg-architecture", ["-qDEB_HOST_MULTIARCH"], { reject: false });
  return { program: join(folder, "usr/sbin/sshd"), libraries: join(folder, "usr/lib", triplet || "x86_64-linux-gnu") };
}
