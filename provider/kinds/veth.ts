import * as v from "valibot";
import { ip, type Link, showLink } from "../kernel/ip.ts";
import { type Kind, type Observed, place, placed } from "../kind.ts";
import { stackOf } from "../owner.ts";
import { args, field, group, rule } from "../schema.ts";
import { interfaceName, mtu } from "../values.ts";
import { adjust, birth, deletion, drop, linkClaim, linkFields, linkState, markIn, newborn, withMac } from "./link.ts";

const end = () =>
  group({
    ...linkFields,
    mtu: v.optional(field(mtu()), 1500),
    master: v.optional(field(interfaceName())),
  });

const ends = args({ a: end(), b: end() });

type VethArgs = v.InferOutput<typeof ends>;
type End = VethArgs["a"];

const twoPlaces = rule<VethArgs, "a" | "b">(["a", "b"], ({ a, b }) =>
  a.name === b.name && a.namespace === b.namespace
    ? { at: "b", why: `both ends are named "${a.name}" in the same namespace; give one another name or namespace` }
    : undefined,
);

interface Seen extends Observed<VethArgs> {
  /** The links that stand where the ends are to be, whatever they are. */
  readonly holders: readonly {
    readonly end: End;
    readonly alias: string | undefined;
    readonly mark: string | undefined;
  }[];
}

export const veth: Kind<VethArgs, Seen> = {
  type: "Veth",
  schema: v.pipe(ends, twoPlaces),
  proof: "mark",
  complete: ({ a, b }, mark) => ({ a: withMac(a, mark), b: withMac(b, mark) }),
  id: ({ a, b }) => `${place(a.namespace, a.name)}:${place(b.namespace, b.name)}`,
  locate: (id) => {
    const [a = "", b = ""] = id.split(":");
    return { a: { ...placed(a), mtu: 1500, up: true }, b: { ...placed(b), mtu: 1500, up: true } };
  },
  claims: ({ a, b }) => [linkClaim(a), linkClaim(b)],

  async observe(kernel, { a, b }, mark) {
    const [left, right] = await Promise.all([
      showLink(kernel, a.namespace, a.name),
      showLink(kernel, b.namespace, b.name),
    ]);
    const holders = [
      ...(left === undefined ? [] : [{ end: a, alias: left.ifalias, mark: markIn(a, left, mark) }]),
      ...(right === undefined ? [] : [{ end: b, alias: right.ifalias, mark: markIn(b, right, mark) }]),
    ];
    const [first] = holders;
    if (first === undefined) return undefined;
    const foreign = holders.find((holder) => stackOf(holder.mark) !== stackOf(mark));
    const own = holders.find((holder) => holder.mark === mark);
    // One end says whose a pair is. Of two that are no pair, a stranger's is the one to be careful with.
    return left && right && arePair(left, right)
      ? { state: { a: endState(left, a), b: endState(right, b) }, mark: (own ?? foreign ?? first).mark, holders }
      : { state: undefined, mark: (foreign ?? own ?? first).mark, holders };
  },

  plan({ seen, desired, mark }) {
    if (desired === undefined) {
      const ours = seen?.holders.filter((holder) => holder.mark === mark) ?? [];
      // One end takes the other with it; two that are no pair go one by one.
      return (seen?.state === undefined ? ours : ours.slice(0, 1)).map(({ end }) => drop(end));
    }
    const { a, b } = desired;
    if (seen?.state !== undefined) {
      const [left, right] = seen.holders;
      return [
        ...adjust({ ...seen.state.a, alias: left?.alias }, a, mark),
        ...adjust({ ...seen.state.b, alias: right?.alias }, b, mark),
      ];
    }
    return [
      ...(seen?.holders ?? []).map(({ end }) => drop(end)),
      {
        // Both ends are born in their places, so no name is needed, or taken, anywhere else.
        run: ip(undefined, "link", "add", ...born(a, mark), "type", "veth", "peer", ...born(b, mark)),
        undo: deletion(a),
      },
      ...adjust(newborn(a, mark), a, mark),
      ...adjust(newborn(b, mark), b, mark),
    ];
  },
};

const born = (end: End, mark: string): (string | number)[] => [
  ...birth(end, mark),
  ...(end.namespace === undefined ? [] : ["netns", end.namespace]),
];

const endState = (link: Link, { namespace }: End): End => linkState(link, namespace);

/** `ip` tells of the other end by name in the same namespace, and by number in another. */
function arePair(left: Link, right: Link): boolean {
  if (left.linkinfo?.info_kind !== "veth" || right.linkinfo?.info_kind !== "veth") return false;
  if (left.link_index === undefined) return left.link === right.ifname && right.link === left.ifname;
  return left.link_index === right.ifindex && right.link_index === left.ifindex;
}
