import type { Claim } from "./claims.ts";
import type { InterfaceState } from "./generations.ts";
import type { KernelClient } from "./kernel/kernel.ts";
import type { Plan } from "./plan.ts";
import type { Schema } from "./schema.ts";

/** What one kind of resource says of itself. Everything else is written once, over this. */
export interface Kind<Args extends object = object, Seen extends Observed<Args> = Observed<Args>> {
  /** The name of its class in the SDK. */
  readonly type: string;
  readonly schema: Schema<Args>;
  /**
   * How the lifecycle knows that an object is a resource's own: by the mark that the object bears, or, for objects that
   * can bear none, because the resource's state says so.
   */
  readonly ownership: "mark" | "state";
  /** Fills in what follows from the other arguments and from the owner. */
  readonly applyDefaults?: (args: Args, mark: string) => Args;
  /** The object's name for the engine, of what cannot change in place. */
  readonly id: (args: Args, mark: string) => string;
  /** The arguments that an id names; for kinds that others refer to. */
  readonly argsFromId?: (id: string) => Args;
  /** The names in the kernel that no two resources may share. */
  readonly claims: (args: Args, mark: string) => readonly Claim[];
  /** The interfaces of the object, by their names within it, for kinds on which other objects lie. */
  readonly interfaces?: (args: Args) => Readonly<Record<string, LinkEnd>>;
  /** What the object leads over, for kinds whose objects the kernel has only over links that are up; undefined where nothing. */
  readonly leadsOver?: (args: Args) => OverLinks | undefined;
  /**
   * Whether an object that another resource of the stack has made is deleted and made anew: other objects lie on it, and
   * those that this resource does not declare must go.
   */
  readonly recreatesSibling?: true;
  /**
   * Whether the kernel refuses to make an object, and changes nothing, when there is one already. Then it is made first, and
   * looked at only when that was refused.
   *
   * @param ownsPlace Whether the program makes the place that the object is in.
   */
  readonly createOptimistically?: (args: Args, ownsPlace: boolean) => boolean;
  /** What changes of this kind must wait for one another, where looking and doing are more than one step for the kernel. */
  readonly lockKey?: (args: Args) => string;
  /**
   * Looks at the kernel, for the object that bears the mark or that the arguments name; undefined when nothing is there.
   *
   * @param next The mark that the object is to bear, where that is another one.
   */
  readonly observe: (kernel: KernelClient, args: Args, mark: string, next?: string) => Promise<Seen | undefined>;
  /**
   * What leads from the seen to the desired: a create when nothing is seen, a delete when nothing is desired. It is not
   * async, so it cannot ask the kernel.
   */
  readonly plan: (change: Transition<Args, Seen>) => Plan;
  /**
   * Plans changes that wait for the same turn as one, for kinds that gain by it. They are done again one by one when the
   * plan fails, so all of it must happen or nothing.
   */
  readonly planBatch?: (changes: readonly Transition<Args, Seen>[]) => Plan;
  /**
   * The names, as claims have them, of objects that the kernel takes away with the object. The object is not deleted while the
   * program declares one of them.
   */
  readonly dependents?: (kernel: KernelClient, args: Args) => Promise<readonly string[]>;
  /** What else on the host will keep the object from doing its work; undefined when nothing will. */
  readonly warn?: (kernel: KernelClient, args: Args) => Promise<string | undefined>;
  /** What of a former object goes on after a change or its end, and cannot be helped; undefined when nothing does. */
  readonly warnLeftover?: (kernel: KernelClient, former: Args) => Promise<string | undefined>;
  /** What keeps an object alive that is to be deleted, asked before the delete; undefined when nothing does. */
  readonly heldBy?: (kernel: KernelClient, args: Args) => Promise<string | undefined>;
  /** What is to be kept in the state beside the arguments. */
  readonly extraState?: (seen: Seen) => Record<string, unknown>;
}

/** An interface among the arguments of a link. */
export interface LinkEnd extends InterfaceState {
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** What leads over links: over the interface that it names, or over those that it lies on. */
export interface OverLinks {
  readonly namespace?: string | undefined;
  readonly interface?: string | undefined;
}

/** What was seen in the place of a resource. */
export interface Observed<Args extends object> {
  /** The object in terms of its arguments; undefined when what is there is not such an object, or not a whole one. */
  readonly state: Args | undefined;
  /** The mark that the object, or what it lies on, bears. */
  readonly mark: string | undefined;
}

/** A change of one resource's object, from what is there to what is to be there. */
export interface Transition<Args extends object, Seen> {
  readonly seen: Seen | undefined;
  /** The arguments that the state knows; undefined for an object that is in none yet. */
  readonly was?: Args | undefined;
  readonly desired: Args | undefined;
  readonly mark: string;
  /** Whether the program makes the place that the object is in. */
  readonly ownsPlace?: boolean;
  readonly run?: ProgramRun;
}

/** The run of the program, as far as it has come. */
export interface ProgramRun {
  /** The marks of the resources that the program has declared so far. */
  readonly declared: () => readonly string[];
  /** The marks of resources whose objects were ended to make room for others. If the program declares one, it is updated. */
  readonly ended: Set<string>;
}

/** A place that an id names: within a namespace, or on the lab host. */
export const placeId = (namespace: string | undefined, name: string): string =>
  namespace === undefined ? name : `${namespace}/${name}`;

/** The place that {@link placeId} spelled, taken apart. */
export function parsePlaceId(id: string): { namespace?: string; name: string } {
  const slash = id.indexOf("/");
  return slash === -1 ? { name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}
