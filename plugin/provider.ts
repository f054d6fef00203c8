import type { Diff } from "../provider/diff.ts";
import { kindOf, unknownType } from "../provider/kind-of.ts";
import type { Lifecycle } from "../provider/lifecycle.ts";
import { markOf } from "../provider/owner.ts";
import { beside, type Properties, split } from "../provider/properties.ts";
import { type Failure, hasUnknown, secretArguments, UNKNOWN } from "../provider/schema.ts";
import { kindOfToken, parseUrn } from "../provider/urn.ts";
import { type DetailedDiff, detailedDiff } from "./detailed-diff.ts";
import type { Received } from "./messages.ts";
import { extraOutputs } from "./package-schema.ts";
import { ties } from "./ties.ts";

/**
 * The verbs of the engine for all kinds, over their lifecycles. A lifecycle expects the hidden properties that the SDK adds; a program in
 * YAML has no SDK, so they are made here. The mark is kept in outputs only: it follows from the URN.
 */
export interface Provider {
  check(urn: string, olds: Received, news: Received): { inputs: object; failures: readonly Failure[] };
  /** Returns the failures of inputs that have passed a check, of which the lab host must be asked. */
  conflicts(urn: string, olds: Received, inputs: object): Promise<readonly Failure[]>;
  diff(urn: string, id: string, olds: Received, news: Received): Diff & { readonly details: DetailedDiff };
  create(urn: string, inputs: Received): Promise<{ id: string; outputs: object }>;
  /** Returns the outputs of a create or an update that is only previewed. */
  preview(urn: string, inputs: Received, olds?: Received): object;
  /** Returns an empty id if the object no longer exists. */
  read(urn: string, id: string, state: Received): Promise<{ id: string; outputs?: object; inputs?: object }>;
  /** Reads an object that the resource takes over. */
  import(urn: string, id: string): Promise<{ id: string; outputs: object; inputs: object }>;
  update(urn: string, id: string, olds: Received, news: Received): Promise<object>;
  delete(urn: string, id: string, outputs: Received): Promise<void>;
}

/** Returns the provider over the lifecycles of all kinds, for the stacks of a backend. */
export function providerOver(
  lifecycles: ReadonlyMap<string, Lifecycle>,
  { backend }: { readonly backend?: string | undefined } = {},
): Provider {
  const lifecycleOf = (urn: string): Lifecycle => {
    const found = lifecycles.get(typeOf(urn));
    if (found === undefined) throw unknownType(typeOf(urn));
    return found;
  };

  const links = ties();

  return {
    check(urn, olds, news) {
      const { type, kind } = of(urn);
      const [was, wanted] = [fromInputs(urn, olds), withDefaults(urn, news)];
      const { inputs, failures = [] } = lifecycleOf(urn).check(was, { ...links.of(type, wanted, was), ...wanted });
      if (failures.length === 0) {
        if (kind.interfaces !== undefined)
          links.record(type, kind.interfaces(inputs), (inputs as Properties).__generations);
        links.recordAddress(type, wanted);
      }
      return { inputs: toInputs(inputs), failures };
    },

    async conflicts(urn, olds, inputs) {
      const wanted = fromInputs(urn, { values: { ...inputs }, secret: [] });
      const former = Object.keys(olds.values).length === 0 ? {} : fromInputs(urn, olds);
      // Objects of others in a namespace may be deleted with it.
      return lifecycleOf(urn).conflicts(former, { ...wanted, __atHome: wanted["namespace"] !== undefined });
    },

    diff(urn, id, olds, news) {
      const [was, wanted] = [fromOutputs(urn, olds), fromInputs(urn, news)];
      const answer = lifecycleOf(urn).diff(id, was, { ...wanted, ...restingOn(urn, wanted) });
      return { ...answer, details: detailedDiff(kindOf(typeOf(urn)).schema, split(was).own, split(wanted).own) };
    },

    async create(urn, inputs) {
      const { id, outs } = await lifecycleOf(urn).create(fromInputs(urn, inputs));
      return { id, outputs: toOutputs(urn, outs) };
    },

    preview(urn, inputs, olds) {
      const { type, kind } = of(urn);
      const later: object = Object.fromEntries(extraOutputs(type).map((name) => [name, UNKNOWN]));
      const wanted = fromInputs(urn, inputs);
      // The up generates other values for a new object than its preview, so they are unknown in the preview.
      const generated = olds === undefined ? Object.keys(wanted.__generated ?? {}) : [];
      const unknown: object = Object.fromEntries(generated.map((name) => [name, UNKNOWN]));
      const kept = olds === undefined ? {} : beside(kind.schema.entries, split(fromOutputs(urn, olds)).own);
      return toOutputs(urn, { ...later, ...kept, ...wanted, ...unknown });
    },

    async read(urn, id, state) {
      const { props, inputs, ...found } = await lifecycleOf(urn).read(
        id,
        isKnown(state) ? fromOutputs(urn, state) : reference(urn),
      );
      return {
        id: found.id,
        ...(props && { outputs: toOutputs(urn, props) }),
        ...(inputs && { inputs: toInputs(inputs) }),
      };
    },

    async import(urn, id) {
      const { props, inputs, ...found } = await lifecycleOf(urn).import(id, markIn(urn));
      return { id: found.id, outputs: toOutputs(urn, props), inputs };
    },

    async update(urn, id, olds, news) {
      const { outs } = await lifecycleOf(urn).update(id, fromOutputs(urn, olds), fromInputs(urn, news));
      return toOutputs(urn, outs);
    },

    delete: (urn, id, outputs) => lifecycleOf(urn).delete(id, fromOutputs(urn, outputs)),
  };

  /** Adds what the SDK adds to the arguments of a program: the name of an object that has one is that of its resource. */
  function withDefaults(urn: string, news: Received): Properties {
    const properties = fromInputs(urn, news);
    const hasName = "name" in of(urn).kind.schema.entries;
    return hasName && properties["name"] === undefined ? { ...properties, name: parseUrn(urn).name } : properties;
  }

  function fromInputs(urn: string, { values, secret }: Received): Properties {
    const { adopt, ...own } = values;
    return {
      ...own,
      ...(adopt !== undefined && { __adopt: adopt as boolean }),
      ...(secret.length > 0 && { __secret: secret }),
      __mark: markIn(urn),
    };
  }

  /** Returns the properties of a resource in the state: they have the mark that is on its object. */
  function fromOutputs(urn: string, { values, secret }: Received): Properties {
    const { kind } = of(urn);
    const derived = Object.keys(kind.derive?.(values) ?? {});
    const own = Object.fromEntries(Object.entries(values).filter(([key]) => !derived.includes(key)));
    return { __mark: markIn(urn), ...own, ...(secret.length > 0 && { __secret: secret }) };
  }

  /**
   * Returns the tie of a route to the resources in its references. When the engine replaces one of them, such as an address or a next hop, it
   * asks for a diff with these values unknown, and the kernel deletes the route.
   */
  function restingOn(
    urn: string,
    { interface: link, source, nexthops, nhid }: Properties,
  ): Pick<Properties, "__restsOn"> {
    const isRoute = of(urn).kind.leadsOver !== undefined;
    return isRoute && hasUnknown([link, source, nexthops, nhid]) ? { __restsOn: [UNKNOWN] } : {};
  }

  /** Returns the properties of a resource that a program only refers to. */
  function reference(urn: string): Properties {
    return { __mark: markIn(urn), __reference: true };
  }

  function markIn(urn: string): string {
    const { project, stack, name } = parseUrn(urn);
    return markOf({ project, stack, backend, name, urn });
  }
}

/** Adds the paths of the values that are secrets by their meaning, such as a private key, also where a program does not say so. */
export function withOwnSecrets(urn: string, { values, secret }: Received): Received {
  const own = [
    ...secretArguments(of(urn).kind.schema, values),
    ...(values["__generated"] === undefined ? [] : ["__generated"]),
  ];
  const isCovered = (path: string) => secret.some((outer) => path === outer || path.startsWith(`${outer}.`));
  return { values, secret: [...secret, ...own.filter((path) => !isCovered(path))] };
}

/** Returns the kind of a resource, and its name in the program. */
export const identityOf = (urn: string): { type: string; name: string } => ({
  type: typeOf(urn),
  name: parseUrn(urn).name,
});

const isKnown = ({ values }: Received): boolean => "__mark" in values;

function toInputs(properties: object): object {
  const { __mark: _, __secret: __, __adopt: adopt, ...inputs } = properties as Properties;
  return adopt === undefined ? inputs : { ...inputs, adopt };
}

function toOutputs(urn: string, properties: object): object {
  const { __secret: _, __adopt: __, ...outputs } = properties as Properties;
  return { ...outputs, ...of(urn).kind.derive?.(outputs) };
}

function of(urn: string) {
  const type = typeOf(urn);
  return { type, kind: kindOf(type) };
}

const typeOf = (urn: string): string => kindOfToken(parseUrn(urn).type) ?? parseUrn(urn).type;
