import grpc from "@grpc/grpc-js";
import engineRpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineProto from "@pulumi/pulumi/proto/engine_pb.js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import rpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { listen } from "../../plugin/server.ts";

/** A client of the plugin in this process, with the part of an engine that takes messages. */
export interface PluginClient extends AsyncDisposable {
  /** The messages that the plugin has sent to the engine. */
  readonly logged: readonly { readonly message: string; readonly urn: string; readonly warning: boolean }[];
  check(urn: string, olds: object, news: object): Promise<{ inputs: object; failures: string[] }>;
  diff(urn: string, olds: object, news: object): Promise<proto.DiffResponse.AsObject>;
  create(urn: string, inputs: object, preview?: boolean): Promise<{ id: string; outputs: object }>;
  /** Reads a resource with its state, refers to an object (`get`), or imports one. */
  read(
    urn: string,
    id: string,
    how: "get" | "import" | { state: object },
  ): Promise<{ id: string; outputs: object; inputs: object }>;
  update(urn: string, id: string, olds: object, news: object, preview?: boolean): Promise<object>;
  delete(urn: string, id: string, outputs: object): Promise<void>;
  /** Sends a request without arguments, and returns the response. */
  ask(call: "getSchema" | "getPluginInfo" | "cancel" | "configure" | "invoke"): Promise<object>;
}

/** Attaches to a plugin as Pulumi's engine does, and configures it by default. */
export async function attach({ configured = true } = {}): Promise<PluginClient> {
  const logged: { message: string; urn: string; warning: boolean }[] = [];
  const engine = new grpc.Server();
  engine.addService(engineRpc.EngineService, {
    log: ({ request }: { request: engineProto.LogRequest }, callback: grpc.sendUnaryData<empty.Empty>) => {
      const warning = request.getSeverity() === engineProto.LogSeverity.WARNING;
      logged.push({ message: request.getMessage(), urn: request.getUrn(), warning });
      callback(null, new empty.Empty());
    },
  });
  const enginePort = await new Promise<number>((resolve, reject) =>
    engine.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    ),
  );
  const server = await listen();
  const client = new grpc.Client(`127.0.0.1:${server.port}`, grpc.credentials.createInsecure());
  const calls = rpc.ResourceProviderService;
  const call = <Request, Response>(
    { path, requestSerialize, responseDeserialize }: grpc.MethodDefinition<Request, Response>,
    request: Request,
  ) =>
    new Promise<Response>((resolve, reject) =>
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, response) =>
        error === null && response !== undefined ? resolve(response) : reject(new Error(error?.details)),
      ),
    );

  await call(calls.attach, new plugins.PluginAttach().setAddress(`127.0.0.1:${enginePort}`));
  if (configured) await call(calls.configure, new proto.ConfigureRequest());

  return {
    logged,
    async check(urn, olds, news) {
      const request = new proto.CheckRequest().setUrn(urn).setOlds(struct(olds)).setNews(struct(news));
      const response = await call(calls.check, request);
      return {
        inputs: values(response.getInputs()),
        failures: response.getFailuresList().map((failure) => `${failure.getProperty()}: ${failure.getReason()}`),
      };
    },
    async diff(urn, olds, news) {
      const request = new proto.DiffRequest().setId("id").setUrn(urn).setOlds(struct(olds)).setNews(struct(news));
      return (await call(calls.diff, request)).toObject();
    },
    async create(urn, inputs, preview = false) {
      const request = new proto.CreateRequest().setUrn(urn).setProperties(struct(inputs)).setPreview(preview);
      const response = await call(calls.create, request);
      return { id: response.getId(), outputs: values(response.getProperties()) };
    },
    async read(urn, id, how) {
      const request = new proto.ReadRequest().setUrn(urn).setId(id);
      if (how !== "import") request.setProperties(struct(how === "get" ? {} : how.state)).setInputs(struct({}));
      const response = await call(calls.read, request);
      return { id: response.getId(), outputs: values(response.getProperties()), inputs: values(response.getInputs()) };
    },
    async update(urn, id, olds, news, preview = false) {
      const request = new proto.UpdateRequest().setUrn(urn).setId(id).setOlds(struct(olds)).setNews(struct(news));
      return values((await call(calls.update, request.setPreview(preview))).getProperties());
    },
    async delete(urn, id, outputs) {
      await call(calls.delete, new proto.DeleteRequest().setUrn(urn).setId(id).setProperties(struct(outputs)));
    },
    async ask(name) {
      if (name === "getSchema") return (await call(calls.getSchema, new proto.GetSchemaRequest())).toObject();
      if (name === "configure") return (await call(calls.configure, new proto.ConfigureRequest())).toObject();
      if (name === "invoke") return (await call(calls.invoke, new proto.InvokeRequest())).toObject();
      if (name === "getPluginInfo") return (await call(calls.getPluginInfo, new empty.Empty())).toObject();
      return (await call(calls.cancel, new empty.Empty())).toObject();
    },
    async [Symbol.asyncDispose]() {
      client.close();
      server.close();
      engine.forceShutdown();
    },
  };
}

const struct = (value: object): structs.Struct =>
  structs.Struct.fromJavaScript(value as unknown as Record<string, structs.JavaScriptValue>);

const values = (message: structs.Struct | undefined): object => message?.toJavaScript() ?? {};
