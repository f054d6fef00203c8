import fc from "fast-check";
import { command } from "../../provider/kinds/command.ts";
import { namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const words = fc
  .tuple(fc.stringMatching(/^[!-~]{1,9}$/), fc.array(fc.stringMatching(/^[ -~]{1,9}$/), { maxLength: 3 }))
  .map(([program, args]) => [program, ...args]);
const env = fc.dictionary(fc.stringMatching(/^[A-Z]{1,4}$/), fc.stringMatching(/^[ -~]{0,9}$/), {
  maxKeys: 3,
  noNullPrototype: true,
});

export default kindSample(command, {
  args: record(
    {
      namespace: namespaceName,
      create: words,
      update: words,
      delete: words,
      stdin: fc.stringMatching(/^[ -~\n]{0,20}$/),
      triggers: fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean()), { minLength: 1, maxLength: 2 }),
      env,
      cwd: fc.stringMatching(/^(\/[!-~]{1,8}){1,3}$/),
      timeout: fc.integer({ min: 1000, max: 3_600_000 }),
    },
    { requiredKeys: ["create"] },
  ),
  examples: [
    {
      namespace: "red",
      create: ["nft", "-f", "-"],
      update: ["nft", "-f", "/dev/stdin"],
      delete: ["nft", "flush", "ruleset"],
      stdin: "table inet mine {}\n",
      triggers: ["1", 2, true],
      env: { TZ: "UTC" },
      cwd: "/srv",
      timeout: 5000,
    },
  ],
  required: ["create"],
  replaces: ["namespace"],
  leftToKernel: [],
  right: { create: ["eth0"], update: ["eth0"], delete: ["eth0"], env: {} },
});
