import { AsyncLocalStorage } from "node:async_hooks";
import grpc from "@grpc/grpc-js";
import engineRpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineProto from "@pulumi/pulumi/proto/engine_pb.js";

/** The log of the engine, which shows a message below the resource that it concerns. */
export interface EngineLog {
  /** Sets the engine's address. */
  connect(address: string): void;
  /** Returns the engine's address; empty without an engine. */
  address(): string;
  /** Shows a warning to the user, at the resource of the current work or at another one. */
  warn(message: string, urn?: string): void;
  /** Shows an error to the user, which does not stop the engine. */
  error(message: string, urn: string): void;
  /** Runs work on a resource, or on none. It ends when the engine has received all messages of the work. */
  during<T>(urn: string, work: () => T | Promise<T>): Promise<T>;
}

export function engineLog(): EngineLog {
  let engine: engineRpc.EngineClient | undefined;
  let engineAddress = "";
  const current = new AsyncLocalStorage<{ readonly urn: string; readonly sent: Promise<void>[] }>();

  return {
    address: () => engineAddress,

    connect(address) {
      engineAddress = address;
      engine?.close();
      engine = new engineRpc.EngineClient(address, grpc.credentials.createInsecure());
    },

    warn: (message, urn) => show(engineProto.LogSeverity.WARNING, message, urn),
    error: (message, urn) => show(engineProto.LogSeverity.ERROR, message, urn),

    during: (urn, work) => {
      const sent: Promise<void>[] = [];
      return current.run({ urn, sent }, async () => {
        try {
          return await work();
        } finally {
          await Promise.all(sent);
        }
      });
    },
  };
  function show(severity: engineProto.LogSeverity, message: string, about?: string): void {
    const { urn = "", sent = [] } = current.getStore() ?? {};
    const request = new engineProto.LogRequest()
      .setSeverity(severity)
      .setMessage(message)
      .setUrn(about ?? urn);
    sent.push(
      new Promise((resolve) => {
        // An engine that does not take a message any more is about to end.
        if (engine === undefined) resolve();
        else engine.log(request, () => resolve());
      }),
    );
  }
}
