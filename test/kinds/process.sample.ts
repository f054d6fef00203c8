import fc from "fast-check";
import { process } from "../../provider/kinds/process.ts";
import { namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const words = fc
  .tuple(fc.stringMatching(/^[!-~]{1,9}$/), fc.array(fc.stringMatching(/^[ -~]{1,9}$/), { maxLength: 3 }))
  .map(([program, args]) => [program, ...args]);
const fileNames = fc.stringMatching(/^[a-z][\w@+-]{0,5}(\.conf)?$/);
const condition = fc.oneof(
  fc.record({ tcp: fc.integer({ min: 1, max: 65_535 }) }),
  fc.record({ udp: fc.integer({ min: 1, max: 65_535 }) }),
  fc.record({ command: words, timeout: fc.integer({ min: 1000, max: 600_000 }) }),
  fc.record({ log: fc.stringMatching(/^[ -~]{1,9}$/) }),
);
const path = fc.stringMatching(/^(\/[!-~]{1,8}){1,3}$/);
const env = fc.dictionary(fc.stringMatching(/^[A-Z]{1,4}$/), fc.stringMatching(/^[ -~]{0,9}$/), {
  maxKeys: 3,
  noNullPrototype: true,
});

export default kindSample(process, {
  args: record(
    {
      namespace: namespaceName,
      command: words,
      env,
      triggers: fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean()), { minLength: 1, maxLength: 2 }),
      onChange: fc.oneof(fc.constantFrom("restart", "reload", "SIGUSR1"), words),
      ready: condition,
      log: path,
      stopSignal: fc.constantFrom("SIGTERM", "SIGINT", "SIGKILL"),
      settle: fc.integer({ min: 100, max: 60_000 }),
    },
    { requiredKeys: ["command"] },
  ).chain((args) =>
    fc
      .option(
        fc.oneof(
          record({ cwd: path }, { requiredKeys: ["cwd"] }),
          record(
            { files: fc.dictionary(fileNames, fc.string(), { minKeys: 1, maxKeys: 3, noNullPrototype: true }) },
            { requiredKeys: ["files"] },
          ),
        ),
      )
      .map((place) => ({ ...args, ...place })),
  ),
  examples: [
    {
      namespace: "red",
      command: ["dnsmasq", "--no-daemon"],
      env: { TZ: "UTC" },
      cwd: "/srv",
      log: "/var/log/dnsmasq.log",
      stopSignal: "SIGINT",
      settle: 1000,
      interfaces: ["wg0"],
    },
    {
      command: ["nginx", "-c", "nginx.conf"],
      files: { "nginx.conf": "events {}\n" },
      onChange: "SIGHUP",
      triggers: ["1", 2, true],
      cwd: "/run/pulumi-netns/x.files",
      stopSignal: "SIGTERM",
      settle: 500,
      ready: { tcp: 80, udp: 53, command: ["true"], log: "ready", timeout: 5000 },
    },
  ],
  required: ["command"],
  replaces: ["namespace"],
  leftToKernel: [],
  right: { command: ["eth0"], onChange: ["eth0"], "ready.command": ["eth0"], env: {}, files: {} },
});
