import * as v from "valibot";
import { familyOf } from "../cidr.ts";
import { args, field, group, groups, isUnknown, rule } from "../schema.ts";
import { observedOnly } from "../value.ts";
import { flag, integer, interfaceName, ip, namespaceName, oneOf } from "../values.ts";

/** Declares the number of a next hop. */
export const nexthopNumber = () => integer("the number of a next hop", 1, 4_294_967_295, 10);

const member = group(
  {
    nhid: field(nexthopNumber(), { shorthand: "nexthop" }),
    weight: v.optional(field(integer("the weight of a next hop", 1, 256, 2)), 1),
  },
  undefined,
  "put the number into an object, e.g. { nhid: 10 }",
);

const fields = args({
  namespace: v.optional(field(namespaceName(), { replaces: true })),
  nhid: field(nexthopNumber(), { replaces: true }),
  // The kernel refuses IPv4 while routes of IPv6 use the next hop, and a blackhole while a group has other members beside it.
  family: v.optional(
    field(oneOf(["inet", "inet6"]), { computed: true, replaces: (old, now) => old === "inet6" && now === "inet" }),
  ),
  via: v.optional(field(ip())),
  interface: v.optional(field(interfaceName())),
  onlink: v.optional(field(flag()), false),
  blackhole: v.optional(field(flag(), { replaces: (_old, now) => now === true }), false),
  // The kernel cannot turn a next hop into a group, or a group into a next hop.
  group: v.optional(
    groups(member, "a list of next hops, e.g. [{ nhid: 10 }, { nhid: 11, weight: 2 }]", {
      replaces: (old, now) => (old === undefined) !== (now === undefined),
    }),
  ),
  protocol: v.optional(
    field(observedOnly("the protocol of an equal next hop of others in the kernel"), { setBySdk: true }),
  ),
});

/** The arguments of a next hop. */
export type NexthopArgs = v.InferOutput<typeof fields>;

/** The schema of a next hop's arguments. */
export const nexthopSchema = v.pipe(
  fields,
  rule<NexthopArgs, "via" | "interface" | "blackhole" | "group">(
    ["via", "interface", "blackhole", "group"],
    ({ via, interface: link, blackhole, group: members }) => {
      const uses = [(via ?? link) !== undefined, blackhole, members !== undefined].filter(Boolean).length;
      if (uses === 0)
        return {
          at: "interface",
          why: `missing: a next hop requires an interface, e.g. "eth0", a group, or blackhole`,
        };
      if (uses > 1)
        return { at: members === undefined ? "blackhole" : "group", why: "takes the place of via and interface" };
      return via !== undefined && link === undefined
        ? { at: "interface", why: "missing: a next hop with a gateway requires its interface, too" }
        : undefined;
    },
  ),
  rule<NexthopArgs, "onlink" | "via">(["onlink", "via"], ({ onlink, via }) =>
    onlink && via === undefined ? { at: "onlink", why: "requires a gateway; set via" } : undefined,
  ),
  rule<NexthopArgs, "family" | "via" | "group">(["family", "via", "group"], ({ family, via, group: members }) => {
    if (family === undefined) return undefined;
    if (members !== undefined) return { at: "family", why: "has no effect: a group has the families of its members" };
    return via === undefined || familyOf(via) === family
      ? undefined
      : { at: "family", why: `"${family}" is not the family of the gateway ${via}` };
  }),
  rule<NexthopArgs, "group" | "nhid">(["group", "nhid"], ({ group: members, nhid }) => {
    if (!Array.isArray(members)) return undefined;
    const numbers = members.map((one) => one.nhid).filter((number) => !isUnknown(number));
    if (numbers.includes(nhid)) return { at: "group", why: `lists the next hop ${nhid} itself` };
    const twice = numbers.find((one, index) => numbers.indexOf(one) !== index);
    return twice === undefined
      ? undefined
      : { at: "group", why: `lists the next hop ${twice} twice; give it a weight instead` };
  }),
);
