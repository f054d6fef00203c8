import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { Address, Bridge, LabHost, Namespace, NatRule, Route, Sysctl, Veth } from "pulumi-netns";

const CLASSES = { Address, Bridge, Namespace, NatRule, Route, Sysctl, Veth };

/** A lab, as bench/columns/pulumi.ts writes it; see bench/lab.ts. */
interface Lab {
  /** The lab hosts, to which pieces refer by their names. */
  readonly hosts: readonly { name: string; ssh: string }[];
  readonly pieces: readonly { kind: keyof typeof CLASSES; name: string; args: object }[];
  readonly resolved: readonly { kind: string; name: string; inputs: object; needs: string[]; within?: string }[];
  /** How to load the provider that does nothing, for its resources. */
  readonly empty?: string;
}

class Empty extends pulumi.CustomResource {
  constructor(kind: string, name: string, inputs: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    super(`pulumi-nodejs:dynamic/empty:${kind}`, name, inputs, options);
  }
}

const { hosts, pieces, resolved, empty } = JSON.parse(readFileSync(process.env["BENCH_LAB"] ?? "", "utf8")) as Lab;
const made = new Map<string, pulumi.Resource | LabHost>(
  hosts.map(({ name, ssh }) => [name, new LabHost(name, { ssh })]),
);

if (empty === undefined) {
  for (const { kind, name, args } of pieces) made.set(name, new CLASSES[kind](name, filled(args) as never));
} else {
  for (const { kind, name, inputs, needs, within } of resolved) {
    const options = {
      dependsOn: needs.map(findResource),
      deleteBeforeReplace: true,
      ...(within !== undefined && { deletedWith: findResource(within) }),
    };
    made.set(name, new Empty(kind, name, { ...inputs, __provider: empty }, options));
  }
}

/** Returns an argument with its references replaced by resources. */
function filled(arg: unknown): unknown {
  if (typeof arg !== "object" || arg === null || Array.isArray(arg)) return arg;
  if ("ref" in arg) {
    const { ref, end } = arg as { ref: string; end?: string };
    return end === undefined ? find(ref) : (find(ref) as unknown as Record<string, unknown>)[end];
  }
  return Object.fromEntries(Object.entries(arg).map(([key, value]) => [key, filled(value)]));
}

function findResource(name: string): pulumi.Resource {
  return find(name) as pulumi.Resource;
}

function find(name: string): pulumi.Resource | LabHost {
  const resource = made.get(name);
  if (resource === undefined) throw new Error(`there is no ${name} yet`);
  return resource;
}
