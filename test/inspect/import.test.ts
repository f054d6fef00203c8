import { describe, expect, test } from "vitest";
import { SecretValue } from "../../inspect/import/found.ts";
import { declare, secretsOf } from "../../inspect/import/references.ts";
import { typescriptProgram } from "../../inspect/import/typescript.ts";
import { importFile, yamlProject } from "../../inspect/import/yaml.ts";

const found = [
  {
    kind: "Route",
    id: "red/inet/10.0.0.0/8/table/254/metric/0",
    inputs: { namespace: "red", destination: "10.0.0.0/8", via: "10.1.0.1" },
  },
  {
    kind: "Veth",
    id: "red/eth0:port",
    inputs: {
      a: { name: "eth0", namespace: "red", addresses: ["10.1.0.2/24", "fd00::2/64"] },
      b: { name: "port", master: "class" },
    },
  },
  {
    kind: "Macvlan",
    id: "blue/eth0",
    inputs: { name: "eth0", namespace: "blue", link: "eth0", linkNamespace: "red", mtu: 1400 },
  },
  { kind: "Bridge", id: "class", inputs: { name: "class", master: "br.other" } },
  { kind: "Namespace", id: "red", inputs: { name: "red" } },
  { kind: "Namespace", id: "blue", inputs: { name: "blue" } },
  {
    kind: "Route",
    id: "red/inet/10.2.0.0/16/table/254/metric/0",
    inputs: {
      namespace: "red",
      destination: "10.2.0.0/16",
      nexthops: [{ via: "10.1.0.1", interface: "eth0" }, { via: "10.9.0.1" }],
    },
  },
  {
    kind: "Vxlan",
    id: "red/vx0",
    inputs: { name: "vx0", namespace: "red", vni: 7, dev: "eth0" },
  },
  {
    kind: "Sysctl",
    id: "red/net.ipv4.ip_forward",
    inputs: { namespace: "red", key: "net.ipv4.ip_forward", value: "1" },
  },
];

test("a project in YAML refers to resources that it declares before, and has other names as text", () => {
  expect(yamlProject("lab", declare(found)).split("resources:\n")[1]).toBe(`  red:
    type: netns:Namespace
  class:
    type: netns:Bridge
    properties:
      master: br.other
  red-eth0:
    type: netns:Veth
    properties:
      a:
        name: eth0
        namespace: \${red.name}
        addresses: [10.1.0.2/24, "fd00::2/64"]
      b:
        name: port
        master: \${class.name}
  red-inet-10-0-0-0-8:
    type: netns:Route
    properties:
      namespace: \${red.name}
      destination: 10.0.0.0/8
      via: 10.1.0.1
    options:
      dependsOn: ["\${red-eth0}"]
  blue:
    type: netns:Namespace
  blue-eth0:
    type: netns:Macvlan
    properties:
      name: eth0
      namespace: \${blue.name}
      link: \${red-eth0.a.name}
      linkNamespace: \${red.name}
      mtu: 1400
  red-inet-10-2-0-0-16:
    type: netns:Route
    properties:
      namespace: \${red.name}
      destination: 10.2.0.0/16
      nexthops:
        - via: 10.1.0.1
          interface: \${red-eth0.a.name}
        - via: 10.9.0.1
    options:
      dependsOn: ["\${red-eth0}"]
  vx0:
    type: netns:Vxlan
    properties:
      namespace: \${red.name}
      vni: 7
      dev: \${red-eth0.a.name}
  red-ipv4-ip_forward:
    type: netns:Sysctl
    properties:
      namespace: \${red.name}
      key: net.ipv4.ip_forward
      value: "1"
`);
});

test("the import file has the type, the name and the id of each resource", () => {
  const { resources } = JSON.parse(importFile(declare(found))) as { resources: object[] };
  expect(resources).toHaveLength(found.length);
  expect(resources).toContainEqual({ type: "netns:index:Veth", name: "red-eth0", id: "red/eth0:port" });
});

test("a program in TypeScript has a constant for each resource that others refer to, and adopts objects that may have an owner", () => {
  const text = typescriptProgram(declare(found));
  expect(text).toMatch(/^import \{ Bridge, Macvlan, Namespace, Route, Sysctl, Veth, Vxlan \} from "pulumi-netns";\n/);
  expect(text).toContain(`const _class = new Bridge("class", {\n  master: "br.other",\n  adopt: true,\n});`);
  expect(text).toContain(`    master: _class,`);
  expect(text).toContain(`  link: redEth0.a,\n  linkNamespace: red,`);
  expect(text).toMatch(/\nnew Sysctl\("red-ipv4-ip_forward", \{[^}]*value: "1",\n\}\);/);
  expect(text.indexOf("const redEth0 =")).toBeLessThan(text.indexOf("new Route("));
});

test("a name in the program does not depend on the order of the objects", () => {
  const veth = (id: string, namespace: string | undefined) => {
    const a = { name: "eth0", ...(namespace !== undefined && { namespace }) };
    return { kind: "Veth", id, inputs: { a, b: { name: id } } };
  };
  const objects = [
    ...[veth("red/eth0:one", "red"), veth("blue/eth0:two", "blue"), veth("eth0:three", undefined)],
    { kind: "Bridge", id: "red", inputs: { name: "red" } },
    { kind: "Namespace", id: "red", inputs: { name: "red" } },
    { kind: "Bridge", id: "only", inputs: { name: "only" } },
  ];
  const names = (of: typeof objects) => declare(of).map(({ object, name }) => [object.id, object.kind, name].join(" "));
  expect(names(objects).sort()).toEqual([
    "blue/eth0:two Veth blue-eth0",
    "eth0:three Veth eth0",
    "only Bridge only",
    "red Bridge red",
    "red Namespace Namespace-red",
    "red/eth0:one Veth red-eth0",
  ]);
  expect(names(objects.toReversed()).sort()).toEqual(names(objects).sort());
});

test.each([
  ["y", `"y"`],
  ["on", `"on"`],
  ["1e3", `"1e3"`],
  ["a: b", `"a: b"`],
  ["plain-text.0/x", "plain-text.0/x"],
  ["10.0.0.1", "10.0.0.1"],
  ["fd00::1", `"fd00::1"`],
  ["${red.name}", `"$\${red.name}"`],
])("the text %s is written as %s", (text, scalar) => {
  const [resource] = declare([{ kind: "Bridge", id: "x", inputs: { name: "x", altname: text } }]);
  expect(yamlProject("lab", resource ? [resource] : [])).toContain(`      altname: ${scalar}\n`);
});

test.each(["Address", "Neighbor", "FdbEntry", "Nexthop", "Veth", "Route"])(
  "a %s in TypeScript takes over its object",
  (kind) => {
    const text = typescriptProgram(declare([{ kind, id: "red/x", inputs: { namespace: "red" } }]));
    expect(text).toContain("  adopt: true,\n");
  },
);

test("a list of interfaces refers to those that are declared", () => {
  const rule = {
    kind: "NatRule",
    id: "red/ip nat post 4",
    inputs: { namespace: "red", outInterface: ["eth0", "wan"] },
  };
  const text = typescriptProgram(declare([...found, rule]));
  expect(text).toMatch(/outInterface: \[\w*[eE]th0\.a, "wan"\]/);
  expect(yamlProject("lab", declare([...found, rule]))).toContain('outInterface: ["${red-eth0.a.name}", wan]');
});

describe("secret values and rules that Pulumi cannot import", () => {
  const key = new SecretValue("wg0-privateKey", "wg show wg0 private-key");
  const preshared = new SecretValue("wg0-peers-0-presharedKey", "wg show wg0 preshared-keys");
  const first = { kind: "NatRule", id: "ip nat post 4", inputs: { type: "masquerade", source: "10.0.0.0/8" } } as const;
  const all = declare([
    {
      kind: "WireGuard",
      id: "red/wg0",
      adopt: true,
      inputs: {
        name: "wg0",
        namespace: "red",
        privateKey: key,
        peers: [{ publicKey: "a/b=", presharedKey: preshared }],
      },
    },
    { ...first, adopt: true },
    {
      kind: "NatRule",
      id: "ip nat post 5",
      inputs: { type: "masquerade", outInterface: "wg0" },
      adopt: true,
      after: { ...first, adopt: true },
    },
    { kind: "Namespace", id: "red", inputs: { name: "red" } },
  ]);

  test("in YAML are values of the configuration, and such resources adopt", () => {
    const text = yamlProject("lab", all);
    expect(text).toContain("config:\n  wg0-privateKey:\n    type: string\n    secret: true\n  wg0-peers-0");
    expect(text).toContain('      privateKey: "${wg0-privateKey}"\n');
    expect(text).toContain(
      '      peers:\n        - publicKey: "a/b="\n          presharedKey: "${wg0-peers-0-presharedKey}"\n',
    );
    expect(text.match(/adopt: true/g)).toHaveLength(3);
    const { resources } = JSON.parse(importFile(all)) as { resources: { name: string }[] };
    expect(resources.map(({ name }) => name)).toEqual(["red"]);
  });

  test("in TypeScript are values of the configuration, too", () => {
    const text = typescriptProgram(all);
    expect(text).toContain('import * as pulumi from "@pulumi/pulumi";\n');
    expect(text).toContain("const config = new pulumi.Config();\n");
    expect(text).toContain('privateKey: config.requireSecret("wg0-privateKey"),');
    expect(text).toContain('presharedKey: config.requireSecret("wg0-peers-0-presharedKey"),');
  });

  test("in the program are listed with the commands that print them", () => {
    expect(secretsOf(all)).toEqual([key, preshared]);
  });
});
