// Solhint for contracts/. Its recommended rules, warnings counted as errors; what is turned off says why.
module.exports = {
  extends: "solhint:recommended",
  rules: {
    "compiler-version": ["error", "0.8.34"],
    "code-complexity": ["error", 7],
    "func-visibility": ["error", { ignoreConstructors: true }],
    "max-line-length": ["error", 120],
    "max-states-count": ["error", 15],
    "no-unused-private-funcs": "error",

    // The interface is the manual, and .config/solhint.interfaces.cjs asks for NatSpec there; contracts inherit it.
    "use-natspec": "off",
    // Errors are custom and carry the deciding values; that rule is on. This one is about strings.
    "reason-string": "off",
    // Fixed by the storage layout, the ABI and readability, not by what saves a few units of gas.
    "gas-calldata-parameters": "off",
    "gas-increment-by-one": "off",
    "gas-indexed-events": "off",
    "gas-strict-inequalities": "off",
    "gas-struct-packing": "off",
    "gas-small-strings": "off",
    // Deadlines are in days, and a validator moves a timestamp by seconds.
    "not-rely-on-time": "off",
    // Immutables are read like variables.
    "immutable-vars-naming": ["error", { immutablesAsConstants: false }],
    // A hook that does nothing is an answer too.
    "no-empty-blocks": "off",
  },
};
