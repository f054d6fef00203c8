import type { Lifecycle } from "../../../provider/lifecycle.ts";
import type { Properties } from "../../../provider/properties.ts";
import type { Failure } from "../../../provider/schema.ts";
import type { Props } from "./state.ts";

/**
 * The provider as the engine sees it: through Pulumi's process for dynamic providers, which finds the kind of a resource by
 * its property `__provider`, and which transfers properties as JSON.
 */
export interface Provider {
  check(olds: Props, news: Props): { inputs: Props; failures: readonly Failure[] };
  /** Returns the failures of inputs that have passed a check, of which the lab host must be asked. */
  conflicts(olds: Props, inputs: Props): Promise<readonly Failure[]>;
  /** Returns the properties that require a replacement; undefined if nothing differs. */
  diff(id: string, oldOutputs: Props, news: Props): { replaces: readonly string[] } | undefined;
  create(inputs: Props): Promise<{ id: string; outputs: Props }>;
  /** Returns undefined if the object does not exist. */
  read(id: string, outputs: Props): Promise<{ id: string; outputs: Props; inputs: Props | undefined } | undefined>;
  update(id: string, oldOutputs: Props, news: Props): Promise<Props>;
  delete(id: string, outputs: Props): Promise<void>;
}

/** Opens a provider process with the lifecycles of all kinds. */
export function providerOver(lives: ReadonlyMap<string, Lifecycle>): Provider {
  const lifeOf = (props: Props): Lifecycle => {
    const [, kind = ""] = /\.host\("(\w+)"\)/.exec(String(props["__provider"])) ?? [];
    const life = lives.get(kind);
    if (life === undefined) throw new Error(`no provider for ${JSON.stringify(props["__provider"])}`);
    return life;
  };
  const withProvider = (result: object, { __provider }: Props): Props => sent({ ...result, __provider });

  return {
    check(olds, news) {
      const { inputs, failures = [] } = lifeOf(news).check(sent(olds), taken(news));
      return { inputs: withProvider(inputs, news), failures };
    },
    conflicts: (olds, inputs) => lifeOf(inputs).conflicts(sent(olds), taken(inputs)),
    diff(id, oldOutputs, news) {
      const { changes, replaces } = lifeOf(news).diff(id, taken(oldOutputs), taken(news));
      return changes ? { replaces } : undefined;
    },
    async create(inputs) {
      const { id, outs } = await lifeOf(inputs).create(taken(inputs));
      if (id === "") throw new Error("the provider gave no id");
      return { id, outputs: withProvider(outs, inputs) };
    },
    async read(id, outputs) {
      const seen = await lifeOf(outputs).read(id, taken(outputs));
      if (seen.id === "") return undefined;
      const inputs = seen.inputs && withProvider(seen.inputs, outputs);
      return { id: seen.id, outputs: withProvider(seen.props ?? {}, outputs), inputs };
    },
    async update(id, oldOutputs, news) {
      const { outs } = await lifeOf(news).update(id, taken(oldOutputs), taken(news));
      return withProvider(outs, news);
    },
    delete: (id, outputs) => lifeOf(outputs).delete(id, taken(outputs)),
  };
}

const taken = (props: Props): Properties => sent(props) as Properties;

/**
 * Returns properties as they are after transfer in a message.
 *
 * @throws Error if one is undefined, at any depth, because a message cannot contain that.
 */
function sent(props: Props): Props {
  const text = JSON.stringify(props, (key, value: unknown) => {
    if (value === undefined) throw new Error(`the property ${key} is undefined`);
    return value;
  });
  return JSON.parse(text, plain) as Props;
}

/** Returns the value of a secret: Pulumi's process for dynamic providers passes it on in plain text. */
const plain = (_key: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && SIGNATURE in value && "value" in value ? value.value : value;

/** The key that marks an object as a special value, of which secrets are the only ones that a provider meets here. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
