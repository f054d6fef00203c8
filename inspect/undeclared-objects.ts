import { type Family, familyOf } from "../provider/cidr.ts";
import type { KernelClient } from "../provider/kernel/kernel.ts";
import { showNeighbors } from "../provider/kernel/tools/neigh.ts";
import { showRules } from "../provider/kernel/tools/rule.ts";
import { showAllQdiscs } from "../provider/kernel/tools/tc.ts";
import type { FilterArgs } from "../provider/kinds/filter-args.ts";
import { chainName } from "../provider/kinds/filter-chain.ts";
import { netem } from "../provider/kinds/netem-options.ts";
import { isSetByHand } from "../provider/kinds/qdisc.ts";
import { PROTOCOL } from "../provider/kinds/route.ts";
import { entryWords } from "../provider/kinds/routing-rule-text.ts";
import { inParallel } from "./parallel.ts";
import { placeAt } from "./place.ts";
import type { StackView } from "./stack.ts";
import { hostOf, namespaceOf } from "./stack-hosts.ts";
import { declaredRoutes, undeclaredRoutes } from "./undeclared.ts";
import { type UndeclaredNft, undeclaredNft } from "./undeclared-nft.ts";
import { unlessUnreachable } from "./unless-unreachable.ts";

/** An object in a namespace that the stack has created, which no resource of any stack declares. */
export interface UndeclaredObject {
  /** The namespace. */
  readonly place: string;
  readonly what: "route" | "routing rule" | "neighbor" | UndeclaredNft["what"] | "qdisc";
  /** Its family; undefined if it may concern packets of both. */
  readonly family: Family | undefined;
  /** Its interface, if it is on one that determines it. */
  readonly link: string | undefined;
  /** The object as `ip`, `nft` and `tc` name it. */
  readonly text: string;
}

/**
 * Returns the routes, routing rules, permanent neighbours, nft tables and qdiscs in the namespaces of a stack that were made by hand, and the
 * chains and rules that were added by hand to the tables of stacks: those of the kernel, of routing daemons, of DHCP and of stacks are left out.
 */
export async function undeclaredObjects(kernel: KernelClient, view: StackView): Promise<UndeclaredObject[]> {
  const declared: Declared = { routes: declaredRoutes(view), chains: declaredChains(view) };
  const places = view.resources
    .filter(({ type }) => type === "Namespace")
    .flatMap((resource) => placeAt({ host: hostOf(resource), namespace: namespaceOf(resource) }) ?? []);
  const found = await inParallel(places, (place) =>
    unlessUnreachable([], async () =>
      (
        await Promise.all(
          [routesIn, rulesIn, neighborsIn, nftIn, qdiscsIn].map((objectsIn) => objectsIn(kernel, place, declared)),
        )
      ).flat(),
    ),
  );
  return found.flat();
}

/** What the resources of a stack declare. */
interface Declared {
  readonly routes: ReadonlySet<string>;
  /** The chains of FilterChains, each after its namespace. */
  readonly chains: ReadonlySet<string>;
}

const declaredChains = ({ resources }: StackView): ReadonlySet<string> =>
  new Set(
    resources
      .filter(({ type }) => type === "FilterChain")
      .map((resource) => {
        const place = placeAt({ host: hostOf(resource), namespace: namespaceOf(resource) });
        return `${place} ${chainName(resource.outputs as FilterArgs)}`;
      }),
  );

async function routesIn(kernel: KernelClient, place: string, { routes: known }: Declared): Promise<UndeclaredObject[]> {
  const routes = await undeclaredRoutes(kernel, known, place);
  return routes
    .filter(({ protocol }) => BY_HAND.has(protocol))
    .map(({ family, text }) => ({ place, what: "route", family, link: undefined, text }));
}

/** The protocols of routes that were typed. */
const BY_HAND: ReadonlySet<string> = new Set(["boot", "static"]);

async function rulesIn(kernel: KernelClient, place: string): Promise<UndeclaredObject[]> {
  const families = await Promise.all(
    (["inet", "inet6"] as const).map(async (family) =>
      ((await showRules(kernel, place, family)) ?? [])
        .filter(({ protocol }) => protocol !== PROTOCOL && protocol !== "kernel")
        .map(
          (entry): UndeclaredObject => ({
            ...{ place, what: "routing rule", family, link: undefined, text: entryWords(entry).join(" ") },
          }),
        ),
    ),
  );
  return families.flat();
}

async function neighborsIn(kernel: KernelClient, place: string): Promise<UndeclaredObject[]> {
  return ((await showNeighbors(kernel, place)) ?? [])
    .filter(({ state, protocol }) => state?.includes("PERMANENT") && protocol !== PROTOCOL)
    .map(({ dst, dev, lladdr }) => ({
      ...{ place, what: "neighbor", family: familyOf(dst), link: dev },
      text: lladdr === undefined ? dst : `${dst} lladdr ${lladdr}`,
    }));
}

async function nftIn(kernel: KernelClient, place: string, { chains }: Declared): Promise<UndeclaredObject[]> {
  const found = await undeclaredNft(kernel, place, (chain) => chains.has(`${place} ${chain}`));
  return found.map((one) => ({ place, link: undefined, ...one }));
}

/** Returns the qdiscs at the root of an interface. A netem on a link of the stack is drift of the link, so it is left out. */
async function qdiscsIn(kernel: KernelClient, place: string): Promise<UndeclaredObject[]> {
  return ((await showAllQdiscs(kernel, place)) ?? [])
    .filter(
      (qdisc) => qdisc.root && qdisc.handle !== CHOSEN_BY_KERNEL && isSetByHand(qdisc) && qdisc.kind !== netem.kind,
    )
    .map(({ dev, kind }) => ({ place, what: "qdisc", family: undefined, link: dev, text: `${kind} root` }));
}

const CHOSEN_BY_KERNEL = "0:";
