import { expect, test } from "vitest";
import { engineAddress } from "../../provider/engine-watch.ts";

const RUN = ["--monitor", "127.0.0.1:1", "--engine", "127.0.0.1:43199", "--project", "seed", "."];

test.each<[string, string[], string | undefined]>([
  ["/lab/node_modules/@pulumi/pulumi/cmd/run/index.js", RUN, "127.0.0.1:43199"],
  ["/lab/node_modules/.pnpm/@pulumi+pulumi@3.259.0/node_modules/@pulumi/pulumi/cmd/run", RUN, "127.0.0.1:43199"],
  ["/lab/node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js", ["127.0.0.1:43199"], "127.0.0.1:43199"],
  ["/lab/node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js", [], undefined],
  ["/lab/node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js", ["localhost:43199"], undefined],
  ["/lab/node_modules/pulumi-netns/bin/pulumi-resource-netns", ["127.0.0.1:43199"], "127.0.0.1:43199"],
  ["/lab/bin/pulumi-resource-netns", ["--logtostderr", "-v=3", "127.0.0.1:43199", ""], "127.0.0.1:43199"],
  ["/lab/bin/pulumi-resource-netns", [""], undefined],
  ["/lab/bin/pulumi-resource-netns-old", ["127.0.0.1:43199"], undefined],
  ["/lab/node_modules/@pulumi/pulumi/cmd/run/index.js", ["--monitor", "127.0.0.1:1", "."], undefined],
  ["/lab/node_modules/vitest/vitest.mjs", ["run", "--engine", "127.0.0.1:43199"], undefined],
  ["/lab/deploy.js", RUN, undefined],
])("%s %j was started by the engine at %s", (script, args, address) => {
  expect(engineAddress(["/usr/bin/node", "--inspect", script, ...args])).toBe(address);
});

test("a process without a script was not started by an engine", () => {
  expect(engineAddress(["/usr/bin/node", ""])).toBeUndefined();
});
