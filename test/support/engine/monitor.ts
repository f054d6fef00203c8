import resources from "@pulumi/pulumi/proto/resource_pb.js";
import { type Goal, goalOf, type RegisterRequest } from "./goal.ts";
import type { Props } from "./state.ts";

/** What the engine tells the program of a resource that it has registered. */
export interface Registered {
  readonly urn: string;
  readonly id: string;
  readonly outputs: Props;
}

/** What the program's side of Pulumi talks to in the place of the engine's gRPC server. */
export interface Monitor {
  /** The client, as Pulumi's SDK has it. */
  readonly client: object;
  /** Answers nothing any more: whoever waits or comes is told that the engine is gone. */
  close(): void;
}

/**
 * @param register Is asked for each resource; what it throws is told to none but the engine.
 * @param complete Is told what a component has become.
 */
export function monitorOf(
  register: (goal: Goal) => Promise<Registered>,
  complete: (urn: string, outputs: Props) => void,
): Monitor {
  const waiting = new Set<Callback<object>>();
  let closed = false;

  const refuse = (callback: Callback<object>): void => callback(UNAVAILABLE, undefined);

  function registerResource(request: RegisterRequest, callback: Callback<object>): void {
    if (closed) {
      refuse(callback);
      return;
    }
    waiting.add(callback);
    void answered(request).then(
      (answer) => {
        if (waiting.delete(callback)) callback(null, answer);
      },
      // Why is the engine's to tell; it closes the monitor.
      () => undefined,
    );
  }

  async function answered(request: RegisterRequest): Promise<object> {
    const { urn, id, outputs } = await register(goalOf(request));
    return {
      getUrn: () => urn,
      getId: () => id,
      getObject: () => ({ toJavaScript: () => structuredClone(outputs) }),
      getPropertydependenciesMap: () => undefined,
      getResult: () => resources.Result.SUCCESS,
      getUnknown: () => false,
    };
  }

  return {
    client: {
      registerResource,
      registerResourceOutputs(request: OutputsRequest, callback: Callback<object>) {
        complete(request.getUrn(), request.getOutputs()?.toJavaScript() ?? {});
        callback(null, {});
      },
      getDeploymentInfo: (_request: object, callback: Callback<object>) => callback(null, FEATURES),
      readResource: (_request: object, callback: Callback<object>) =>
        callback(new Error("this engine reads no resources"), undefined),
      close: () => undefined,
    },
    close() {
      closed = true;
      for (const callback of waiting) refuse(callback);
      waiting.clear();
    },
  };
}

interface OutputsRequest {
  getUrn(): string;
  getOutputs(): { toJavaScript(): Record<string, unknown> } | undefined;
}

type Callback<T> = (error: Error | null, answer: T | undefined) => void;

/** gRPC's code for a server that is gone: Pulumi's SDK then says nothing. */
const UNAVAILABLE = Object.assign(new Error("the engine is gone"), { code: 14 });

const FEATURES = {
  getSupportedfeaturesList: () =>
    Object.entries(resources.ResourceMonitorFeature)
      .filter(([name]) => !name.includes("OUTPUT_VALUES"))
      .map(([, number]) => number),
};
