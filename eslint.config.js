import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** Which rooms of the house may import which: the drawing in CONTRIBUTING.md, kept true. */
const rooms = {
  "src/names.ts": [],
  "src/settings.ts": ["names", "errors"],
  "src/errors.ts": [],
  "src/roles.ts": ["names"],
  "src/vault": ["names", "settings", "errors", "progress", "atomic-file", "roles"],
  "src/ssh": ["names", "settings", "errors", "progress", "atomic-file"],
  "src/docker": ["names", "settings", "errors", "progress", "atomic-file"],
  "src/terraform": ["names", "settings", "errors", "progress", "atomic-file"],
  "src/toolchain": ["names", "settings", "errors", "progress", "atomic-file"],
  "src/host": [
    "names",
    "settings",
    "errors",
    "progress",
    "atomic-file",
    "roles",
    "vault",
    "ssh",
    "docker",
    "terraform",
    "toolchain",
  ],
  "src/lab": [
    "settings",
    "errors",
    "progress",
    "atomic-file",
    "roles",
    "vault",
    "ssh",
    "docker",
    "terraform",
    "toolchain",
    "host",
  ],
};
const all = [
  "settings",
  "errors",
  "progress",
  "atomic-file",
  "roles",
  "vault",
  "ssh",
  "docker",
  "terraform",
  "toolchain",
  "host",
  "lab",
  "cli",
];

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
  { files: ["src/settings.ts", "src/cli/**/*.ts"], rules: { "no-restricted-properties": "off" } },
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
