import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

// The files that start processes: commands for the kernel, other programs in a namespace, `pulumi`, and those of a person or test.
const STARTERS = [
  "provider/kernel/client/child.ts",
  "inspect/lab-host.ts",
  "inspect/pulumi.ts",
  "cli/run-command.ts",
  "sandbox/lasting.ts",
  "testing/sandbox.ts",
];
const noProcesses = {
  group: ["execa", "child_process", "node:child_process"],
  message: `Only these files start processes: ${STARTERS.join(", ")}.`,
};

export default defineConfig(
  { ignores: ["api", "dist", ".tools", "docs/.vitepress/{cache,dist}", "examples/*/node_modules"] },
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
      // The compiler allows no enums (erasableSyntaxOnly), and the rule takes as long as ten others.
      "@typescript-eslint/no-unsafe-enum-assignment": "off",
    },
  },
  {
    // Their tsconfig.json files are alike, and each would load all types again.
    files: ["{examples,templates}/*/index.ts"],
    languageOptions: { parserOptions: { projectService: false, project: "tsconfig.examples.json" } },
  },
  {
    files: ["{sdk,provider,lab,checks,inspect,picture,cli,sandbox,testing}/**/*.ts"],
    ignores: STARTERS,
    rules: { "no-restricted-imports": ["error", { patterns: [noProcesses] }] },
  },
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
      // The rule takes a quarter of the time of all rules.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "CallExpression[callee.property.name=/^to(MatchObject|Equal|StrictEqual)$/] Property > Literal[regex]",
          message: "Vitest finds every value equal to a regular expression here; use expect.stringMatching().",
        },
      ],
    },
  },
);
