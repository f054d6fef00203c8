import * as v from "valibot";
import { type Link, showLink } from "../kernel/tools/ip.ts";
import { showQdiscs } from "../kernel/tools/tc.ts";
import { type Kind, type Observed, onInterface, placeId } from "../kind.ts";
import type { Plan } from "../plan.ts";
import { args, changes, field, type Schema } from "../schema.ts";
import { interfaceName, namespaceName, oneOf } from "../values.ts";
import {
  deleteIngress,
  hasIngress,
  ifbOf,
  ingressClaims,
  isOurIngress,
  isRedirected,
  type ObservedIngress,
  observeIngress,
  planIngress,
} from "./ingress.ts";
import { type LinkPlace, linkMark } from "./link.ts";
import { deleteQdisc, isOurQdisc, observeRoot, planQdisc, qdiscClaims, readQdisc, type WantedQdisc } from "./qdisc.ts";
import type { RootQdisc } from "./qdisc-classes.ts";
import type { QdiscSpec } from "./qdisc-spec.ts";

/** The arguments of every resource that is the qdisc of an interface. */
const commonFields = {
  interface: field(interfaceName(), { replaces: true }),
  namespace: v.optional(field(namespaceName(), { replaces: true })),
  direction: v.optional(field(oneOf(["egress", "ingress"]), { replaces: true }), "egress" as const),
};

/** The arguments of one kind: the interface, and the options of the qdisc. */
export type QdiscArgs<Options extends object> = Options & {
  readonly interface: string;
  readonly namespace?: string | undefined;
  readonly direction: "egress" | "ingress";
};

/** The qdisc observed on an interface, and for packets that arrive the redirection to it. */
export interface ObservedQdisc<Args extends object> extends Observed<Args> {
  readonly at: LinkPlace;
  readonly link: Link;
  readonly root: RootQdisc | undefined;
  readonly ingress: ObservedIngress | undefined;
}

/** The definition of one kind of resource that is the qdisc of an interface. */
interface QdiscKindSpec<Options extends object> {
  /** The name of the kind's class in the SDK. */
  readonly type: string;
  readonly qdisc: QdiscSpec<Options>;
  /** Returns a warning if packets of an interface with an MTU cannot pass. */
  readonly warn?: (options: Options, mtu: number) => string | undefined;
}

/** Creates a kind whose object is the qdisc of an interface: for packets that leave, or by an ifb for packets that arrive. */
export function qdiscKind<Options extends object>({
  type,
  qdisc: spec,
  warn,
}: QdiscKindSpec<Options>): Kind<QdiscArgs<Options>, ObservedQdisc<QdiscArgs<Options>>> {
  type Args = QdiscArgs<Options>;
  const schema = v.pipe(
    args({ ...commonFields, ...spec.fields }, spec.classes === undefined ? WITHOUT_CLASSES : new Map()),
    ...(spec.rules as unknown as []),
  ) as unknown as Schema<Args>;

  const wantedBy = (given: Args, mark: string, { mtu }: { readonly mtu?: number } = {}): WantedQdisc<Options> => {
    const { interface: _interface, namespace: _namespace, direction, ...options } = given;
    const at = direction === "ingress" ? ifbOf(placeOf(given)) : placeOf(given);
    return { spec, at, mark, holder: "resource", options: options as unknown as Options, mtu };
  };

  return {
    type,
    schema,
    ownership: "mark",
    id: (given) => `${placeId(given.namespace, given.interface)}/${given.direction}`,
    argsOfImport: (id) => {
      const [, place = "", direction] = /^(.+)\/(egress|ingress)$/.exec(id) ?? [];
      // The qdisc shows its options.
      return direction === undefined ? undefined : ({ ...onInterface(place), direction } as unknown as Args);
    },
    claims: (given) => (given.direction === "ingress" ? ingressClaims(placeOf(given)) : qdiscClaims(placeOf(given))),

    async observe(kernel, wanted, mark) {
      const at = placeOf(wanted);
      const [link, qdiscs = []] = await Promise.all([
        showLink(kernel, at.namespace, at.name),
        showQdiscs(kernel, at.namespace, at.name),
      ]);
      if (link === undefined) return undefined;
      const ingress = wanted.direction === "ingress" ? await observeIngress(kernel, at, qdiscs) : undefined;
      const root =
        ingress === undefined
          ? await observeRoot(kernel, at, qdiscs)
          : await observeRoot(kernel, ifbOf(at), ingress.qdiscs);
      const found = { at, link, root, ingress, state: undefined };
      if (ingress === undefined ? root === undefined : !hasIngress(ingress)) return { ...found, mark };
      const desired = wantedBy(wanted, mark, link);
      const isOurs =
        ingress === undefined
          ? root !== undefined && isOurQdisc(root, at, mark, linkMark(at, link, mark))
          : isOurIngress(ingress, at, mark);
      const isWhole = ingress === undefined || isRedirected(ingress, at);
      const options = root && isWhole ? readQdisc(root, desired) : undefined;
      const { interface: name, namespace, direction } = wanted;
      const state =
        options && ({ interface: name, ...(namespace !== undefined && { namespace }), direction, ...options } as Args);
      return { ...found, state, mark: isOurs ? mark : undefined };
    },

    plan({ seen, desired, mark }) {
      if (desired === undefined) return seen === undefined ? [] : deletePlan(seen);
      const { root, ingress, link } = seen ?? {};
      const wanted = wantedBy(desired, mark, link);
      const shape = planQdisc(
        root,
        wanted,
        () => seen?.state !== undefined && changes(schema, seen.state, desired).length === 0,
      );
      return desired.direction === "ingress" ? planIngress(ingress, placeOf(desired), mark, shape) : shape;
    },

    ...(warn && {
      async warn(kernel, given) {
        const link = await showLink(kernel, given.namespace, given.interface);
        return link && warn(wantedBy(given, "").options, link.mtu);
      },
    }),
  };
}

const WITHOUT_CLASSES = new Map([
  [
    "perDestination",
    "only Netem has settings per destination; a rate for some destinations is Netem with " +
      'perDestination: [{ to: "10.0.0.2", rate: "1mbit" }]',
  ],
]);

function deletePlan({ at, root, ingress }: ObservedQdisc<object>): Plan {
  if (ingress !== undefined) return deleteIngress(ingress, at);
  return root === undefined ? [] : [deleteQdisc(at, root.handle)];
}

const placeOf = (given: { readonly interface: string; readonly namespace?: string | undefined }): LinkPlace => ({
  namespace: given.namespace,
  name: given.interface,
});
