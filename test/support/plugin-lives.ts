import { type Received, receive, send } from "../../plugin/messages.ts";
import { providerOver } from "../../plugin/provider.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import type { Properties } from "../../provider/properties.ts";
import { pluginTokenOf } from "../../provider/urn.ts";

/** Returns the URN of a resource of a program without the SDK. */
export const pluginUrn = (stack: string, type: string, name: string): string =>
  `urn:pulumi:${stack}::test::${pluginTokenOf(type)}::${name}`;

/** The lives of resources of one run as the plugin serves them, through its messages. */
export interface PluginLives {
  /** Returns the verbs for one resource. */
  of(urn: string): Lifecycle;
}

export function pluginLives(lifecycles: ReadonlyMap<string, Lifecycle>): PluginLives {
  // A delete leaves an object that its own run created. Tests also destroy in the run of a create, so that this layer is not here.
  const plugin = providerOver(lifecycles);
  return {
    of: (urn) => ({
      check(olds, news) {
        const { inputs, failures } = plugin.check(urn, inputsIn(olds as Properties), inputsIn(news));
        return { inputs: { ...inputs, __mark: news.__mark, ...secretsOf(news) }, failures: [...failures] };
      },
      conflicts: async (olds, inputs) => [
        ...(await plugin.conflicts(urn, inputsIn(olds as Properties), inputsIn(inputs).values)),
      ],
      diff: (id, olds, news) => plugin.diff(urn, id, stateIn(olds), inputsIn(news)),
      async create(inputs) {
        const { id, outputs } = await plugin.create(urn, inputsIn(inputs));
        return { id, outs: { ...outputs, ...secretsOf(inputs) } };
      },
      async read(id, state) {
        const { outputs, ...found } = await plugin.read(urn, id, stateIn(state));
        return { ...found, ...(outputs && { props: { ...outputs, ...secretsOf(state) } }) };
      },
      async import(id) {
        const { outputs, ...found } = await plugin.import(urn, id);
        return { ...found, props: outputs };
      },
      async update(id, olds, news) {
        const outputs = await plugin.update(urn, id, stateIn(olds), inputsIn(news));
        return { outs: { ...outputs, ...secretsOf(news) } };
      },
      delete: (id, state) => plugin.delete(urn, id, stateIn(state)),
    }),
  };
}

/** Returns the paths of secrets, which the messages of the server have as values. */
const secretsOf = ({ __secret }: Properties): Pick<Properties, "__secret"> =>
  __secret === undefined ? {} : { __secret };

/** Returns inputs as a program without the SDK gives them, after their way through a message. */
function inputsIn({ __mark: _, __adopt: adopt, __secret: secret = [], ...rest }: Properties): Received {
  return receive(send({ ...rest, ...(adopt && { adopt }) }, secret));
}

const stateIn = ({ __secret: secret = [], ...outputs }: Properties): Received => receive(send(outputs, secret));
