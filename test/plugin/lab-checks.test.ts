import { expect, test } from "vitest";
import { type LabChecks, labChecks } from "../../plugin/lab-checks.ts";
import { UNKNOWN } from "../../provider/schema.ts";
import { publicKeyOf } from "../../provider/wire-guard-key.ts";

/** Declares a pair whose ends have different MTUs. */
function declare(checks: LabChecks, mtu: unknown, secret: readonly string[] = []): void {
  const args = { a: { name: "x", namespace: "red", mtu }, b: { name: "y", mtu: 1500 } };
  checks.record({ type: "Veth", name: "wire", urn: "urn:wire", args, given: args, secret });
}

const config = (checks: object) => JSON.stringify({ checks: JSON.stringify(checks), other: "1" });

test("a finding is reported at its resource, and the checks run once", () => {
  const checks = labChecks(undefined);
  declare(checks, 1400);
  expect(checks.run()).toEqual([
    { urn: "urn:wire", level: "warn", text: expect.stringMatching(/^mtu-mismatch: [^]*\n {2}help: /) as string },
  ]);
  expect(checks.run()).toEqual([]);
});

test("a resource that the engine checks twice, because it replaces it, has one finding", () => {
  const checks = labChecks(undefined);
  for (const mtu of [1400, 1400]) declare(checks, mtu);
  expect(checks.run()).toHaveLength(1);
});

test.each([
  ["off", { "mtu-mismatch": "off" }, []],
  ["except", { "mtu-mismatch": { except: ["wire"] } }, []],
  ["error", { "mtu-mismatch": "error" }, ["error"]],
])("the configuration %s is applied", (_, setting, levels) => {
  const checks = labChecks(config(setting));
  declare(checks, 1400);
  expect(checks.run().map(({ level }) => level)).toEqual(levels);
});

test("a wrong configuration is an error at the first resource", () => {
  expect(() => declare(labChecks(config({ "mtu-mismatch": "no" })), 1400)).toThrow(
    "configuration netns:checks.mtu-mismatch is invalid",
  );
});

test("unknown and secret values are not compared, and the checks do not run after a failure", () => {
  const [unknown, secret, failed] = [labChecks(undefined), labChecks(undefined), labChecks(undefined)];
  declare(unknown, UNKNOWN);
  declare(secret, 1400, ["a.mtu"]);
  declare(failed, 1400);
  failed.fail();
  expect([unknown, secret, failed].flatMap((checks) => checks.run())).toEqual([]);
});

test("the checks of WireGuard peers know the public key of a secret private key, and no message has the private key", () => {
  const [north, south] = [8, 16].map((byte) => Buffer.alloc(32, byte).toString("base64")) as [string, string];
  const checks = labChecks(undefined);
  const record = (name: string, privateKey: string, peers: object[]) => {
    const args = { name, namespace: name, privateKey, peers };
    checks.record({ type: "WireGuard", name, urn: `urn:${name}`, args, given: args, secret: ["privateKey"] });
  };
  record("north", north, [{ publicKey: publicKeyOf(south) }]);
  record("south", south, []);
  const found = checks.run();
  expect(found.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^unknown-peer: north\/north has south\/south .* as a peer, which does not have/),
  ]);
  expect(JSON.stringify(found)).not.toContain(north);
});

test.each([
  ["an empty list of gateways, which says that a link has no way out on purpose", { gateways: [] }, []],
  ["no gateways", {}, ["no-default-route"]],
])("the checks see %s", (_, given, found) => {
  const checks = labChecks(undefined);
  const record = (type: string, args: object, more: object = {}) => {
    const name = `n${(count += 1)}`;
    checks.record({ type, name, urn: `urn:${name}`, args, given: { ...args, ...more }, secret: [] });
  };
  record("Bridge", { name: "lan", addresses: ["10.0.0.1/24"] });
  for (const [name, address, gateways, more] of [
    ["red", "10.0.0.2/24", ["10.0.0.1"], {}],
    ["blue", "10.0.0.3/24", undefined, given],
  ] as const) {
    record("Namespace", { name });
    const a = { name: "eth0", namespace: name, addresses: [address], ...(gateways && { gateways }) };
    record("Veth", { a, b: { name: `port-${name}`, master: "lan" } }, { a: { ...a, ...more } });
  }
  record("Sysctl", { key: "net.ipv4.ip_forward", value: "1" });
  expect(checks.run().map(({ text }) => text.split(":")[0])).toEqual(found);
});

let count = 0;
