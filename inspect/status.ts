import { UnreachableError } from "../provider/errors.ts";
import { lifecycles } from "../provider/host.ts";
import type { KernelClient } from "../provider/kernel/kernel.ts";
import type { Kind } from "../provider/kind.ts";
import { kindOf } from "../provider/kind-of.ts";
import { UserError } from "../provider/message.ts";
import { isSibling, resourceOf, stackNameOf } from "../provider/owner.ts";
import type { Properties } from "../provider/properties.ts";
import { valueAtPath } from "../provider/property-path.ts";
import { changes } from "../provider/schema.ts";
import { type Drift, partsOf } from "./drift.ts";
import { ofGroup } from "./group-drift.ts";
import type { LabHost } from "./lab-host.ts";
import type { LabHosts } from "./lab-hosts.ts";
import { inParallel } from "./parallel.ts";
import { HIDDEN, isSecret, type Secrets, withoutSecrets } from "./secrets.ts";
import type { StackView } from "./stack.ts";
import { namespaceOf } from "./stack-hosts.ts";

/** The condition of a resource in the kernel, compared with its state. */
export type Condition =
  /** All properties match the state. */
  | "up"
  /** The object exists, but some properties differ from the state. */
  | "drifted"
  /** The object does not exist. */
  | "missing"
  /** Another resource of the stack has taken over the object, as after an `up` that failed before it deleted this resource. */
  | "replaced"
  /** Another object has its name: one of another stack, without a mark, or of another kind. */
  | "foreign"
  /** Its lab host cannot be reached. */
  | "unknown";

/** A resource and its condition in the kernel. */
export interface ResourceStatus {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  /** The lab host of the object; undefined for this machine. */
  readonly host: string | undefined;
  /** The namespace of the object; undefined for its lab host. */
  readonly namespace: string | undefined;
  readonly condition: Condition;
  /** The properties that differ from the state; empty unless it has drifted. */
  readonly drift: readonly Drift[];
  /** The file to which it logs, for a kind with a log. */
  readonly log: string | undefined;
  /** The stack that owns a foreign object, if there is one; the resource that has taken over a replaced one. */
  readonly owner: string | undefined;
}

/**
 * Observes each resource of a stack in the kernel, like `pulumi refresh`. Changes nothing. The stack must be read with its
 * secrets revealed, because they are compared too; they are not part of the result.
 */
export function statusOf({ resources }: StackView, hosts: KernelHosts): Promise<ResourceStatus[]> {
  const lives = new Map(hosts.names.map((host) => [host, lifecycles(hosts.on(host).kernel)]));
  return inParallel(resources, async (resource) => {
    const { type, name, id, secrets = new Map() } = resource;
    const { host, ...outputs } = resource.outputs as Properties;
    const { log } = outputs;
    const shared = {
      ...{ type, name, host, id: withoutSecrets(secrets, id), namespace: namespaceOf(resource) },
      ...{ drift: [], log: typeof log === "string" ? withoutSecrets(secrets, log) : undefined, owner: undefined },
    };
    try {
      const seen = await lives.get(host)?.get(type)?.read(id, outputs);
      if (seen === undefined || seen.id === "")
        return { ...shared, ...(await occupant(kindOf(type), hosts.on(host).kernel, outputs)) };
      const drift = driftOf(kindOf(type), outputs, seen.props, secrets);
      return { ...shared, condition: drift.length === 0 ? "up" : "drifted", drift };
    } catch (error) {
      if (error instanceof UnreachableError) return { ...shared, condition: "unknown" };
      throw error instanceof UserError && host !== undefined ? error.at(host) : error;
    }
  });
}

/** Lab hosts by their names, undefined for this machine. */
interface KernelHosts extends Pick<LabHosts, "names"> {
  on(host: string | undefined): Pick<LabHost, "kernel">;
}

function driftOf(kind: Kind, outputs: Properties, seen: object | undefined, secrets: Secrets): Drift[] {
  const { schema, shownDifference = (one) => [one] } = kind;
  return changes(schema, outputs, seen ?? {})
    .map(({ property }) => ({ property, was: valueAtPath(outputs, property), is: valueAtPath(seen, property) }))
    .flatMap((one) => shownDifference(one, outputs))
    .flatMap((one) => partsOf(ofGroup(schema, one)))
    .map((part) => (isSecret(secrets, part.property) ? { property: part.property, was: HIDDEN, is: HIDDEN } : part));
}

/** Returns the object that has the name of a resource whose own object is missing. */
async function occupant(kind: Kind, kernel: KernelClient, outputs: Properties) {
  const mark = outputs.__mark;
  const seen = await kind.observe(kernel, outputs, mark);
  // Without a state, only a note is left, or a remainder such as the log of a process that has ended.
  if (seen?.state === undefined || seen.mark === mark) return { condition: "missing" as const };
  return seen.mark !== undefined && isSibling(seen.mark, mark)
    ? { condition: "replaced" as const, owner: resourceOf(seen.mark) }
    : { condition: "foreign" as const, owner: stackNameOf(seen.mark) };
}
