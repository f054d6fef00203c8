import type { Claim } from "./claims.ts";
import type { InterfaceState } from "./generations.ts";
import type { Command } from "./kernel/command.ts";
import type { KernelClient } from "./kernel/kernel.ts";
import type { Plan } from "./plan.ts";
import type { Schema } from "./schema.ts";

/** The definition of one kind of resource. All other code is shared by the kinds and works on this interface. */
export interface Kind<Args extends object = object, Seen extends Observed<Args> = Observed<Args>> {
  /** The name of the kind's class in the SDK. */
  readonly type: string;
  readonly schema: Schema<Args>;
  /**
   * How the lifecycle decides that a resource owns an object: by the mark on the object or, for objects that cannot have
   * a mark, by the resource's state.
   */
  readonly ownership: "mark" | "state";
  /**
   * Returns the arguments with generated values, such as a key, in place of those that the program leaves out: the values of the former
   * inputs, or new ones. The arguments have not been checked yet.
   */
  readonly generate?: (given: ArgsOfProgram, former: ArgsOfProgram) => ArgsOfProgram;
  /** Fills in the defaults that follow from the other arguments and from the owner. */
  readonly applyDefaults?: (args: Args, mark: string) => Args;
  /** Returns the object's id for the engine, made of arguments that cannot change in place. */
  readonly id: (args: Args, mark: string) => string;
  /** Returns the arguments that an id stands for; for kinds that other resources refer to. */
  readonly argsFromId?: (id: string) => Args;
  /** Returns the arguments that an id stands for, for an import; {@link argsFromId} serves the kinds that have it. */
  readonly argsOfImport?: (id: string) => Args | undefined;
  /** Adds to the observed state of an imported object what the kernel has on it, such as the addresses of a link. */
  readonly withContents?: (kernel: KernelClient, state: Args) => Promise<Args>;
  /** Returns the kernel names that no two resources may share. */
  readonly claims: (args: Args, mark: string) => readonly Claim[];
  /** Returns the object's interfaces, by their names within the object, for kinds that other objects depend on. */
  readonly interfaces?: (args: Args) => Readonly<Record<string, LinkEnd>>;
  /** Returns the links that the object routes over, for kinds whose objects exist only over links that are up; else undefined. */
  readonly leadsOver?: (args: Args) => OverLinks | undefined;
  /**
   * Whether an object that another resource of the stack has created is deleted and recreated: other objects depend on it,
   * and those that this resource does not declare must be deleted.
   */
  readonly recreatesSibling?: true;
  /**
   * Returns true if the kernel rejects a duplicate create without side effects. The lifecycle then creates first, and
   * observes only if the kernel rejected the create.
   *
   * @param ownsPlace Whether the program creates the place that the object is in.
   */
  readonly createOptimistically?: (args: Args, ownsPlace: boolean) => boolean;
  /** Returns a lock key: changes with the same key run one at a time, for kinds that need several commands to observe and change. */
  readonly lockKey?: (args: Args) => string;
  /**
   * Queries the kernel for the object that has the mark or the names in the arguments; undefined if there is no such object.
   *
   * @param next The mark that the object will have, if it differs.
   */
  readonly observe: (kernel: KernelClient, args: Args, mark: string, next?: string) => Promise<Seen | undefined>;
  /**
   * Plans the commands from the observed to the desired state: a create if no object was observed, a delete if none is
   * desired. The function is not async, so it cannot query the kernel.
   */
  readonly plan: (change: Transition<Args, Seen>) => Plan;
  /**
   * Plans the delete of the stack's objects that make the kernel refuse a change: objects of other names that have something which only
   * one can have. After this plan, the change is retried.
   */
  readonly makeRoom?: (kernel: KernelClient, change: Transition<Args, Seen>) => Promise<Plan>;
  /**
   * Plans all changes that wait for the same lock as one batch, for kinds that are faster in batches. If the plan fails, the
   * changes are retried one by one, so the plan must be atomic.
   */
  readonly planBatch?: (changes: readonly Transition<Args, Seen>[]) => Plan;
  /**
   * Returns the lines that delete an object of others with the same effect as the wanted one, for kinds whose objects are in a place of
   * the stack. An adoption runs them in the transaction that creates the object.
   */
  readonly replacesEqual?: (kernel: KernelClient, args: Args) => Promise<readonly string[]>;
  /**
   * Returns the names, in the form of claims, of the objects that the kernel deletes together with this one. The object is not
   * deleted while the program declares one of them.
   */
  readonly dependents?: (kernel: KernelClient, args: Args) => Promise<readonly string[]>;
  /**
   * Returns the commands that create again, after the delete of an object, what the kernel deletes with it although the program declares
   * it. They may fail.
   *
   * @param isDeclared Returns whether the program claims a name.
   */
  readonly restores?: (
    kernel: KernelClient,
    args: Args,
    isDeclared: (name: string) => boolean,
  ) => Promise<readonly Command[]>;
  /** Returns a warning if something else on the host will keep the object from working; else undefined. */
  readonly warn?: (kernel: KernelClient, args: Args) => Promise<string | undefined>;
  /** Returns a warning if the change replaces what another stack has set; else undefined. */
  readonly warnOverwritten?: (seen: Seen, desired: Args) => string | undefined;
  /** Returns a warning if effects of a former object unavoidably continue after its change or delete; else undefined. */
  readonly warnLeftover?: (kernel: KernelClient, former: Args) => Promise<string | undefined>;
  /** Returns a warning, queried before a delete, if holders such as processes will keep the object alive; else undefined. */
  readonly heldBy?: (kernel: KernelClient, args: Args) => Promise<string | undefined>;
  /** Returns the outputs that follow from the arguments. The SDK computes them itself; programs in other languages get them from here. */
  readonly derive?: (args: Readonly<Record<string, unknown>>) => Record<string, unknown>;
  /**
   * Returns a difference between the state and the kernel as a status shows it, for kinds that report one as another property, which the
   * kernel changes in place.
   */
  readonly shownDifference?: (difference: Difference, args: Args) => readonly Difference[];
  /** Returns the values that the state keeps in addition to the arguments. */
  readonly extraState?: (seen: Seen) => Record<string, unknown>;
}

/** A property with its value in the state and its value in the kernel, undefined if there is none. */
export interface Difference {
  readonly property: string;
  readonly was: unknown;
  readonly is: unknown;
}

/** Arguments as a program gives them. */
export type ArgsOfProgram = Readonly<Record<string, unknown>>;

/** An interface among the arguments of a link. */
export interface LinkEnd extends InterfaceState {
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** The interfaces that an object routes over: the one that it names, or those of the links that it is attached to. */
export interface OverLinks {
  readonly namespace?: string | undefined;
  readonly interface?: string | undefined;
}

/** The object observed in the place of a resource. */
export interface Observed<Args extends object> {
  /** The object in terms of its arguments; undefined if the observed object is of another kind or incomplete. */
  readonly state: Args | undefined;
  /** The mark of the object, or of the object that it depends on. */
  readonly mark: string | undefined;
  /** The interface with which the kernel deletes the object, if the kernel itself has created it. */
  readonly kernelLink?: string | undefined;
  /**
   * How an error names the object, if it is one of others although objects of this kind have no marks. It has no name in the kernel; undefined
   * for all other objects.
   */
  readonly ofOthers?: string | undefined;
}

/** A change of one resource's object, from the observed to the desired state. */
export interface Transition<Args extends object, Seen> {
  readonly seen: Seen | undefined;
  /** The arguments in the Pulumi state; undefined for an object that is not in the state yet. */
  readonly was?: Args | undefined;
  readonly desired: Args | undefined;
  readonly mark: string;
  /** Whether another resource of the program has taken over the object that the arguments in the state name. */
  readonly isTakenOver?: boolean;
  /** Whether the program creates the place that the object is in. */
  readonly ownsPlace?: boolean;
  /** The dotted paths of the arguments that are secret. */
  readonly secret?: readonly string[] | undefined;
  /** See {@link Kind.replacesEqual}. */
  readonly replacedEqual?: readonly string[] | undefined;
  readonly run?: ProgramRun;
}

/** The progress of the program's current run. */
export interface ProgramRun {
  /** Returns the marks of the resources that the program has declared so far. */
  readonly declared: () => readonly string[];
  /** The marks of resources whose objects were stopped to make room for others. If the program declares one, it is updated. */
  readonly ended: Set<string>;
}

/** Returns the id of a name in a place: within a namespace, or on the lab host. */
export const placeId = (namespace: string | undefined, name: string): string =>
  namespace === undefined ? name : `${namespace}/${name}`;

/** Parses an id that {@link placeId} has returned. */
export function parsePlaceId(id: string): { namespace?: string; name: string } {
  const slash = id.indexOf("/");
  return slash === -1 ? { name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** Returns the arguments of an object on an interface that tell where it is, from the interface's id. */
export function onInterface(id: string): { namespace?: string; interface: string } {
  const { name, ...at } = parsePlaceId(id);
  return { ...at, interface: name };
}
