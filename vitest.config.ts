import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import LongestFirst from "./test/support/longest-first.ts";
import { isSoak } from "./test/support/soak.ts";
import { elsewhere } from "./test/support/vm/features.ts";

const { files, missing, kernel } = elsewhere();

/**
 * Tests of kinds that a small kernel lacks. They run in the virtual machine only in a soak, because they take minutes: the provider has one code
 * for all kinds of links, and those that such a kernel has are tested in the same ways in each run.
 */
const slowInMachine = [
  "test/contract/record-links.test.ts",
  ...[
    ...[
      "crash-links",
      "edited-like-new-links",
      "examples-links",
      "link-rivals-in-modules",
      "links-of-others-in-modules",
    ],
    "plugin-lives-links",
  ].map((name) => `test/kinds/${name}.test.ts`),
];

/** Tests of a soak alone, or of a recording. */
const ofSoak =
  isSoak || process.env["RECORD"] !== undefined
    ? []
    : ["test/engine/site.test.ts", ...slowInMachine.filter((file) => files.includes(file))];

const units = globSync([
  "test/provider/**/*.test.ts",
  "test/{sdk,plugin,bench,checks,inspect,lab,picture}/**/*.test.ts",
  "test/contract/replay.test.ts",
  "test/*.test.ts",
]);
/** The tests that replace modules. All others share the modules that a worker has loaded. */
const mocking = units.filter((file) => /\bvi\.(mock|doMock|resetModules)\b/.test(readFileSync(file, "utf8")));

export default defineConfig({
  test: {
    // Five also on two cores, because the tests mostly wait for their own processes.
    maxWorkers: 5,
    sequence: { sequencer: LongestFirst },
    env: {
      // Each run of Pulumi's engine starts two programs of Node, which load the same modules each time.
      NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/modules/", import.meta.url)),
      // Pulumi's engine runs for seconds and needs little memory: it collects no garbage before it has half a gigabyte.
      GOGC: "off",
      GOMEMLIMIT: "512MiB",
    },
    reporters: ["default", "./test/support/count-reporter.ts"],
    projects: [
      // Quick: the parts that touch nothing.
      {
        test: {
          name: "unit",
          // Properties with many runs take seconds on a busy machine.
          testTimeout: 60_000,
          include: units.filter((file) => !mocking.includes(file)),
          isolate: false,
        },
      },
      { test: { name: "unit-mocking", testTimeout: 60_000, include: mocking } },
      // Each kind's life on the real kernel, without an engine.
      {
        test: {
          name: "kernel",
          include: ["test/{kinds,host}/**/*.test.ts", "test/contract/record*.test.ts"],
          exclude: [...files, ...ofSoak],
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      // The lifecycles of kinds that the running kernel lacks, in a virtual machine. Its commands are about five times slower.
      {
        test: {
          name: "vm",
          include: files.filter((file) => !ofSoak.includes(file)),
          isolate: false,
          env: { TESTS_IN_VIRTUAL_MACHINE: "true" },
          testTimeout: 600_000,
          hookTimeout: 300_000,
          ...(kernel === undefined
            ? { provide: { missing: missing.join(", ") }, setupFiles: ["test/support/vm/skip.ts"] }
            : { globalSetup: ["test/support/vm/global-setup.ts"], setupFiles: ["test/support/vm/setup.ts"] }),
        },
      },
      // The real Pulumi engine.
      {
        test: {
          name: "engine",
          include: ["test/{engine,cli,testing,browser}/**/*.test.ts"],
          exclude: [...files, ...ofSoak],
          isolate: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
