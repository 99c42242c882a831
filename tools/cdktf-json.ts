/** cdktf.json, with the tutorial's roles as context: what `cdktf synth` takes, typed by hand. */
import { stacksContext } from "../lab/roles.js";

export const cdktfJson = (): string =>
  `${JSON.stringify(
    {
      language: "typescript",
      app: "node --import tsx/esm stacks/main.ts",
      projectId: "ssh-trust",
      sendCrashReports: "false",
      terraformProviders: [],
      terraformModules: [],
      context: stacksContext,
    },
    null,
    2,
  )}\n`;
