#!/usr/bin/env node
/** An installed package runs what was built for it; a checkout its sources, compiled when they have changed. */
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";

const starter = new URL("../tools/task.js", import.meta.url);
if (existsSync(starter)) {
  const { compiled } = await import(starter.href);
  await import(pathToFileURL(`${await compiled()}/ssh-trust.js`).href);
} else {
  await import("../dist/ssh-trust.js");
}
