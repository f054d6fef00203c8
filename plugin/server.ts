import { cwd, env } from "node:process";
import grpc from "@grpc/grpc-js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import rpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Components } from "../construct/construct.ts";
import { currentBackend, hasOrganizations } from "../provider/backend.ts";
import { engineFailures } from "../provider/engine-failures.ts";
import { openLifecycles } from "../provider/host.ts";
import { componentRequest } from "./component-request.ts";
import { type ArgumentDiff } from "./detailed-diff.ts";
import { engineLog } from "./engine-log.ts";
import { labChecks } from "./lab-checks.ts";
import { type Received, receive, send } from "./messages.ts";
import { requestedVersion, schemaText, version } from "./package-schema.ts";
import { identityOf, type Provider, providerOver, withOwnSecrets } from "./provider.ts";
import { runEnd } from "./run-end.ts";
import { withSuccessors } from "./successors.ts";

/** A server of Pulumi's protocol for providers. */
export interface PluginServer {
  readonly port: number;
  close(): void;
}

/**
 * Starts a server on a free port of this machine, or on a given one.
 *
 * @param engine The address of the engine; an engine that attaches later sends it.
 */
export async function listen(engine?: string, port = 0): Promise<PluginServer> {
  const server = new grpc.Server(OPTIONS);
  server.addService(rpc.ResourceProviderService, service(engine));
  const bound = await new Promise<number>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error, free) =>
      error === null ? resolve(free) : reject(error),
    ),
  );
  return { port: bound, close: () => server.forceShutdown() };
}

/** The largest message that Pulumi's own providers accept. */
const MAX_BYTES = 400 * 1024 * 1024;
const OPTIONS: grpc.ServerOptions = {
  "grpc.max_receive_message_length": MAX_BYTES,
  "grpc.max_send_message_length": MAX_BYTES,
};

function service(engine: string | undefined): grpc.UntypedServiceImplementation {
  const log = engineLog();
  if (engine !== undefined) log.connect(engine);
  let provider: Provider | undefined;
  let components: Promise<Components> | undefined;
  let requested: string | undefined;
  let checks = labChecks(undefined);
  let run = runEnd();

  return {
    handshake: unary((request: proto.ProviderHandshakeRequest) => {
      log.connect(request.getEngineAddress());
      return new proto.ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptResources(true);
    }),

    attach: unary((request: plugins.PluginAttach) => {
      log.connect(request.getAddress());
      return new empty.Empty();
    }),

    getPluginInfo: unary(() => new plugins.PluginInfo().setVersion(version)),

    getSchema: unary(() => new proto.GetSchemaResponse().setSchema(schemaText())),

    // The engine configures the provider once for each run, and the state of a run, such as its claims, begins here.
    configure: unary((request: proto.ConfigureRequest) => {
      const backend = currentBackend({ env, folder: cwd() });
      const lifecycles = withSuccessors(openLifecycles({ warn: log.warn }));
      // The mark of a stack on a service also names its organization, which the engine does not tell.
      components = undefined;
      requested = requestedVersion(request.getUrn());
      run = runEnd();
      checks = labChecks(env["PULUMI_CONFIG"]);
      provider = providerOver(lifecycles, backend && !hasOrganizations(backend) ? { backend: backend.id } : {});
      return new proto.ConfigureResponse().setAcceptsecrets(true).setAcceptresources(true).setSupportspreview(true);
    }),

    check: unary(async (request: proto.CheckRequest) => {
      const [olds, news] = [received(request, request.getOlds()), received(request, request.getNews())];
      const urn = request.getUrn();
      const { inputs, failures: invalid } = configured().check(urn, olds, news);
      const failures = invalid.length > 0 ? invalid : await configured().conflicts(urn, olds, inputs);
      if (failures.length > 0) checks.fail();
      else checks.record({ ...identityOf(urn), urn, args: inputs, given: news.values, secret: news.secret });
      return new proto.CheckResponse()
        .setInputs(send(inputs, secretsOf(urn, { values: { ...inputs }, secret: news.secret })))
        .setFailuresList(
          engineFailures(failures, news.values).map(({ property, reason }) =>
            new proto.CheckFailure().setProperty(property).setReason(reason),
          ),
        );
    }),

    diff: unary((request: proto.DiffRequest) => {
      const { changes, replaces, deleteBeforeReplace, details } = configured().diff(
        request.getUrn(),
        request.getId(),
        received(request, request.getOlds()),
        received(request, request.getNews()),
      );
      const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
      const response = new proto.DiffResponse()
        .setChanges(changes ? DIFF_SOME : DIFF_NONE)
        .setReplacesList(replaces)
        .setDeletebeforereplace(deleteBeforeReplace)
        .setDiffsList([...new Set(Object.keys(details).map((path) => path.split(".")[0] ?? path))])
        .setHasdetaileddiff(true);
      for (const [path, kind] of Object.entries(details))
        response.getDetaileddiffMap().set(path, new proto.PropertyDiff().setKind(DIFF_KINDS[kind]));
      return response;
    }),

    create: unary(async (request: proto.CreateRequest) => {
      const inputs = received(request, request.getProperties());
      if (request.getPreview()) {
        const outputs = configured().preview(request.getUrn(), inputs);
        return new proto.CreateResponse().setProperties(send(outputs, inputs.secret));
      }
      const { id, outputs } = await configured().create(request.getUrn(), inputs);
      return new proto.CreateResponse().setId(id).setProperties(send(outputs, inputs.secret));
    }),

    read: unary(async (request: proto.ReadRequest) => {
      const state = received(request, request.getProperties());
      // An import has an id alone; a program that refers to an object sends inputs, although they are empty.
      const { id, outputs, inputs } = request.hasInputs()
        ? await configured().read(request.getUrn(), request.getId(), state)
        : await configured().import(request.getUrn(), request.getId());
      return new proto.ReadResponse()
        .setId(id)
        .setProperties(outputs && send(outputs, state.secret))
        .setInputs(inputs && send(inputs, state.secret));
    }),

    update: unary(async (request: proto.UpdateRequest) => {
      const [olds, news] = [received(request, request.getOlds()), received(request, request.getNews())];
      const outputs = request.getPreview()
        ? configured().preview(request.getUrn(), news, olds)
        : await configured().update(request.getUrn(), request.getId(), olds, news);
      return new proto.UpdateResponse().setProperties(send(outputs, news.secret));
    }),

    delete: unary(async (request: proto.DeleteRequest) => {
      await configured().delete(request.getUrn(), request.getId(), received(request, request.getProperties()));
      return new empty.Empty();
    }),

    construct: unary(async (request: proto.ConstructRequest) => {
      // Pulumi's SDK, which takes half a second and much memory to load, is loaded only for programs with components.
      const all = (components ??= import("../construct/construct.ts").then((module) => module.components(requested)));
      const wanted = componentRequest(request, log.address());
      const { urn, outputs, dependencies } = await run.await(wanted, async () => (await all).construct(wanted));
      const response = new proto.ConstructResponse().setUrn(urn).setState(send(outputs));
      for (const [output, urns] of dependencies)
        response
          .getStatedependenciesMap()
          .set(output, new proto.ConstructResponse.PropertyDependencies().setUrnsList([...urns]));
      return response;
    }),

    // The engine calls this at the end of each run. Operations that still run end by themselves.
    cancel: unary(async () => {
      // The resources of an incomplete component are not known.
      if (!(await run.end())) checks.fail();
      for (const { urn, level, text } of checks.run()) log[level](text, urn);
      return new empty.Empty();
    }),
  };

  function configured(): Provider {
    if (provider === undefined) throw new Error("the engine has not configured the provider");
    return provider;
  }

  /** Makes the handler of a call with one request and one response. */
  function unary<Request extends object, Response>(
    handle: (request: Request) => Response | Promise<Response>,
  ): grpc.handleUnaryCall<Request, Response> {
    return ({ request }, callback) => {
      log
        .during(urnOf(request), () => handle(request))
        .then(
          (response) => callback(null, response),
          (error: unknown) => {
            checks.fail();
            callback({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
          },
        );
    };
  }
}

/** Reads properties of the resource of a request. */
const received = (request: { getUrn(): string }, message: Struct | undefined): Received =>
  withOwnSecrets(request.getUrn(), receive(message));

/** Returns the paths of all secrets among properties, also of values that were generated. */
const secretsOf = (urn: string, properties: Received): readonly string[] => withOwnSecrets(urn, properties).secret;

/** Returns the resource of a request; empty for a request that concerns none. */
const urnOf = (request: object): string => (request as Partial<Pick<proto.CheckRequest, "getUrn">>).getUrn?.() ?? "";

const DIFF_KINDS: Readonly<Record<ArgumentDiff, proto.PropertyDiff.Kind>> = {
  add: proto.PropertyDiff.Kind.ADD,
  "add-replace": proto.PropertyDiff.Kind.ADD_REPLACE,
  delete: proto.PropertyDiff.Kind.DELETE,
  "delete-replace": proto.PropertyDiff.Kind.DELETE_REPLACE,
  update: proto.PropertyDiff.Kind.UPDATE,
  "update-replace": proto.PropertyDiff.Kind.UPDATE_REPLACE,
};
