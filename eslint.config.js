import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** Which rooms of the house may import which: the drawing in CONTRIBUTING.md, kept true. */
const ground = ["names", "settings", "errors", "progress", "atomic-file", "page"];
const middle = ["vault", "ssh", "docker", "terraform", "toolchain"];
const rooms = {
  "src/errors.ts": [],
  "src/errors": [],
  "src/names.ts": [],
  "src/progress.ts": [],
  "src/page": [],
  "src/atomic-file.ts": ["errors"],
  "src/settings.ts": ["names", "errors"],
  "src/roles.ts": ["names"],
  "src/vault": [...ground, "roles"],
  ...Object.fromEntries(middle.slice(1).map((name) => [`src/${name}`, ground])),
  "src/host": [...ground, ...middle, "roles"],
  "src/lab": [...ground, ...middle, "roles", "host"],
  // A verb does not wait for the lab's packages to load.
  "src/cli/command.ts": ground,
  "src/cli/main.ts": ground,
  "src/cli/report.ts": [...ground, "ssh"],
  "src/cli/verbs": [...ground, "ssh", "vault", "host", "roles"],
};
const all = [...ground, ...middle, "roles", "host", "lab", "cli"];

const doors = Object.entries(rooms).map(([room, open]) => {
  const own = room.replace("src/", "").replace(".ts", "");
  const closed = all.filter((other) => other !== own && !open.includes(other));
  return {
    files: [room.endsWith(".ts") ? room : `${room}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: `^(\\.\\./)+(${closed.join("|")})(/|\\.js$)`,
              message: `${room} does not import that room; whoever needs both composes them`,
            },
            {
              regex: "^\\./(" + (room.endsWith(".ts") ? closed.join("|") : "(?!)") + ")\\.js$",
              message: `${room} does not import that`,
            },
            { regex: "(^|/)(stacks|scripts|test)/", message: "the library imports nothing from outside src/" },
          ],
        },
      ],
    },
  };
});

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", ".lab/", "cdktf.out/", "coverage/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
  },
  {
    files: ["bin/*.js", "containers/**/*.js"],
    languageOptions: { globals: { process: "readonly", Buffer: "readonly", URL: "readonly" } },
  },
  {
    files: ["src/**/*.ts"],
    rules: {
      "no-console": "error",
      "no-restricted-properties": [
        "error",
        { object: "process", property: "exit", message: "only src/cli/main.ts ends the process" },
        { object: "process", property: "env", message: "only src/settings.ts reads the environment" },
        { object: "process", property: "stdout", message: "only src/cli prints" },
        { object: "process", property: "stderr", message: "only src/cli prints" },
      ],
    },
  },
  { files: ["src/settings.ts", "src/cli/**/*.ts", "src/terminal/**/*.ts"], rules: { "no-restricted-properties": "off" } },
  {
    files: ["stacks/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { regex: "src/(?!roles|names)", message: "stacks import only names and role data" },
            { regex: "^node:", message: "stacks do no I/O" },
          ],
        },
      ],
    },
  },
  ...doors,
);
