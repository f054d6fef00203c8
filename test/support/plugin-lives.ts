import { type Received, receive, send } from "../../plugin/messages.ts";
import { providerOver } from "../../plugin/provider.ts";
import { withSuccessors } from "../../plugin/successors.ts";
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
  const plugin = providerOver(withSuccessors(lifecycles));
  return {
    of: (urn) => ({
      check(olds, news) {
        const { inputs, failures } = plugin.check(urn, inputsIn(olds as Properties), inputsIn(news));
        return { inputs: { ...inputs, __mark: news.__mark }, failures: [...failures] };
      },
      diff: (id, olds, news) => plugin.diff(urn, id, stateIn(olds), inputsIn(news)),
      async create(inputs) {
        const { id, outputs } = await plugin.create(urn, inputsIn(inputs));
        return { id, outs: outputs };
      },
      async read(id, state) {
        const { outputs, ...found } = await plugin.read(urn, id, stateIn(state));
        return { ...found, ...(outputs && { props: outputs }) };
      },
      async import(id) {
        const { outputs, ...found } = await plugin.import(urn, id);
        return { ...found, props: outputs };
      },
      update: async (id, olds, news) => ({ outs: await plugin.update(urn, id, stateIn(olds), inputsIn(news)) }),
      delete: (id, state) => plugin.delete(urn, id, stateIn(state)),
    }),
  };
}

/** Returns inputs as a program without the SDK gives them, after their way through a message. */
function inputsIn({ __mark: _, __adopt: adopt, __secret: secret = [], ...rest }: Properties): Received {
  return receive(send({ ...rest, ...(adopt && { adopt }) }, secret));
}

const stateIn = ({ __secret: secret = [], ...outputs }: Properties): Received => receive(send(outputs, secret));
