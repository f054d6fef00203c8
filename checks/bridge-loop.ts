import { segments } from "../lab/segments.ts";
import type { Message } from "../provider/message.ts";
import { type Check, type Declared, describe, type Lab } from "./check.ts";

/**
 * A cable, or a tunnel between lab hosts, that closes a loop of bridges, none of which runs the spanning tree protocol. One bridge that runs
 * it is enough: it receives its own messages and blocks a port.
 */
export const bridgeLoop: Check = (lab) => {
  const bridgeOf = new Map(lab.ports.map(({ link, bridge }) => [link, bridge]));
  const joined = segments();
  const neighbours = new Map<string, string[]>();

  /** Returns the bridge that forwards each broadcast of a port to all its other ports; undefined if there is none. */
  function bridgeBehind(port: string): string | undefined {
    const bridge = bridgeOf.get(port);
    const isUp = [port, bridge].every((link) => link !== undefined && lab.links.get(link)?.up);
    return bridge !== undefined && isUp && floods(lab, bridge) ? bridge : undefined;
  }

  /** Joins two bridges by a resource, which is found if they are joined already. */
  function join(resource: Declared, one: string, other: string): ReturnType<Check> {
    if (joined.of(one) === joined.of(other)) {
      return [{ about: resource, ...messageFor(describe(resource), pathBetween(one, other, neighbours)) }];
    }
    joined.join(one, other);
    neighbours.set(one, [...(neighbours.get(one) ?? []), other]);
    neighbours.set(other, [...(neighbours.get(other) ?? []), one]);
    return [];
  }

  const byTunnels = lab.meshes.flatMap((tunnels) => {
    const [first, ...others] = tunnels.flatMap((tunnel) => {
      const [bridge, link] = [bridgeBehind(tunnel), lab.links.get(tunnel)];
      return bridge === undefined || link === undefined ? [] : [{ bridge, resource: link.resource }];
    });
    return first === undefined ? [] : others.flatMap(({ bridge, resource }) => join(resource, first.bridge, bridge));
  });
  const byCables = lab.pairs.flatMap(({ resource, ends }) => {
    const [one, other] = ends.map(bridgeBehind);
    return one === undefined || other === undefined ? [] : join(resource, one, other);
  });
  return [...byTunnels, ...byCables];
};

/** Returns true if a bridge forwards a broadcast to all its other ports, however often it returns. */
function floods({ links }: Lab, bridge: string): boolean {
  const link = links.get(bridge);
  return link?.traits.device === "bridge" && link.stp === false && link.vlanFiltering === false;
}

/** Returns the bridges on the path between two bridges. There must be exactly one path. */
function pathBetween(from: string, to: string, neighbours: ReadonlyMap<string, readonly string[]>): string[] {
  const paths = [[from]];
  for (const path of paths) {
    const last = path.at(-1) ?? from;
    if (last === to) return path;
    for (const next of neighbours.get(last) ?? []) if (next !== path.at(-2)) paths.push([...path, next]);
  }
  return [];
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
