// Solhint for test/: the rules of contracts/, less what would only make a test longer.
const contracts = require("./solhint.cjs");

module.exports = {
  ...contracts,
  rules: {
    ...contracts.rules,
    // Handlers, their interfaces and the tests that use them stand together.
    "one-contract-per-file": "off",
    // `Vm` is what the runner's cheat codes are called everywhere.
    "interface-starts-with-i": "off",
    // A test remembers what it did.
    "max-states-count": "off",
    // Names such as invariant_3_awards and testFuzz_roundsDown are how the runner finds tests, and what it prints.
    "func-name-mixedcase": "off",
    // An assertion's message is the number of the invariant.
    "gas-custom-errors": "off",
    // ERC-20 names them `name`, `symbol` and `decimals`.
    "const-name-snakecase": "off",
    // A test that goes through all the laws is long, and reads well.
    "function-max-lines": "off",
    "code-complexity": "off",
    // Stand-ins for accounts call what a test tells them to.
    "avoid-low-level-calls": "off",
  },
};
