import { execFileSync } from "node:child_process";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { UNKNOWN } from "../../provider/schema.ts";
import { attach, type PluginClient } from "./engine.ts";

vi.mock("../../provider/permission.ts", () => ({ missingCapability: () => "no permission" }));

// These operations do not need the lab host.
let plugin: PluginClient;
beforeEach(async () => void (plugin = await attach()));
afterEach(() => plugin[Symbol.asyncDispose]());

const urn = (type: string, name: string) => `urn:pulumi:dev::lab::netns:index:${type}::${name}`;
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const secret = (value: unknown) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });

test("the plugin returns its version and the schema, also before it is configured", async () => {
  await using fresh = await attach({ configured: false });
  expect(await fresh.ask("getPluginInfo")).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  const { schema } = (await fresh.ask("getSchema")) as { schema: string };
  expect(JSON.parse(schema)).toMatchObject({ name: "netns", resources: { "netns:index:Namespace": {} } });
  await expect(fresh.check(urn("Namespace", "red"), {}, {})).rejects.toThrow("has not configured the provider");
});

test("the plugin accepts secrets and previews, and a cancel", async () => {
  expect(await plugin.ask("configure")).toMatchObject({ acceptsecrets: true, supportspreview: true });
  expect(await plugin.ask("cancel")).toEqual({});
});

test("methods that the plugin does not have are refused as unimplemented", async () => {
  await expect(plugin.ask("invoke")).rejects.toThrow("does not implement the method");
});

test("the plugin loads Pulumi's SDK only for a component", { timeout: 60_000 }, () => {
  const [server, component] = ["plugin/server.ts", "construct/construct.ts"].map((path) =>
    JSON.stringify(new URL(`../../${path}`, import.meta.url).href),
  );
  const script = `
    import { createRequire } from "node:module";
    const show = () => console.log(Object.keys(createRequire("/").cache).join(" "));
    await import(${server});
    show();
    await import(${component});
    show();
  `;
  const said = execFileSync(process.execPath, ["--input-type=module", "-e", script]).toString();
  const [plugin, constructing] = said.split("\n");
  const sdk = /@pulumi\/pulumi\/(?!proto\/)/;
  expect(plugin).toMatch(/@pulumi\/pulumi\/proto\//);
  expect(plugin).not.toMatch(sdk);
  expect(constructing).toMatch(sdk);
});

test("a reference to a resource is read as its id, and one to a component as its URN", async () => {
  const refer = (type: string, id: string) => ({
    [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e",
    ...{ urn: urn(type, "x"), id },
  });
  const { inputs } = await plugin.check(urn("Bridge", "b"), {}, { namespace: refer("Namespace", "red") });
  expect(inputs).toMatchObject({ namespace: "red" });
  const later = await plugin.check(urn("Bridge", "b"), {}, { namespace: refer("Namespace", "") });
  expect(later.inputs).toMatchObject({ namespace: UNKNOWN });
  const component = refer("Namespace", "");
  component["urn"] = "urn:pulumi:dev::lab::netns:lab:Host::x";
  const { failures } = await plugin.check(urn("Bridge", "b"), {}, { namespace: component });
  expect(failures.join()).toContain(`"urn:pulumi:dev::lab::netns:lab:Host::x" is not a namespace name`);
});

test("a warning is sent to the engine's log", () => {
  expect(plugin.logged).toEqual([{ message: "no permission", urn: "", warning: true }]);
});

test("at the end of a run, the findings of the checks of the whole lab are warnings at their resources", async () => {
  const wire = { a: { name: "x", namespace: "red", mtu: 1400 }, b: { name: "y" } };
  await plugin.check(urn("Veth", "wire"), {}, wire);
  await plugin.ask("cancel");
  const message = expect.stringContaining("mtu-mismatch: the MTUs in one LAN differ") as string;
  expect(plugin.logged.slice(1)).toEqual([{ message, urn: urn("Veth", "wire"), warning: true }]);

  await plugin.ask("configure");
  await plugin.check(urn("Veth", "wire"), {}, wire);
  await plugin.check(urn("Veth", "wrong"), {}, {});
  await plugin.ask("cancel");
  expect(plugin.logged.filter((one) => one.message.includes("mtu-mismatch"))).toHaveLength(1);
});

test("a route is replaced with the object that it refers to, and is attached to its link", async () => {
  const { inputs: wire } = await plugin.check(urn("Veth", "wire"), {}, { a: { name: "x" }, b: { name: "y" } });
  const { a } = (wire as { __generations: { a: { object: string; routes: string; ipv4: string } } }).__generations;
  const args = { interface: "x", destination: "10.0.0.0/8", via: "10.9.0.1" };
  const { inputs } = await plugin.check(urn("Route", "r"), {}, args);
  expect(inputs).toMatchObject({ __on: [`x:y#${a.object}.${a.routes}.${a.ipv4}`] });
  const { outputs } = await plugin.create(urn("Route", "r"), inputs, true);
  expect(await plugin.diff(urn("Route", "r"), outputs, inputs)).toMatchObject({ replacesList: [] });
  const shared = { ...inputs, nhid: UNKNOWN };
  expect(await plugin.diff(urn("Route", "r"), outputs, shared)).toMatchObject({ replacesList: ["__restsOn"] });
  const searched = { ...inputs, interface: UNKNOWN };
  expect(await plugin.diff(urn("Route", "r"), outputs, searched)).toMatchObject({ replacesList: ["__restsOn"] });
});

describe("check", () => {
  test("fills in defaults, and the name of the resource as that of the object", async () => {
    expect(await plugin.check(urn("Namespace", "red"), {}, {})).toEqual({ inputs: { name: "red" }, failures: [] });
    const { inputs } = await plugin.check(urn("Veth", "wire"), {}, { a: { name: "x" }, b: { name: "y", mtu: 1400 } });
    const mac = expect.stringMatching(/^02:/) as string;
    expect(inputs).toEqual({
      a: { name: "x", mtu: 1500, up: true, mac },
      b: { name: "y", mtu: 1400, up: true, mac },
      __generations: expect.any(Object) as object,
    });
  });

  test("keeps secrets, unknown values and adopt", async () => {
    const news = { command: ["sleep", UNKNOWN], env: { TOKEN: secret("s3cret") } };
    const { inputs, failures } = await plugin.check(urn("Process", "p"), {}, news);
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ command: ["sleep", UNKNOWN], env: { TOKEN: secret("s3cret") } });
    expect((await plugin.check(urn("Namespace", "n"), {}, { adopt: true })).inputs).toEqual({ name: "n", adopt: true });
  });

  test("makes keys secret that the program gives as plain text, and derives a missing one", async () => {
    const key = Buffer.alloc(32, 8).toString("base64");
    const peers = [{ publicKey: key, presharedKey: key }, { publicKey: "wrong" }];
    const wire = urn("WireGuard", "wg0");
    const { failures } = await plugin.check(wire, {}, { privateKey: "my-own-word", peers });
    expect(failures.join("\n")).toContain("is not a WireGuard key");
    expect(failures.join("\n")).not.toContain("my-own-word");
    const { inputs } = await plugin.check(wire, {}, { privateKey: key, peers: peers.slice(0, 1) });
    const hidden = secret(expect.any(String));
    expect(inputs).toMatchObject({ privateKey: hidden, peers: [{ publicKey: key, presharedKey: hidden }] });
    const { outputs } = await plugin.create(wire, inputs, true);
    expect(outputs).toMatchObject({ privateKey: hidden, publicKey: expect.stringMatching(/=$/) as string });
  });

  test("generates a missing key once, as a secret, which is unknown in the preview of the create", async () => {
    const wire = urn("WireGuard", "wg0");
    const { inputs } = await plugin.check(wire, {}, {});
    expect(inputs).toMatchObject({ privateKey: secret(expect.any(String)), __generated: secret(expect.any(Object)) });
    const { outputs } = await plugin.create(wire, inputs, true);
    expect(outputs).toMatchObject({ privateKey: secret(UNKNOWN), publicKey: UNKNOWN });
    const { privateKey } = inputs as { privateKey: unknown };
    const again = await plugin.check(wire, inputs, { listenPort: 51_820 });
    expect(again.inputs).toMatchObject({ privateKey });
    // A refresh has read another key.
    const drifted = await plugin.check(wire, { ...again.inputs, privateKey: secret("another") }, {});
    expect(drifted.inputs).toMatchObject({ privateKey });
    const updated = await plugin.update(wire, "wg0", outputs, again.inputs, true);
    expect(updated).toMatchObject({ privateKey, publicKey: expect.stringMatching(/=$/) as string });
    // The check of a replacement does not get the former inputs.
    expect((await plugin.check(wire, {}, {})).inputs).not.toMatchObject({ privateKey });
    const key = Buffer.alloc(32, 72).toString("base64");
    const given = await plugin.check(wire, inputs, { privateKey: key });
    expect(given.inputs).toMatchObject({ privateKey: secret(key) });
    expect(given.inputs).not.toHaveProperty("__generated");
  });

  test("reports each wrong argument, without the values of secrets", async () => {
    const { failures } = await plugin.check(urn("Veth", "w"), {}, { a: { name: "a/b" }, b: { name: secret("c/d") } });
    expect(failures).toHaveLength(2);
    expect(failures.join("\n")).toContain(`a.name: "a/b" is not an interface name`);
    expect(failures.join("\n")).not.toContain("c/d");
  });

  test("refuses two resources that declare the same object, within one run", async () => {
    const args = { name: "same" };
    expect((await plugin.check(urn("Namespace", "one"), {}, args)).failures).toEqual([]);
    expect((await plugin.check(urn("Namespace", "two"), {}, args)).failures.join()).toContain("namespace same");
    await plugin.ask("configure");
    expect((await plugin.check(urn("Namespace", "two"), {}, args)).failures).toEqual([]);
  });

  test("refuses a kind of a later version by name", async () => {
    await expect(plugin.check(urn("Later", "t"), {}, {})).rejects.toThrow(
      "resource type Later is unknown to this version",
    );
  });
});

describe("diff", () => {
  const veth = (more: object = {}) => ({
    a: { name: "x", mtu: 1500, up: true, ...more },
    b: { name: "y", mtu: 1500, up: true },
  });
  const { ADD, UPDATE_REPLACE } = proto.PropertyDiff.Kind;

  test("shows each argument that differs, and the groups that they are in", async () => {
    const inputs = veth({ altname: "long", name: "z" });
    const olds = (await plugin.create(urn("Veth", "wire"), veth(), true)).outputs;
    expect(await plugin.diff(urn("Veth", "wire"), olds, inputs)).toMatchObject({
      changes: 2,
      replacesList: ["a.name"],
      deletebeforereplace: true,
      diffsList: ["a"],
      hasdetaileddiff: true,
      detaileddiffMap: [
        ["a.altname", { kind: ADD, inputdiff: false }],
        ["a.name", { kind: UPDATE_REPLACE, inputdiff: false }],
      ],
    });
  });

  test("finds no difference between the outputs and the inputs that they come from", async () => {
    const { outputs } = await plugin.create(urn("Veth", "wire"), veth(), true);
    expect(await plugin.diff(urn("Veth", "wire"), outputs, veth())).toMatchObject({ changes: 1, detaileddiffMap: [] });
  });

  test("finds a state with another mark different, as after a move to another stack", async () => {
    const { outputs } = await plugin.create(urn("Veth", "wire"), veth(), true);
    const moved = { ...outputs, __mark: "pulumi-netns:lab/prod:wire@0123abcd" };
    expect(await plugin.diff(urn("Veth", "wire"), moved, veth())).toMatchObject({ changes: 2, replacesList: [] });
  });
});

describe("a preview", () => {
  test("has the outputs that follow from the arguments, and those of the kernel as unknown values", async () => {
    const address = { interface: "eth0", address: "10.0.0.1/24" };
    const { id, outputs } = await plugin.create(urn("Address", "ip"), address, true);
    expect(id).toBe("");
    expect(outputs).toEqual({
      ...address,
      ip: "10.0.0.1",
      __mark: expect.stringContaining("pulumi-netns:lab/dev") as string,
    });
    const unknown = await plugin.create(urn("Address", "ip"), { ...address, address: UNKNOWN }, true);
    expect(unknown.outputs).toMatchObject({ address: UNKNOWN, ip: UNKNOWN });
    const sysctl = { key: "net.ipv4.ip_forward", value: "1" };
    expect((await plugin.create(urn("Sysctl", "s"), sysctl, true)).outputs).toMatchObject({
      ...sysctl,
      previous: UNKNOWN,
    });
  });

  test("of an update keeps the outputs that do not follow from the arguments", async () => {
    const olds = { key: "net.ipv4.ip_forward", value: "1", previous: "0", __mark: "m" };
    const outputs = await plugin.update(urn("Sysctl", "s"), "s", olds, { ...olds, value: secret("0") }, true);
    expect(outputs).toMatchObject({ value: secret("0"), previous: "0" });
  });
});
