import { expect, test } from "vitest";
import { route } from "../../../provider/kinds/route.ts";
import { showPlan } from "../../../provider/plan.ts";
import { MARK, ready } from "../samples.ts";
import { foreign, seen, V4, V6 } from "./route-sample.ts";

const BOTH = "protocol 201";

test.each([
  [V4, `ip -4 route add 10.7.0.0/16 via 192.168.15.5 ${BOTH}`],
  [{ ...V4, namespace: "red" }, `ip -n red -4 route add 10.7.0.0/16 via 192.168.15.5 ${BOTH}`],
  [{ destination: "default", via: "192.168.15.5" }, `ip -4 route add default via 192.168.15.5 ${BOTH}`],
  [{ destination: "default", via: "fd00:15::5" }, `ip -6 route add default via fd00:15::5 metric 1024 ${BOTH}`],
  [{ destination: "10.7.0.0/16", interface: "eth0" }, `ip -4 route add 10.7.0.0/16 dev eth0 ${BOTH}`],
  [
    { ...V4, interface: "eth0", source: "192.168.15.1", mtu: 1400, metric: 50, table: 100 },
    `ip -4 route add 10.7.0.0/16 via 192.168.15.5 dev eth0 metric 50 table 100 src 192.168.15.1 mtu 1400 ${BOTH}`,
  ],
  [{ destination: "10.7.0.0/16", type: "blackhole" }, `ip -4 route add blackhole 10.7.0.0/16 ${BOTH}`],
  [{ destination: "fd07::/64", type: "prohibit" }, `ip -6 route add prohibit fd07::/64 metric 1024 ${BOTH}`],
  [
    { destination: "default", via: "172.31.1.1", interface: "eth0", onlink: true, metric: 5 },
    `ip -4 route add default via 172.31.1.1 dev eth0 onlink metric 5 ${BOTH}`,
  ],
])("the plan to add %j", (args, text) => {
  expect(showPlan(route.plan({ seen: undefined, desired: ready(route, args), mark: MARK, ownsPlace: true }))).toBe(
    text,
  );
});

test.each([
  ["no change", V4, V4, ""],
  ["an interface that the kernel chose", { ...V4, interface: "eth0" }, V4, ""],
  ["another gateway", V4, { ...V4, via: "192.168.15.6" }, `ip -4 route replace 10.7.0.0/16 via 192.168.15.6 ${BOTH}`],
  [
    "another type",
    V4,
    { destination: "10.7.0.0/16", type: "unreachable" },
    `ip -4 route replace unreachable 10.7.0.0/16 ${BOTH}`,
  ],
  [
    "a gateway that becomes onlink",
    { ...V4, interface: "eth0" },
    { ...V4, interface: "eth0", onlink: true },
    `ip -4 route replace 10.7.0.0/16 via 192.168.15.5 dev eth0 onlink ${BOTH}`,
  ],
  ["a removed MTU", { ...V4, mtu: 1400 }, V4, `ip -4 route replace 10.7.0.0/16 via 192.168.15.5 ${BOTH}`],
])("the plan for %s", (_what, is, to, text) => {
  expect(showPlan(route.plan({ seen: seen(is), desired: ready(route, to), mark: MARK, ownsPlace: true }))).toBe(text);
});

test.each([
  ["without other differences", V4, V4, `ip -4 route replace 10.7.0.0/16 via 192.168.15.5 ${BOTH}`],
  [
    "without other differences but for a value that the kernel chose",
    { ...V4, interface: "eth0" },
    V4,
    `ip -4 route replace 10.7.0.0/16 via 192.168.15.5 ${BOTH}`,
  ],
  [
    "of IPv6 in a namespace",
    { ...V6, namespace: "red" },
    { ...V6, namespace: "red" },
    `ip -n red -6 route replace fd07::/64 via fd00:15::5 metric 1024 ${BOTH}`,
  ],
  [
    "of type blackhole",
    { destination: "10.7.0.0/16", type: "blackhole" },
    { destination: "10.7.0.0/16", type: "blackhole" },
    `ip -4 route replace blackhole 10.7.0.0/16 ${BOTH}`,
  ],
  [
    "with another gateway",
    V4,
    { ...V4, via: "192.168.15.6" },
    `ip -4 route replace 10.7.0.0/16 via 192.168.15.6 ${BOTH}`,
  ],
])("the plan for a route of another protocol %s sets the protocol of this package", (_what, is, to, text) => {
  expect(showPlan(route.plan({ seen: foreign(is), desired: ready(route, to), mark: MARK, ownsPlace: true }))).toBe(
    text,
  );
});

test.each([
  ["a route of another protocol", foreign(V4), ""],
  ["a route", seen({ ...V6, namespace: "red" }), "ip -n red -6 route delete fd07::/64 via fd00:15::5 metric 1024"],
  [
    "a route of type blackhole",
    seen({ destination: "10.7.0.0/16", type: "blackhole" }),
    "ip -4 route delete blackhole 10.7.0.0/16",
  ],
  ["a missing route", undefined, ""],
  ["a route of a type that no argument can describe", { ...foreign(V4), state: undefined }, ""],
  ["a route of another stack", { ...seen(V4), mark: "pulumi-netns:lab/prod:it@0123abcd" }, ""],
  ["a foreign route over a link of the stack", { ...foreign(V4), onOwnLink: true }, ""],
])("the plan to delete %s", (_what, seen, text) => {
  const plan = route.plan({ seen, desired: undefined, mark: MARK });
  expect(showPlan(plan)).toBe(text);
  expect(plan.every((step) => step.tolerate?.includes("absent"))).toBe(true);
});
