import { resolve } from "node:path";

import eslint from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: [".artifacts/", ".cache/", "coverage/", "node_modules/", "typechain-types/", "deploy/deployments/"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { project: "tsconfig.json", tsconfigRootDir: resolve(import.meta.dirname, "..") },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // Amounts, ids and timestamps are numbers and bigints, and printing them needs no ceremony.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Index signatures are read with brackets, as tsconfig's noPropertyAccessFromIndexSignature asks.
      "@typescript-eslint/dot-notation": ["error", { allowIndexSignaturePropertyAccess: true }],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      // Chai states what it finds as a property: `expect(x).to.be.true`.
      "@typescript-eslint/no-unused-expressions": "off",
      // Hardhat binds its helpers, so that `const { loadFixture } = networkHelpers` works.
      "@typescript-eslint/unbound-method": "off",
      // In a test a wrong guess fails the test, which is what it is for.
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  {
    files: ["**/*.{js,mjs,cjs}"],
    languageOptions: {
      globals: { console: "readonly", module: "writable", process: "readonly", require: "readonly", URL: "readonly" },
    },
  },
);
