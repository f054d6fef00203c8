import type { Claim } from "../claims.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import { type Link, listNamespaces, showLinks } from "../kernel/tools/ip.ts";
import type { Transition } from "../kind.ts";
import { isOfStack } from "../owner.ts";
import type { Plan } from "../plan.ts";
import { cidrOf } from "./address-order.ts";
import { deleteStep, type LinkPlace, linkMark } from "./link.ts";
import { type LinkOptions, optionState } from "./link-option.ts";
import { importedParent } from "./link-parent.ts";
import { deviceIn, deviceOf, type LinkKindArgs, type LinkSpec, pick } from "./link-spec.ts";
import { observeUnderlay } from "./link-underlay.ts";

/** A link in its place. */
interface Candidate {
  readonly link: Link;
  readonly place: LinkPlace;
}

/**
 * Plans the delete of the stack's links that the kernel does not allow beside the wanted one, in any namespace: they claim the same as
 * the wanted link, for example a VXLAN identifier. Such a link is one that the program no longer has, or that it changes in the same run.
 */
export async function planRivalDeletes<Own extends LinkOptions>(
  spec: LinkSpec<Own>,
  kernel: KernelClient,
  { desired, mark, run }: Transition<LinkKindArgs<Own>, unknown>,
): Promise<Plan> {
  const claimsOf = (args: LinkKindArgs<Own>): readonly Claim[] => spec.claims?.(args) ?? [];
  const wanted = desired === undefined ? [] : claimsOf(desired);
  if (desired === undefined || wanted.length === 0) return [];
  const devices = [deviceOf(spec, desired), ...(spec.claimsAlsoOf ?? [])];
  const declared = new Set(run?.declared());
  const candidates = (await allLinks(kernel)).filter(
    ({ place, link }) =>
      devices.includes(String(deviceIn(spec, link))) &&
      isOfStack(linkMark(place, link, mark), mark) &&
      !(place.namespace === desired.namespace && place.name === desired.name),
  );
  const rivals = await Promise.all(
    candidates.map(async ({ link, place }) => {
      const found = await argsOf(spec, kernel, { link, place });
      const unseen = spec.unseen?.(link.linkinfo?.info_data ?? {}, link) ?? [];
      // A value that the kernel does not show cannot keep a link which the program no longer has.
      const assumed = declared.has(String(linkMark(place, link, mark))) ? {} : pick(desired, unseen);
      const own = claimsOf({ ...found, ...assumed });
      return own.some((one) => wanted.some((other) => isExclusive(one, other))) ? [place] : [];
    }),
  );
  return rivals.flat().map(deleteStep);
}

/** Returns whether only one of two claims is possible. */
const isExclusive = (one: Claim, other: Claim): boolean =>
  one.name === other.name &&
  (one.sharedValue === undefined || (one.sharedValue !== other.sharedValue && !one.changesTogether));

async function allLinks(kernel: KernelClient): Promise<Candidate[]> {
  const namespaces = [undefined, ...(await listNamespaces(kernel)).map(({ name }) => name)];
  const found = await Promise.all(
    namespaces.map(async (namespace) =>
      ((await showLinks(kernel, namespace)) ?? []).map((link) => ({ link, place: { namespace, name: link.ifname } })),
    ),
  );
  return found.flat();
}

/** Returns a link in terms of the arguments that claims depend on. */
async function argsOf<Own extends LinkOptions>(
  spec: LinkSpec<Own>,
  kernel: KernelClient,
  { link, place }: Candidate,
): Promise<LinkKindArgs<Own>> {
  const { link: name, linkNamespace: namespace } = "link" in spec.options ? await importedParent(kernel, place) : {};
  const common = {
    ...place,
    mac: link.address,
    up: link.flags.includes("UP"),
    addresses: link.addr_info.map(cidrOf),
  } as unknown as LinkKindArgs<Own>;
  const own = optionState(spec.options, {
    data: link.linkinfo?.info_data ?? {},
    device: String(deviceIn(spec, link)),
    parent: name === undefined ? undefined : { name, namespace },
    underlay: "underlay" in spec.options ? await observeUnderlay(kernel, place, link) : undefined,
  });
  return { ...common, ...own, ...(await spec.settings?.observe(kernel, common, link)) };
}
