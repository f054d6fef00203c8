import fc from "fast-check";
import { process } from "../../provider/kinds/process.ts";
import { namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const words = fc.array(fc.stringMatching(/^[ -~]{1,9}$/), { minLength: 1, maxLength: 4 });
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
      cwd: path,
      log: path,
      stopSignal: fc.constantFrom("SIGTERM", "SIGINT", "SIGKILL"),
      settle: fc.integer({ min: 100, max: 60_000 }),
    },
    { requiredKeys: ["command"] },
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
    },
  ],
  required: ["command"],
  replaces: ["namespace"],
  leftToKernel: [],
  right: { command: ["eth0"], env: {} },
});
