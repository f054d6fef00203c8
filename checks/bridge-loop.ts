import { segments } from "../lab/segments.ts";
import type { Message } from "../provider/message.ts";
import { type Check, describe, type Lab } from "./check.ts";

/**
 * A cable that closes a loop of bridges, none of which runs the spanning tree protocol. One bridge that runs it is enough: it
 * receives its own messages and blocks a port.
 */
export const bridgeLoop: Check = (lab) => {
  const bridgeOf = new Map(lab.ports.map(({ link, bridge }) => [link, bridge]));
  const joined = segments();
  const neighbours = new Map<string, string[]>();
  return lab.pairs.flatMap(({ resource, ends }) => {
    const [one, other] = ends.map((end) => bridgeOf.get(end));
    if (one === undefined || other === undefined) return [];
    if (![...ends, one, other].every((link) => lab.links.get(link)?.up) || !floods(lab, one) || !floods(lab, other))
      return [];
    if (joined.of(one) === joined.of(other)) {
      return [{ about: resource, ...messageFor(describe(resource), pathBetween(one, other, neighbours)) }];
    }
    joined.join(one, other);
    neighbours.set(one, [...(neighbours.get(one) ?? []), other]);
    neighbours.set(other, [...(neighbours.get(other) ?? []), one]);
    return [];
  });
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
    help: `set stp to true on ${self ? "it" : "one of them"}, or remove a veth pair`,
  };
}
