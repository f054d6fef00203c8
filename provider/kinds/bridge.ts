import * as v from "valibot";
import { switchingIsEaten } from "../forwarding.ts";
import { ip, showLink } from "../kernel/ip.ts";
import { type Kind, type Observed, place, placed } from "../kind.ts";
import { args, field } from "../schema.ts";
import { flag, mtu } from "../values.ts";
import { addresses, type Carried, carriedClaims, carriedState, carry, observeCarried } from "./endpoint.ts";
import { ipv6NeedsMtu } from "./ipv6.ts";
import {
  adjust,
  birth,
  deletion,
  drop,
  linkClaims,
  linkFields,
  linkState,
  markIn,
  newborn,
  rename,
  twoNames,
  withMac,
} from "./link.ts";

const schema = v.pipe(
  args({
    ...linkFields,
    mtu: v.optional(field(mtu(), { automatic: true })),
    stp: v.optional(field(flag()), false),
    vlanFiltering: v.optional(field(flag()), false),
    addresses: addresses(),
  }),
  ipv6NeedsMtu(),
  twoNames(),
);

type BridgeArgs = v.InferOutput<typeof schema>;

interface Seen extends Observed<BridgeArgs> {
  readonly alias: string | undefined;
  readonly carried?: Carried;
}

export const bridge: Kind<BridgeArgs, Seen> = {
  type: "Bridge",
  schema,
  proof: "mark",
  remakes: true,
  interfaces: (bridge) => ({ self: bridge }),
  complete: withMac,
  id: ({ namespace, name }) => place(namespace, name),
  locate: (id) => ({ ...placed(id), ...FRESH, up: true }),
  claims: (bridge) => [...linkClaims(bridge), ...carriedClaims(bridge)],

  async observe(kernel, wanted, owner) {
    const { namespace, name } = wanted;
    const link = await showLink(kernel, namespace, name);
    if (link === undefined) return undefined;
    const carried = await observeCarried(kernel, wanted, link, owner);
    const found = { mark: markIn(wanted, link, owner), alias: link.ifalias, carried };
    if (link.linkinfo?.info_kind !== "bridge") return { ...found, state: undefined };
    const { stp_state, vlan_filtering } = link.linkinfo.info_data ?? {};
    const options = { stp: stp_state === 1, vlanFiltering: vlan_filtering === 1 };
    return { ...found, state: { ...linkState(link, wanted), ...options, ...carriedState(wanted, carried) } };
  },

  plan({ seen, was, desired, mark }) {
    if (desired === undefined) return seen?.state === undefined ? [] : [drop(seen.state)];
    const { namespace, name } = desired;
    if (seen?.state !== undefined) {
      const options = differing(seen.state, desired);
      return [
        ...(options.length === 0
          ? []
          : [{ run: ip(namespace, "link", "set", "dev", name, "type", "bridge", ...options) }]),
        ...adjust({ ...seen.state, alias: seen.alias }, desired, mark),
        ...rename({ seen: seen.state, was, desired }),
        ...carry({ seen: seen.state, carried: seen.carried, was, desired, mark }),
      ];
    }
    const child = { ...desired, mtu: birthMtu(desired) };
    return [
      ...(seen === undefined ? [] : [drop(desired)]),
      {
        run: ip(namespace, "link", "add", ...birth(child, mark), "type", "bridge", ...differing(FRESH, desired)),
        undo: deletion(desired),
      },
      ...adjust(newborn(child, mark), desired, mark),
      ...rename({ seen: undefined, was, desired }),
      ...carry({ desired, mark }),
    ];
  },

  warn: (kernel, { namespace }) => switchingIsEaten(kernel, namespace),
};

/**
 * A bridge follows the smallest MTU of its ports until its own is changed; being born with it, or being told what it has
 * already, does not count. So one that is to have the kernel's default is born with another.
 */
const birthMtu = ({ mtu }: BridgeArgs): number | undefined => (mtu === 1500 ? 1280 : undefined);

const FRESH = { stp: false, vlanFiltering: false };

function differing(is: Pick<BridgeArgs, "stp" | "vlanFiltering">, to: typeof is): string[] {
  return [
    ...(is.stp === to.stp ? [] : ["stp_state", bit(to.stp)]),
    ...(is.vlanFiltering === to.vlanFiltering ? [] : ["vlan_filtering", bit(to.vlanFiltering)]),
  ];
}

const bit = (on: boolean): string => (on ? "1" : "0");
