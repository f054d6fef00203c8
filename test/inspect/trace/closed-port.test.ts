import { expect, test } from "vitest";
import { closedPort, closedPortAdvice } from "../../../inspect/trace/closed-port.ts";
import type { DetailedInterface } from "../../../inspect/trace/link-details.ts";
import { segmentOf } from "../../../inspect/trace/segment.ts";
import { bridge, one, pair, port } from "./interfaces.ts";

const annaIn = (all: readonly DetailedInterface[]): DetailedInterface => {
  const found = all.find(({ place }) => place === "anna");
  if (found === undefined) throw new Error("no anna");
  return found;
};

/** Returns the places that a frame from anna reaches. */
const reached = (all: readonly DetailedInterface[]) => segmentOf(all, annaIn(all)).members.map(({ place }) => place);

test("a frame takes the way around a port that the spanning tree blocks, and none if there is no other", () => {
  const lab = (second: string) => [
    ...[bridge("s1", "br"), bridge("s2", "br")],
    ...[1, 2].flatMap((cable) =>
      pair(port("s1", `up${cable}`, "br"), {
        ...port("s2", `down${cable}`, "br"),
        port: {
          ...{ state: cable === 1 ? "blocking" : second, flood: true, learning: true, hairpin: false },
          ...{ bcastFlood: true, mcastFlood: true },
        },
      }),
    ),
    ...pair(one("anna", "eth0", "veth"), port("s1", "to-anna", "br")),
    ...pair(one("ben", "eth0", "veth"), port("s2", "to-ben", "br")),
  ];
  expect(reached(lab("forwarding"))).toContain("ben");
  const cut = lab("blocking");
  expect(reached(cut)).not.toContain("ben");
  const ben = cut.find((end) => end.place === "ben");
  const closed = closedPort(cut, annaIn(cut), ben, segmentOf(cut, annaIn(cut)));
  expect(closed && closedPortAdvice(closed, "inet")).toEqual({
    reason: "the port down1 of the bridge br in s2 passes no frames: its spanning tree state is blocking",
    hint: "check the root and the costs of the spanning tree: ip netns exec s2 bridge -d link show dev down1",
  });
});
