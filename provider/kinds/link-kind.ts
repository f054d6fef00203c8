import * as v from "valibot";
import type { KernelClient } from "../kernel/kernel.ts";
import { dev, ip } from "../kernel/tools/ip.ts";
import { type Kind, parsePlaceId, placeId, type Transition } from "../kind.ts";
import { isOfStack } from "../owner.ts";
import type { Plan } from "../plan.ts";
import { args, changes, field } from "../schema.ts";
import { mac } from "../values.ts";
import { routesThrough } from "./address-routes.ts";
import { addressingClaims, areRouted, routesOnOthers } from "./addressing.ts";
import { gatewaysAreReachable } from "./addressing-args.ts";
import { portNeedsMaster } from "./bridge-port.ts";
import { importedAddressing } from "./imported-addressing.ts";
import { configureInterface, interfaceState, observeInterface } from "./interface.ts";
import { ipv6NeedsMtu } from "./ipv6.ts";
import { deleteCommand, deleteStep, initialGroup, isInInitialGroup, withDefaultMac } from "./link.ts";
import { distinctNames, linkClaims, releaseNames } from "./link-names.ts";
import { netemClaims } from "./link-netem.ts";
import { initialOptions, type LinkOptions, optionEntries, optionState, optionWords } from "./link-option.ts";
import {
  birthWords,
  creationNamespace,
  importedParent,
  ipBetween,
  isNameTaken,
  observeParent,
  parentIsAnother,
  placeSteps,
  temporaryName,
} from "./link-parent.ts";
import { planRivalDeletes } from "./link-rivals.ts";
import {
  commonFields,
  deviceIn,
  deviceOf,
  devicesOf,
  type LinkKindArgs,
  type LinkSpec,
  mtuField,
  type ObservedLink,
  pick,
} from "./link-spec.ts";
import { observeUnderlay } from "./link-underlay.ts";
import { removeLink } from "./nic-loan.ts";

/** Creates a kind whose object is one link. A veth pair is two links and has its own kind. */
export function linkKind<const Own extends LinkOptions>(
  spec: LinkSpec<Own>,
): Kind<LinkKindArgs<Own>, ObservedLink<LinkKindArgs<Own>>> {
  type Args = LinkKindArgs<Own>;
  const { type, options, settings, warn } = spec;
  const hasMac = (args: Args): boolean => (typeof spec.mac === "function" ? spec.mac(args) : spec.mac !== "none");
  const schema = schemaOf(spec);
  /** Adds the destinations of the routes over the link itself. */
  const routed = (args: Args) =>
    spec.destinations === undefined ? args : { ...args, destinations: spec.destinations(args) };

  return {
    type,
    schema,
    ownership: "mark",
    recreatesSibling: true,
    interfaces: (link) => ({ self: link }),
    applyDefaults(given, mark) {
      const args = spec.applyDefaults?.(given) ?? given;
      return hasMac(args) ? withDefaultMac(args, mark) : args;
    },
    id: ({ namespace, name }) => placeId(namespace, name),
    argsFromId: (id) => ({ ...parsePlaceId(id), ...initialOptions(options), up: true }) as Args,
    withContents: async (kernel, link) => ({
      ...link,
      ...("link" in options && (await importedParent(kernel, link))),
      ...(await importedAddressing(kernel, link)),
    }),
    claims: (link) => [
      ...linkClaims(link),
      ...addressingClaims(routed(link)),
      ...netemClaims(link),
      ...(spec.claims?.(link) ?? []),
    ],

    async observe(kernel, wanted, mark) {
      const { link, addressing, conflicts, mark: linkMark } = await observeInterface(kernel, routed(wanted), mark);
      const found = {
        addressing,
        conflicts,
        isInInitialGroup: link !== undefined && isInInitialGroup(wanted, link, mark),
        isNameTaken: link === undefined && (await isNameTaken(kernel, wanted)),
        unseen: [],
      };
      if (link === undefined) {
        const nameHolder = conflicts.find(({ name }) => name === wanted.name);
        const isInTheWay =
          found.isNameTaken || conflicts.length > 0 || addressing.routes.some(({ seen }) => seen !== undefined);
        return isInTheWay
          ? { ...found, state: undefined, mark: nameHolder === undefined ? mark : nameHolder.mark }
          : undefined;
      }
      const seen = { ...found, mark: linkMark };
      const data = link.linkinfo?.info_data ?? {};
      const device = String(deviceIn(spec, link));
      if (!devicesOf(spec, wanted).includes(device)) return { ...seen, state: undefined };
      const own = optionState(options, {
        ...{ data, device, parent: await observeParent(kernel, wanted, link) },
        underlay: "underlay" in options ? await observeUnderlay(kernel, wanted, link) : undefined,
      });
      const unseen = spec.unseen?.(data, link) ?? [];
      const { mac: address, ...common } = interfaceState(wanted, link, addressing);
      // An unseen value counts as unchanged.
      const state = {
        ...{ ...common, ...(hasMac({ ...wanted, ...own }) && { mac: address }), ...own, ...pick(wanted, unseen) },
        ...(spec.destinations && { routes: spec.destinations(wanted) !== undefined && areRouted(addressing) }),
      };
      const is = { ...state, ...(await settings?.observe(kernel, wanted, link)) } as Args;
      return { ...seen, unseen, state: is, outdated: await spec.outdated?.(kernel, is, wanted) };
    },

    plan({ seen, was, desired, mark }) {
      if (desired === undefined) return seen?.state === undefined ? [] : [deleteStep(seen.state)];
      const isLeftOver = was === undefined && seen?.mark === mark;
      return seen?.state === undefined || (isLeftOver && isReplaced(seen.state, desired))
        ? create({ seen, desired, mark })
        : update({ seen, is: seen.state, was, desired, mark });
    },

    ...(spec.claims && {
      makeRoom: (kernel: KernelClient, change: Transition<Args, unknown>) => planRivalDeletes(spec, kernel, change),
    }),

    restores: (kernel, link, isDeclared) => routesThrough(kernel, [link], isDeclared),

    ...(warn && { warn }),
    ...(spec.generate && { generate: spec.generate }),
    ...(spec.derive && { derive: spec.derive }),
  };

  /** Returns whether a link of a killed run must be created again, because an argument that replaces it has changed since. */
  function isReplaced(is: Args, desired: Args): boolean {
    return changes(schema, is, desired).some(({ replaces }) => replaces);
  }

  type LinkChange = Pick<Transition<Args, ObservedLink<Args>>, "seen" | "mark"> & { readonly desired: Args };

  function create({ seen, desired, mark }: LinkChange): Plan {
    const initialMtu = spec.initialMtu?.(desired);
    const isBare = spec.createdBy !== undefined;
    const birthplace = spec.isMovedToPlace ? creationNamespace(desired) : desired.namespace;
    const isMarkedWithName = isBare || birthplace !== desired.namespace;
    const initial = {
      ...desired,
      ...(isBare && { mac: undefined }),
      mtu: initialMtu,
      master: undefined,
      up: false,
      alias: isMarkedWithName ? mark : undefined,
      isInInitialGroup: !isBare,
    };
    const name = isMarkedWithName || seen?.isNameTaken ? temporaryName(mark) : desired.name;
    const born = { namespace: birthplace, name };
    const words = [
      ...(spec.isMovedToPlace ? [] : birthWords(desired)),
      ...["name", name, "group", initialGroup(desired, mark)],
      ...(desired.mac === undefined ? [] : ["address", desired.mac]),
      ...(initialMtu === undefined ? [] : ["mtu", initialMtu]),
      ...["type", deviceOf(spec, desired), ...optionWords(options, initialOptions(options), desired)],
    ];
    const { conflicts = [], addressing } = seen ?? {};
    return [
      ...(addressing?.link === undefined ? [] : removeLink(desired, addressing.link)),
      ...releaseNames(conflicts, mark),
      ...(name === desired.name ? [] : [deleteStep(born)]),
      {
        run: spec.createdBy?.(desired, name) ?? ipBetween(creationNamespace(desired), birthplace, "add", ...words),
        undo: deleteCommand(born),
      },
      ...placeSteps(born, desired, isMarkedWithName ? mark : undefined),
      ...(settings?.plan(undefined, desired, undefined) ?? []),
      ...configureInterface({
        current: initial,
        addressing: addressing && routesOnOthers(addressing, [desired]),
        desired: routed(desired),
        mark,
      }),
    ];
  }

  function update({
    seen,
    is,
    was,
    desired,
    mark,
  }: LinkChange & { readonly is: Args; readonly was: Args | undefined }): Plan {
    const { namespace, name } = desired;
    const { addressing, conflicts = [], isInInitialGroup = false, unseen = [] } = seen ?? {};
    const words = optionWords(options, omit(is, unseen), desired);
    const mtu = spec.optionsChangeMtu && words.length > 0 ? undefined : is.mtu;
    const hasOwnMac = was === undefined ? isOfStack(seen?.mark, mark) : was.mac !== undefined;
    const mac = spec.followsMac && !hasOwnMac ? undefined : is.mac;
    return [
      // A separate command: the kernel applies options before the other attributes.
      ...(words.length === 0
        ? []
        : [
            {
              run: ip(
                namespace,
                "link",
                "set",
                ...[dev(name), "type", deviceOf(spec, desired), ...(spec.changeWords?.(desired) ?? []), ...words],
              ),
            },
          ]),
      ...(settings?.plan(is, desired, was) ?? []),
      ...(seen?.outdated ?? []),
      ...configureInterface({
        current: { ...is, mac, mtu, alias: addressing?.link?.ifalias, isInInitialGroup },
        ...{ seen: is, addressing, conflicts, was: was && routed(was), desired: routed(desired), mark },
      }),
    ];
  }
}

const omit = (args: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(args).filter(([name]) => !names.includes(name)));

/** Creates a kind whose links have no MAC address of their own. */
export const linkKindWithoutMac = <const Own extends LinkOptions>(spec: Omit<LinkSpec<Own>, "mac">) =>
  linkKind({ ...spec, mac: "none" }) as unknown as Kind<
    Omit<LinkKindArgs<Own>, "mac">,
    ObservedLink<Omit<LinkKindArgs<Own>, "mac">>
  >;

/** Returns the schema of the common arguments and the options. Its type cannot be inferred: the options' names are not known here. */
function schemaOf<Own extends LinkOptions>({ options, mac: macOf, mtu, rules = [] }: LinkSpec<Own>) {
  const fixedMac = macOf === "fixed" && { mac: v.optional(field(mac(), { replaces: true })) };
  const { mac: _mac, ...withoutMac } = commonFields;
  const common = macOf === "none" ? (withoutMac as typeof commonFields) : { ...commonFields, ...fixedMac };
  const own: v.ObjectEntries = optionEntries(options);
  const known = v.pipe(
    args({ ...common, mtu: mtuField(mtu), ...own }),
    gatewaysAreReachable(),
    ipv6NeedsMtu(),
    distinctNames(),
    portNeedsMaster(),
    parentIsAnother(),
  );
  return v.pipe(known, ...(rules as unknown as [])) as unknown as Kind<LinkKindArgs<Own>>["schema"];
}
