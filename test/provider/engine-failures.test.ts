import { expect, test } from "vitest";
import { withEngineFailures } from "../../provider/engine-failures.ts";
import { lifecycles } from "../../provider/host.ts";
import { type Exchange, fails, scripted, untouched } from "./script.ts";

const MARK = "pulumi-netns:lab/dev:w@01234567";

/**
 * Returns the messages of the engine for wrong arguments. For a failure with a property, the engine also prints the value in the notation
 * of Go.
 */
async function printed(type: string, args: object): Promise<string[]> {
  const life = lifecycles(untouched).get(type);
  if (life === undefined) throw new Error(`there is no kind ${type}`);
  const { failures = [] } = await withEngineFailures(life).check({}, { ...args, __mark: MARK, __atHome: true });
  return failures.map(({ property, reason }) =>
    property === "" ? `has a problem: ${reason}` : `property ${property} value {<nil>} has a problem: ${reason}`,
  );
}

test.each<[string, object, string[]]>([
  [
    "Veth",
    { a: { name: "eth0" }, b: {} },
    ['has a problem: property b.name: missing required argument: an interface name, e.g. "veth-red"'],
  ],
  [
    "Hosts",
    { namespace: "red", addresses: { web: ["10.0.0.400"] } },
    [
      'has a problem: property addresses: {"web":["10.0.0.400"]} is not a map from host names to addresses: ' +
        '"10.0.0.400" of web is not a host address: 400 is greater than 255',
    ],
  ],
  [
    "Bridge",
    { name: "br0", addresses: ["10.0.0.1"] },
    [
      'has a problem: property addresses[0]: "10.0.0.1" is not an interface address with its prefix length: the prefix length is missing, as in "10.0.0.1/24"',
    ],
  ],
  [
    "Process",
    { command: ["web"], files: { "../x.conf": "" } },
    [expect.stringMatching(/^has a problem: property files\["\.\.\/x\.conf"\]: is not a file name: /) as string],
  ],
  [
    "Vxlan",
    { name: "vx0", vni: Number.NaN, remote: "10.0.0.2" },
    [
      "has a problem: property vni: NaN is not a VXLAN network identifier: it is the result of a calculation with a missing value or a text that is no number, " +
        "such as Number(config.get(KEY)) of a key that is not set",
    ],
  ],
  [
    "Route",
    { via: "10.0.0.0/24" },
    [
      'has a problem: property destination: missing required argument: a destination, e.g. "192.168.1.0/24" or "fd00:1::/64"',
      'has a problem: property via: "10.0.0.0/24" is not a host address: it is a network, but one host is required, e.g. "10.0.0.1"',
    ],
  ],
  [
    "Bridge",
    { name: "my host" },
    ['has a problem: property name: "my host" is not an interface name: it contains " "'],
  ],
  ["Bridge", { name: "br0" }, []],
])("for a %s %j the engine prints the property and the reason", async (type, args, lines) => {
  expect(await printed(type, args)).toEqual(lines);
});

test("the error of a read is in its message alone, because Pulumi prints the text and the stack trace, too", async () => {
  const script: readonly Exchange[] = [["ip -json -details address show dev br0", fails("Cannot find device")]];
  const error: unknown = await scripted(script, async (kernel) => {
    const life = lifecycles(kernel).get("Bridge");
    return (
      life &&
      withEngineFailures(life)
        .read("br0", { __mark: MARK, __reference: true })
        .catch((why: unknown) => why)
    );
  });
  const { message, stack } = error as Error;
  expect([message, `${String(error)}: ${stack}`]).toEqual([
    "Bridge br0 does not exist\n  help: create it first, or correct the id",
    "a resource could not be read: the error is shown at the resource",
  ]);
});
