import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const closed = (patterns) => ({ "no-restricted-imports": ["error", { patterns }] });
const door = {
  group: ["execa", "node:child_process"],
  message: "provider/kernel/ is the one door to the kernel, and child.ts alone starts processes there.",
};
const upwards = { group: ["**/sdk/**", "@pulumi/*"], message: "The provider knows neither the SDK nor Pulumi." };

export default defineConfig(
  { ignores: ["dist", ".tools", "docs/.vitepress/{cache,dist}", "examples/*/node_modules"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-useless-default-assignment": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  { files: ["provider/**/*.ts"], rules: closed([door, upwards]) },
  { files: ["provider/kernel/client/child.ts"], rules: closed([upwards]) },
  { files: ["sdk/**/*.ts"], rules: closed([door]) },
  {
    // What `ip -json` prints is looked at there, field by field, with matchers that say what they expect.
    files: ["test/**/*.ts", "tools/**/*.ts"],
    rules: {
      "@typescript-eslint/no-explicit-any": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/no-misused-spread": "off",
    },
  },
);
