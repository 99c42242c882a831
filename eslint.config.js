import { join } from "node:path";
import js from "@eslint/js";
import { includeIgnoreFile } from "eslint/config";
import tseslint from "typescript-eslint";

export default tseslint.config(
  // What a run writes here, and takes away again while others look: prettier reads the same list by itself.
  includeIgnoreFile(join(import.meta.dirname, ".gitignore")),
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
  },
  { files: ["*.cjs", "test/**/*.cjs"], languageOptions: { globals: { module: "writable", require: "readonly" } } },
  {
    files: ["bin/*.js", "containers/**/*.js", "lab/**/*.js", "tools/**/*.js", "test/support/*.js"],
    languageOptions: { globals: { process: "readonly", Buffer: "readonly", URL: "readonly" } },
  },
  {
    files: ["src/**/*.ts", "lab/**/*.ts"],
    rules: {
      "no-console": "error",
      "no-restricted-properties": [
        "error",
        { object: "process", property: "exit", message: "only src/terminal/main.ts ends the process" },
        { object: "process", property: "env", message: "only settings/ reads the environment" },
        { object: "process", property: "stdout", message: "only src/terminal prints" },
        { object: "process", property: "stderr", message: "only src/terminal prints" },
      ],
    },
  },
  {
    files: ["{src,lab}/settings/**/*.ts", "src/terminal/**/*.ts", "lab/face/**/*.ts"],
    rules: { "no-restricted-properties": "off" },
  },
);
