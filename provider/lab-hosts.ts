import { isDeepStrictEqual } from "node:util";
import { GoneHostError, KernelError, retryHelp, UnreachableError } from "./errors.ts";
import type { SshAddress } from "./kernel/client/ssh.ts";
import { allKinds, unknownType } from "./kind-of.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { UserError } from "./message.ts";
import { isFirstRead, type Properties } from "./properties.ts";
import type { Failure } from "./schema.ts";

/** The lifecycles of all kinds, by the names of their classes. */
export type Lifecycles = ReadonlyMap<string, Lifecycle>;

/** How the lifecycles on a lab host are opened. Each is opened at its first use. */
export interface LabHostOptions {
  /** Opens the lifecycles on this machine. */
  readonly local: () => Lifecycles;
  /**
   * Opens the lifecycles on another machine.
   *
   * @param address Returns its current address.
   */
  readonly remote: (host: string, address: () => SshAddress) => Lifecycles;
  /** The names of the lab hosts that no longer exist: their objects count as deleted. */
  readonly gone?: ReadonlySet<string>;
}

/**
 * Returns the lifecycles of all kinds on all lab hosts: each verb runs on the lab host that the properties of its resource name, and a
 * resource whose lab host changes is replaced. Each lab host has its own claims, locks and snapshots.
 */
export function onLabHosts({ local, remote, gone = new Set() }: LabHostOptions): Lifecycles {
  let here: Lifecycles | undefined;
  const others = new Map<string, RemoteHost>();
  const reported = new Set<string>();
  const unasked = new Set<string | undefined>();
  const moved = new Set<string>();

  /** Returns the lifecycle on the lab host of a resource. An address from the program takes the place of one from the state. */
  function lifecycleAt(type: string, { host, __ssh }: Place, isDeclared = false): Lifecycle {
    const lives = host === undefined ? (here ??= local()) : other(host, addressOf(host, __ssh), isDeclared);
    const found = lives.get(type);
    if (found === undefined) throw unknownType(type);
    return found;
  }

  function other(host: string, address: SshAddress, isDeclared: boolean): Lifecycles {
    const existing = others.get(host);
    if (existing !== undefined) {
      if (isDeclared) existing.address = address;
      return existing.lives;
    }
    const created: RemoteHost = { address, lives: remote(host, () => created.address) };
    others.set(host, created);
    return created.lives;
  }

  /** Runs the work of a verb on a lab host. Its errors name the lab host; of one that cannot be reached, only the first one says why. */
  async function on<T>({ host, __ssh }: Place, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (host === undefined || !(error instanceof UserError)) throw error;
      if (!(error instanceof KernelError) || error.reason !== "lost") throw error.at(host);
      const isFirst = !reported.has(host);
      reported.add(host);
      const address = others.get(host)?.address ?? addressOf(host, __ssh);
      throw new UnreachableError(host, isFirst ? { answer: error.answer, help: retryHelp(host, address) } : undefined);
    }
  }

  /** Runs a change on a lab host that still exists. */
  const change = <T>(type: string, at: Properties, work: (lifecycle: Lifecycle) => Promise<T>): Promise<T> =>
    on(at, async () => {
      if (isGone(at)) throw new GoneHostError(type);
      return work(lifecycleAt(type, at));
    });

  const isGone = ({ host }: Place): boolean => host !== undefined && gone.has(host);

  /** Returns the failure of a resource that moves to a lab host that cannot be reached: the engine would delete the former object first. */
  async function unreachable(type: string, inputs: Properties): Promise<Failure[]> {
    const asked = { ...withoutHost(inputs), __atHome: false, __adopt: false };
    try {
      // The answer says nothing: the machine may be the former one by another name, with the objects of this resource.
      await on(inputs, () => lifecycleAt(type, inputs).conflicts({}, asked));
    } catch (error) {
      // The change reports all other errors.
      if (error instanceof UnreachableError) return [failureOf(error)];
    }
    return [];
  }

  return new Map(allKinds.map(({ type }) => [type, lifecycleOf(type)]));

  function lifecycleOf(type: string): Lifecycle {
    return {
      check(olds, news) {
        const { inputs, failures } = lifecycleAt(type, news, true).check(
          withoutHost(olds as Properties),
          withoutHost(news),
        );
        return { inputs: withHost(inputs, news), ...(failures && { failures }) };
      },

      async conflicts(olds, inputs) {
        const former = olds as Properties;
        const isNew = Object.keys(olds).length === 0;
        if (isGone(inputs)) return [failureOf(new GoneHostError(type).at(inputs.host))];
        if (!isNew && former.host !== inputs.host) {
          moved.add(inputs.__mark);
          return unreachable(type, inputs);
        }
        if (unasked.has(inputs.host) || moved.has(inputs.__mark)) return [];
        // A preview of new resources connects to no lab host.
        if (isNew && inputs.host !== undefined) return [];
        try {
          return await lifecycleAt(type, inputs).conflicts(withoutHost(former), withoutHost(inputs));
        } catch {
          // The change reports why the lab host does not answer.
          unasked.add(inputs.host);
          return [];
        }
      },

      diff(id, olds, news) {
        const answer = lifecycleAt(type, news).diff(id, withoutHost(olds), withoutHost(news));
        const isMoved = olds.host !== news.host;
        return {
          ...answer,
          changes: answer.changes || isMoved || !isDeepStrictEqual(olds.__ssh, news.__ssh),
          replaces: [...(isMoved ? ["host"] : []), ...answer.replaces],
        };
      },

      create: (inputs) =>
        change(type, inputs, async (lifecycle) => {
          const { id, outs } = await lifecycle.create(withoutHost(inputs));
          return { id, outs: withHost(outs, inputs) };
        }),

      read: (id, outputs) =>
        on(outputs, async () => {
          if (isGone(outputs)) {
            if (isFirstRead(withoutHost(outputs))) throw new GoneHostError(type);
            return { id: "" };
          }
          const { inputs, props, ...found } = await lifecycleAt(type, outputs).read(id, withoutHost(outputs));
          return {
            id: found.id,
            ...(inputs && { inputs: withHost(inputs, outputs) }),
            ...(props && { props: withHost(props, outputs) }),
          };
        }),

      import: (id, mark) => lifecycleAt(type, {}).import(id, mark),

      update: (id, olds, news) =>
        change(type, news, async (lifecycle) => {
          const { outs } = await lifecycle.update(id, withoutHost(olds), withoutHost(news));
          return { outs: withHost(outs, news) };
        }),

      delete: (id, outputs) =>
        on(outputs, async () => {
          if (!isGone(outputs)) await lifecycleAt(type, outputs).delete(id, withoutHost(outputs));
        }),
    };
  }
}

interface RemoteHost {
  address: SshAddress;
  readonly lives: Lifecycles;
}

/** Returns the address of a lab host; by default, its name is one that ssh knows. */
const addressOf = (host: string, known: SshAddress | undefined): SshAddress => known ?? { to: host, sudo: false };

type Place = Pick<Properties, "host" | "__ssh">;

/** Returns properties without the name of the lab host, which no kind has among its arguments. */
function withoutHost({ host: _, ...rest }: Properties): Properties {
  return rest;
}

/** Returns an error as a failure of a resource as a whole. */
const failureOf = ({ message }: UserError): Failure => ({ property: "", reason: message });

const withHost = (properties: object, { host }: Place): object =>
  host === undefined ? properties : { ...properties, host };
