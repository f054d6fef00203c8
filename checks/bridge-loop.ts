import { segments } from "../lab/segments.ts";
import type { Message } from "../provider/message.ts";
import { type Check, type Declared, describe, type Lab } from "./check.ts";

/**
 * A cable, or a tunnel between lab hosts, that closes a loop of bridges, none of which runs the spanning tree protocol. One bridge that runs
 * it is enough: it receives its own messages and blocks a port.
 *
 * A bridge forwards a frame to all ports but the one at which it arrived. The port of a tunnel sends to several others, and never sends back
 * what it received. So a frame that circulates leaves each bridge by another port than the one at which it entered.
 */
export const bridgeLoop: Check = (lab) => {
  const bridgeOf = new Map(lab.ports.map(({ link, bridge }) => [link, bridge]));
  const joined = segments();
  const wires = new Wires();
  const reported = new Set<Declared>();

  /** Returns the port with the bridge that forwards each broadcast of it to all its other ports; undefined if there is none. */
  function portAt(link: string): Port | undefined {
    const bridge = bridgeOf.get(link);
    const isUp = [link, bridge].every((one) => one !== undefined && lab.links.get(one)?.up);
    return bridge !== undefined && isUp && floods(lab, bridge) ? { link, bridge } : undefined;
  }

  /** Connects two ports by a resource, which is reported if a frame that leaves by it can return to it. */
  function connect(resource: Declared, one: Port | undefined, other: Port | undefined): ReturnType<Check> {
    if (one === undefined || other === undefined) return [];
    // The search is for bridges only that are connected already.
    const loop = joined.join(one.bridge, other.bridge) ? undefined : wires.loopClosedBy(one, other);
    if (loop === undefined) {
      wires.add(one, other);
      return [];
    }
    if (reported.has(resource)) return [];
    reported.add(resource);
    return [{ about: resource, ...messageFor(describe(resource), loop) }];
  }

  const byTunnels = lab.wires.flatMap(([one, other]) => {
    const link = lab.links.get(other);
    return link === undefined ? [] : connect(link.resource, portAt(one), portAt(other));
  });
  const byCables = lab.pairs.flatMap(({ resource, ends: [one, other] }) =>
    connect(resource, portAt(one), portAt(other)),
  );
  return [...byTunnels, ...byCables];
};

/** A port of a bridge that floods. */
interface Port {
  readonly link: string;
  readonly bridge: string;
}

/** Cables and tunnels between ports of bridges. */
class Wires {
  /** The ports of each bridge. */
  readonly #ports = new Map<string, Set<string>>();
  /** The ports that receive what a port sends. */
  readonly #receivers = new Map<string, Port[]>();

  add(one: Port, other: Port): void {
    for (const [port, far] of [
      [one, other],
      [other, one],
    ] as const) {
      this.#ports.set(port.bridge, (this.#ports.get(port.bridge) ?? new Set()).add(port.link));
      this.#receivers.set(port.link, [...(this.#receivers.get(port.link) ?? []), far]);
    }
  }

  /**
   * Returns the bridges that a frame passes from one port to another one, at which it leaves, if it enters by the first and the two are to be
   * connected; undefined if no frame comes there.
   */
  loopClosedBy(one: Port, other: Port): string[] | undefined {
    const entered = [{ port: one, passed: [one.bridge] }];
    const known = new Set([one.link]);
    for (const { port, passed } of entered) {
      if (port.bridge === other.bridge && port.link !== other.link) return passed;
      const others = [...(this.#ports.get(port.bridge) ?? [])].filter((link) => link !== port.link);
      for (const next of others.flatMap((link) => this.#receivers.get(link) ?? [])) {
        if (known.has(next.link)) continue;
        known.add(next.link);
        entered.push({ port: next, passed: [...passed, next.bridge] });
      }
    }
    return undefined;
  }
}

/** Returns true if a bridge forwards a broadcast to all its other ports, however often it returns. */
function floods({ links }: Lab, bridge: string): boolean {
  const link = links.get(bridge);
  return link?.traits.device === "bridge" && link.stp === false && link.vlanFiltering === false;
}

function messageFor(cable: string, loop: readonly string[]): Message {
  const self = loop.length === 1;
  return {
    message:
      `${cable} ${self ? "connects the bridge" : "closes a loop of the bridges"} ${loop.join(", ")}${self ? " to itself" : ""} ` +
      "without the spanning tree protocol: a broadcast circulates forever and keeps a CPU of the lab host busy",
    help: `set stp to true on ${self ? "it" : "one of them"}, or remove a veth pair or a tunnel`,
  };
}
