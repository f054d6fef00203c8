import resources from "@pulumi/pulumi/proto/resource_pb.js";
import { type Goal, goalOf, type RegisterRequest } from "./goal.ts";
import type { Props } from "./state.ts";

/** The engine's answer to the registration of a resource. */
export interface Registered {
  readonly urn: string;
  readonly id: string;
  readonly outputs: Props;
}

/** The resource monitor for Pulumi's SDK, instead of the engine's gRPC server. */
export interface Monitor {
  /** The client in the form that Pulumi's SDK expects. */
  readonly client: object;
  /** Stops answering: waiting and new requests fail with the error that the engine is gone. */
  close(): void;
}

/**
 * @param register Called for each resource; only the engine sees its errors.
 * @param complete Called with the outputs of a component.
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
      // The engine reports the error and closes the monitor.
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

/** gRPC's code for an unavailable server: Pulumi's SDK then prints nothing. */
const UNAVAILABLE = Object.assign(new Error("the engine is gone"), { code: 14 });

const FEATURES = {
  getSupportedfeaturesList: () =>
    Object.entries(resources.ResourceMonitorFeature)
      .filter(([name]) => !name.includes("OUTPUT_VALUES"))
      .map(([, number]) => number),
};
