import * as v from "valibot";
import type { Claim } from "../claims.ts";
import type { IpCommand } from "../kernel/command.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import type { Link } from "../kernel/tools/ip.ts";
import type { Kind, Observed } from "../kind.ts";
import type { Plan } from "../plan.ts";
import { type args, field, valueAt } from "../schema.ts";
import { type MtuLimits, mtu } from "../values.ts";
import type { ObservedAddressing } from "./addressing.ts";
import { interfaceFields } from "./interface.ts";
import type { LinkPlace } from "./link.ts";
import type { NameConflict } from "./link-names.ts";
import { type LinkOptions, type OptionArgs, type OptionSource } from "./link-option.ts";

/** The arguments of every link. */
export const commonFields = { ...interfaceFields, mtu: mtuField() };

/** Declares the MTU of a link, which the kernel chooses if the program does not. */
export function mtuField(limits?: MtuLimits) {
  return v.optional(field(mtu(limits), { computed: true }));
}

export type CommonArgs = v.InferOutput<ReturnType<typeof args<typeof commonFields>>>;

/** The arguments of one kind of link: those of every link, and its own options. */
export type LinkKindArgs<Own extends LinkOptions> = CommonArgs & OptionArgs<Own>;

/** The link observed in the place of a resource. */
export interface ObservedLink<Args extends object> extends Observed<Args> {
  /** The link with the name, of any kind, with its addresses and default routes. */
  readonly addressing: ObservedAddressing;
  readonly isInInitialGroup: boolean;
  readonly conflicts: readonly NameConflict[];
  /** Whether another link has the name in the namespace in which this one is created. */
  readonly isNameTaken: boolean;
  /** The arguments whose value the kernel does not show at present. */
  readonly unseen: readonly string[];
  /** The deletes of what the link has learned that no longer holds when the wanted arguments are set in place. */
  readonly outdated?: Plan | undefined;
}

/** The definition of one kind of link: its differences from the other kinds. */
export interface LinkSpec<Own extends LinkOptions> {
  /** The name of the kind's class in the SDK. */
  readonly type: string;
  /** The kind as `ip link add … type` takes it, or the option whose value it is. */
  readonly device: string | { readonly option: keyof Own & string; readonly values: readonly string[] };
  /** Returns the kind of a link from its `info_data`, for kinds that `ip` shows with the same `info_kind`. */
  readonly deviceIn?: (data: OptionSource["data"]) => unknown;
  /**
   * Returns the command that creates a link, for a kind that `ip link add` does not create. Such a link has no mark until it is renamed, so
   * it is created under a temporary name.
   */
  readonly createdBy?: (args: LinkKindArgs<Own>, name: string) => IpCommand;
  /** Whether a link is created in its underlay's namespace and then moved: a link that is created in another one loses its underlay. */
  readonly isMovedToPlace?: true;
  readonly options: Own;
  /** Whether a link of the kind has a MAC address of its own, which can be changed in place unless it is `fixed`. The default is true. */
  readonly mac?: "fixed" | "none" | ((args: OptionArgs<Own>) => boolean);
  /** Whether a link has the MAC address of its ports or its parent until one is set, which may be the same. */
  readonly followsMac?: true;
  /** The limits of the MTU, where the kernel has others than those of most links. */
  readonly mtu?: MtuLimits;
  /** Fills in the defaults that follow from the other arguments. */
  readonly applyDefaults?: (args: LinkKindArgs<Own>) => LinkKindArgs<Own>;
  /** Returns the words that every change of an option needs. */
  readonly changeWords?: (args: OptionArgs<Own>) => readonly string[];
  /** Whether the kernel may change the MTU of a link when one of its options changes. */
  readonly optionsChangeMtu?: true;
  /** Returns the arguments for which the kernel shows, at present, another value than the link's own. */
  readonly unseen?: (data: OptionSource["data"], link: Link) => readonly ((keyof Own & string) | "mac")[];
  /** Returns the networks to which routes lead over the link itself; undefined if its argument `routes` is false. */
  readonly destinations?: (args: LinkKindArgs<Own>) => readonly string[] | undefined;
  /** Settings of the kind that `ip` does not make. */
  readonly settings?: LinkSettings<LinkKindArgs<Own>>;
  /** Queries what a link has learned that no longer holds with the wanted arguments, and plans its deletes. */
  readonly outdated?: (kernel: KernelClient, is: LinkKindArgs<Own>, wanted: LinkKindArgs<Own>) => Promise<Plan>;
  /** Rules over several options. */
  readonly rules?: readonly (v.RawCheckAction<OptionArgs<Own>> | v.RawCheckAction<LinkKindArgs<Own>>)[];
  /**
   * Returns the names, other than the link's own, that no two resources may share. If the kernel refuses a link because another link of the
   * stack has one of them, that link is deleted.
   */
  readonly claims?: (args: LinkPlace & Partial<LinkKindArgs<Own>>) => readonly Claim[];
  /** Further kinds, as `ip` names them, whose links have the same claims. */
  readonly claimsAlsoOf?: readonly string[];
  /** See {@link Kind.generate}. */
  readonly generate?: Kind["generate"];
  /** See {@link Kind.derive}. */
  readonly derive?: Kind["derive"];
  /** Returns the MTU to create a link with, if the wanted MTU can only be set afterwards. */
  readonly initialMtu?: (args: CommonArgs) => number | undefined;
  readonly warn?: (kernel: KernelClient, args: LinkKindArgs<Own>) => Promise<string | undefined>;
}

/** Returns the kind that a link is to have, as `ip` names it. */
export const deviceOf = <Own extends LinkOptions>({ device }: LinkSpec<Own>, args: OptionArgs<Own>): string =>
  typeof device === "string" ? device : String(valueAt(args, device.option));

/** Returns the kinds of which a link may be, as `ip` names them: all of the kind's if the arguments stem from an id. */
export const devicesOf = <Own extends LinkOptions>(
  { device }: LinkSpec<Own>,
  args: OptionArgs<Own>,
): readonly unknown[] => {
  if (typeof device === "string") return [device];
  const given = valueAt(args, device.option);
  return given === undefined ? device.values : [given];
};

/** Returns the kind of an observed link. */
export const deviceIn = <Own extends LinkOptions>(spec: LinkSpec<Own>, { linkinfo }: Link): unknown =>
  spec.deviceIn?.(linkinfo?.info_data ?? {}) ?? linkinfo?.info_kind;

/** Returns the arguments with these names. */
export const pick = (args: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(args).filter(([name]) => names.includes(name)));

/** Settings of a link by another tool than `ip`. They are made before the link is up. */
export interface LinkSettings<Args extends object> {
  /** Queries the settings of an existing link, in terms of the arguments. */
  readonly observe: (kernel: KernelClient, wanted: Args, link: Link) => Promise<Partial<Args>>;
  /** Plans the change from the observed settings, which are undefined for a new link, and the former arguments. */
  readonly plan: (seen: Args | undefined, desired: Args, was: Args | undefined) => Plan;
}

/** Returns settings that are made one after the other. */
export const severalSettings = <Args extends object>(...all: readonly LinkSettings<Args>[]): LinkSettings<Args> => ({
  observe: async (kernel, wanted, link) =>
    Object.assign({}, ...(await Promise.all(all.map(({ observe }) => observe(kernel, wanted, link))))) as Partial<Args>,
  plan: (seen, desired, was) => all.flatMap(({ plan }) => plan(seen, desired, was)),
});
