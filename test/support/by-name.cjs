const Sequencer = require("@jest/test-sequencer").default;

/** End-to-end tests share one Docker engine and four ports: they run one after another, in the order of their names. */
module.exports = class ByName extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => a.path.localeCompare(b.path));
  }
};
