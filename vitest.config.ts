import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    reporters: ["default", "./test/support/count-reporter.ts"],
    projects: [
      // Quick: the parts that touch nothing.
      { test: { name: "unit", include: ["test/provider/**/*.test.ts", "test/sdk/**/*.test.ts", "test/*.test.ts"] } },
      // Each kind's life on the real kernel, without an engine.
      { test: { name: "kernel", include: ["test/kinds/**/*.test.ts"], testTimeout: 30_000, hookTimeout: 30_000 } },
      // The real Pulumi engine.
      { test: { name: "engine", include: ["test/engine/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 300_000 } },
    ],
  },
});
