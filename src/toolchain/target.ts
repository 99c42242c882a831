/** This machine's operating system and processor as Node names them, e.g. "linux/x64". */
export const target = `${process.platform}/${process.arch}`;

const processors: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

/** The same as Go and Terraform name them. */
export const goTarget = Object.freeze({
  os: process.platform === "win32" ? "windows" : process.platform,
  arch: processors[process.arch] ?? process.arch,
});
