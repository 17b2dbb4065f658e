// Solhint for contracts/interfaces/: the manual, so everything in it is documented.
const contracts = require("./solhint.cjs");

module.exports = {
  ...contracts,
  rules: {
    ...contracts.rules,
    "use-natspec": [
      "error",
      {
        notice: { enabled: true, ignore: {} },
        return: { enabled: true, ignore: {} },
        // The file's name is its title, and all contributors are its author.
        title: { enabled: false, ignore: {} },
        author: { enabled: false, ignore: {} },
        // Units and bounds stand in one @dev line; a line per parameter would repeat the names.
        param: { enabled: false, ignore: {} },
      },
    ],
  },
};
