/**
 * Which rooms of the house may import which: the drawing in CONTRIBUTING.md, kept true. Imports of types count, and imports
 * at run time. test/programs/house.test.ts shows one violation caught for each rule.
 */

/** The rooms of src/, and what each may import beside itself; the first line is the ground that all stand on. */
const ground = ["errors", "page"];
const low = [...ground, "ground"];
const middle = [...low, "settings", "roles", "fleet"];
const high = [...middle, "ssh", "vault", "terraform", "toolchain"];
const rooms = {
  errors: [],
  page: [],
  ground: ["errors"],
  settings: low,
  roles: ["ground"],
  fleet: low,
  ssh: middle,
  vault: middle,
  terraform: middle,
  toolchain: middle,
  people: high,
  host: high,
  operator: high,
  directory: [...high, "host", "people"],
  trace: high,
  "offline-ca": high,
  terminal: [...low, "settings"],
};
const top = { cli: [...Object.keys(rooms)], index: Object.keys(rooms).filter((name) => name !== "terminal") };

/** A room is a folder or a file. */
const inside = (names) => `^src/(${names.join("|")})(/|\\.ts$)`;

const roomRules = Object.entries({ ...rooms, ...top }).map(([room, open]) => ({
  name: `src-${room}`,
  comment: `src/${room} imports only: ${open.join(", ") || "nothing of the project"}; whoever needs more composes it`,
  severity: "error",
  from: { path: inside([room]) },
  to: { path: "^src/", pathNot: inside([room, ...open]) },
}));

module.exports = {
  forbidden: [
    { name: "no-circle", severity: "error", from: {}, to: { circular: true } },
    ...roomRules,
    {
      name: "src-knows-only-src",
      comment: "the toolkit knows no lab, no script, no test",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(lab|scripts|tools|test|bench|containers)/" },
    },
    {
      name: "only-synthesis-knows-the-stacks",
      comment: "it loads them when they are needed: they need CDKTF, which is optional",
      severity: "error",
      from: { path: "^(src|lab|scripts|tools|bench)/", pathNot: "^src/terraform/synth\\.ts$" },
      to: { path: "^stacks/" },
    },
    {
      name: "stacks-are-loaded-late",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^stacks/", dependencyTypesNot: ["dynamic-import"] },
    },
    {
      name: "stacks-know-only-roles",
      comment: "what Vault is told follows from the roles or the fleet that is handed in",
      severity: "error",
      from: { path: "^stacks/" },
      to: { path: "^(src|lab|scripts|tools|test|bench)/", pathNot: "^src/(roles\\.ts$|fleet/)" },
    },
    {
      name: "stacks-do-no-io",
      severity: "error",
      from: { path: "^stacks/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "only-stacks-know-cdktf",
      severity: "error",
      from: { path: "^(src|lab|scripts|tools|bench)/" },
      to: { path: "(^|node_modules/)(cdktf|constructs|@cdktf)/" },
    },
    {
      name: "only-vault-knows-node-vault",
      severity: "error",
      from: { pathNot: "^src/vault/" },
      to: { path: "(^|node_modules/)node-vault/" },
    },
    {
      name: "only-docker-knows-dockerode",
      severity: "error",
      from: { pathNot: "^lab/docker/" },
      to: { path: "(^|node_modules/)(@types/)?dockerode/" },
    },
    {
      name: "lab-does-not-speak",
      comment: "the lab says what it does through a Progress; its face prints",
      severity: "error",
      from: { path: "^lab/", pathNot: "^lab/face/" },
      to: { path: "^(src/(terminal|cli)|lab/face)/" },
    },
    {
      name: "lab-knows-no-tool",
      severity: "error",
      from: { path: "^lab/" },
      to: { path: "^(src/(cli/|index\\.ts)|scripts|tools|test|bench)/?" },
    },
    {
      name: "chapters-are-data",
      comment: "a chapter names what is typed and seen; it does nothing",
      severity: "error",
      from: { path: "^lab/chapters/" },
      to: { path: "^(src|lab|tools|scripts)/", pathNot: "^lab/(chapters/|names\\.ts|story\\.ts|roles\\.ts|runner/chapter\\.ts)" },
    },
    {
      name: "nobody-imports-scripts",
      severity: "error",
      from: { pathNot: "^scripts/" },
      to: { path: "^scripts/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
