const starts = "<rootDir>/test/support/starts.js";

const shared = {
  setupFiles: [starts],
  testEnvironment: "node",
  /** Jest's "soft" cleanup overflows the stack when a later file writes to what it wrapped (jestjs/jest#16044). */
  testEnvironmentOptions: { globalsCleanup: "off" },
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "es6" } }],
  },
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  transformIgnorePatterns: ["/node_modules/"],
};

/** The projects by name, each a folder of test/; tools/run-tests.ts has the stages in which they run. */
const projects = {
  unit: {},
  programs: {},
  stacks: {},
  /** Servers of their own, without a lab. */
  fleet: {},
  /** The default lab. */
  e2e: {},
  /** A lab of its own, beside the default one. */
  beside: { setupFiles: [starts, "<rootDir>/test/support/beside.js"] },
};

export default {
  /** Lanes run side by side, and machines are busy: a test that hangs is found as well after two minutes. */
  testTimeout: 120_000,
  testSequencer: "<rootDir>/test/support/by-name.cjs",
  projects: Object.entries(projects).map(([name, own]) => ({
    ...shared,
    ...own,
    displayName: name,
    testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  })),
};
