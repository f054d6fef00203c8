import * as v from "valibot";
import type { Kernel } from "../kernel/kernel.ts";
import { dev, ip } from "../kernel/tools/ip.ts";
import { type Kind, type Observed, place, placed, type Transition } from "../kind.ts";
import type { Plan } from "../plan.ts";
import { args, field } from "../schema.ts";
import { interfaceName, mac, mtu } from "../values.ts";
import { type Carried, carriedClaims, carriedState, carry, observeCarried, routesOnOthers } from "./endpoint.ts";
import { addresses, gateways, reachable } from "./endpoint-args.ts";
import { ipv6NeedsMtu } from "./ipv6.ts";
import {
  adjust,
  deletion,
  drop,
  initialGroup,
  isInInitialGroup,
  linkFields,
  linkState,
  markIn,
  withMac,
} from "./link.ts";
import { freeNames, linkClaims, observeNames, type Rival, setAltname, twoNames } from "./link-names.ts";
import { initialOptions, type LinkOptions, type OptionArgs, optionState, optionWords } from "./link-option.ts";
import { namespaceOfCreate, observeParent, parentWords, reachesPlace } from "./link-parent.ts";

/** The arguments of every link. */
const common = {
  ...linkFields,
  mtu: v.optional(field(mtu(), { automatic: true })),
  master: v.optional(field(interfaceName())),
  addresses: addresses(),
  gateways: gateways(),
};

type CommonArgs = v.InferOutput<ReturnType<typeof args<typeof common>>>;

/** The arguments of one kind of link: those of every link, and its own options. */
export type LinkKindArgs<Own extends LinkOptions> = CommonArgs & OptionArgs<Own>;

/** What was seen in the place of a link. */
export interface ObservedLink<Args extends object> extends Observed<Args> {
  /** The link that has the name, of whatever kind, and what it carries. */
  readonly carried: Carried;
  readonly isInInitialGroup: boolean;
  readonly rivals: readonly Rival[];
}

/** What distinguishes one kind of link from the others. */
export interface LinkSpec<Own extends LinkOptions> {
  /** The name of its class in the SDK. */
  readonly type: string;
  /** The kind as `ip link add … type` takes it. */
  readonly device: string;
  readonly options: Own;
  /** Whether a link of the kind keeps the MAC address that it is created with. */
  readonly keepsMac?: true;
  /** Rules over several options. */
  readonly rules?: readonly v.RawCheckAction<OptionArgs<Own>>[];
  /** The MTU that a link is created with, where the wanted one can only be set afterwards. */
  readonly initialMtu?: (args: CommonArgs) => number | undefined;
  readonly warn?: (kernel: Kernel, args: LinkKindArgs<Own>) => Promise<string | undefined>;
}

/** Makes a kind whose object is one link. A veth pair is two links, and has a kind of its own. */
export function linkKind<const Own extends LinkOptions>(
  spec: LinkSpec<Own>,
): Kind<LinkKindArgs<Own>, ObservedLink<LinkKindArgs<Own>>> {
  type Args = LinkKindArgs<Own>;
  const { type, device, options, warn } = spec;

  return {
    type,
    schema: schemaOf(spec),
    proof: "mark",
    remakes: true,
    interfaces: (link) => ({ self: link }),
    complete: withMac,
    id: ({ namespace, name }) => place(namespace, name),
    locate: (id) => ({ ...placed(id), ...initialOptions(options), up: true }) as Args,
    claims: (link) => [...linkClaims(link), ...carriedClaims(link)],

    async observe(kernel, wanted, mark) {
      const { link, rivals } = await observeNames(kernel, wanted, mark);
      const carried = await observeCarried(kernel, wanted, link, mark);
      const found = { carried, rivals, isInInitialGroup: link !== undefined && isInInitialGroup(wanted, link, mark) };
      if (link === undefined) {
        const holder = rivals.find(({ name }) => name === wanted.name);
        const isInTheWay = rivals.length > 0 || carried.routes.some(({ seen }) => seen !== undefined);
        return isInTheWay ? { ...found, state: undefined, mark: holder === undefined ? mark : holder.mark } : undefined;
      }
      const seen = { ...found, mark: markIn(wanted, link, mark) };
      const { info_kind, info_data: data = {} } = link.linkinfo ?? {};
      if (info_kind !== device) return { ...seen, state: undefined };
      const own = optionState(options, { data, parent: await observeParent(kernel, wanted, link) });
      return { ...seen, state: { ...linkState(link, wanted), ...own, ...carriedState(wanted, carried) } as Args };
    },

    plan({ seen, was, desired, mark }) {
      if (desired === undefined) return seen?.state === undefined ? [] : [drop(seen.state)];
      return seen?.state === undefined
        ? create({ seen, desired, mark })
        : update({ seen, is: seen.state, was, desired, mark });
    },

    ...(warn && { warn }),
  };

  type Wanted = Pick<Transition<Args, ObservedLink<Args>>, "seen" | "mark"> & { readonly desired: Args };

  function create({ seen, desired, mark }: Wanted): Plan {
    const initialMtu = spec.initialMtu?.(desired);
    const initial = {
      ...desired,
      mtu: initialMtu,
      master: undefined,
      up: false,
      alias: undefined,
      isInInitialGroup: true,
    };
    const words = [
      ...parentWords(desired),
      ...["name", desired.name, "group", initialGroup(desired, mark)],
      ...(desired.mac === undefined ? [] : ["address", desired.mac]),
      ...(initialMtu === undefined ? [] : ["mtu", initialMtu]),
      ...["type", device, ...optionWords(options, initialOptions(options), desired)],
    ];
    const { rivals = [], carried } = seen ?? {};
    return [
      ...(carried?.link === undefined ? [] : [drop(desired)]),
      ...freeNames(rivals, mark),
      { run: ip(namespaceOfCreate(desired), "link", "add", ...words), undo: deletion(desired) },
      ...adjust(initial, desired, mark),
      ...setAltname({ seen: undefined, was: undefined, desired }),
      ...carry({ carried: carried && routesOnOthers(carried, [desired]), desired, mark }),
    ];
  }

  function update({
    seen,
    is,
    was,
    desired,
    mark,
  }: Wanted & { readonly is: Args; readonly was: Args | undefined }): Plan {
    const { namespace, name } = desired;
    const words = optionWords(options, is, desired);
    const { carried, rivals = [], isInInitialGroup = false } = seen ?? {};
    return [
      // A command of its own: the kernel applies options before the other attributes.
      ...(words.length === 0 ? [] : [{ run: ip(namespace, "link", "set", dev(name), "type", device, ...words) }]),
      ...adjust({ ...is, alias: carried?.link?.ifalias, isInInitialGroup }, desired, mark),
      ...freeNames(rivals, mark),
      ...setAltname({ seen: is, was, desired }),
      ...carry({ seen: is, carried, was, desired, mark }),
    ];
  }
}

/** The schema over the arguments of every link and the options. Its type cannot be inferred, as the options have no names here. */
function schemaOf<Own extends LinkOptions>({ options, keepsMac, rules = [] }: LinkSpec<Own>) {
  const fixedMac = keepsMac && { mac: v.optional(field(mac(), { replaces: true })) };
  const own = Object.fromEntries(Object.entries(options).map(([name, { entry }]) => [name, entry]));
  const known = v.pipe(
    args({ ...common, ...fixedMac, ...own }),
    reachable(),
    ipv6NeedsMtu(),
    twoNames(),
    reachesPlace(),
  );
  return v.pipe(known, ...(rules as unknown as [])) as unknown as Kind<LinkKindArgs<Own>>["schema"];
}
