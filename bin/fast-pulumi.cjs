/*
 * Makes Pulumi's SDK faster in processes that preload this file with Node's `--require`.
 *
 * - The SDK loads the TypeScript compiler and npm's dependency resolver, which are half of its modules, for programs that serialize functions.
 *   Resources of this package serialize none, so the two are loaded at their first use. So are the automation API, and OpenTelemetry, which
 *   the SDK calls only for `--tracing`.
 * - The SDK opens a session with V8's debugger before each program, for the functions that it serializes, and the debugger reports each script
 *   that Node loads. It opens when the first function is serialized.
 * - The SDK records a stack trace for each promise, which it prints only with PULUMI_DEBUG_PROMISE_LEAKS. Otherwise the traces are empty.
 * - The SDK writes each stack trace with source maps, also those that it takes for each resource. It has source maps of its own files and of
 *   gRPC's, whose sources its package lacks; to read them takes a tenth of a second. Frames in packages are written as they are.
 * - The SDK prints errors in colours. Node 22 needs half a minute and a gigabyte of memory to colour a stack trace with a line such as
 *   `node_modules/@pulumi/config.ts:301` (https://github.com/nodejs/node/issues/64011), to which the SDK's source maps lead. Errors
 *   are printed without colours.
 */
const Module = require("node:module");
const { inspect, promisify } = require("node:util");

const load = Module._load;

Module._load = function (request, parent, ...more) {
  const loading = () => load.call(this, request, parent, ...more);
  if (!parent?.filename?.includes("/@pulumi/pulumi/")) return loading();
  if (parent.filename.includes("/runtime/closure/")) {
    if (LAZY.has(request)) return atFirstUse(loading);
    if (request === "normalize-package-data") return (...args) => loading()(...args);
  }
  if (request === "./automation") return atFirstUse(loading);
  if (parent.filename.endsWith("/cmd/run/tracing.js") && /^@opentelemetry\/(?!api$)/.test(request))
    return atFirstCall(loading);
  if (request === "source-map-support/register") return withPlainFrames(loading);
  if (parent.filename.endsWith("/cmd/run/run.js") && /(^|\/)ts-node(@|$)/.test(request))
    return registeredPlain(loading());
  if (request.endsWith("/v8Hooks")) return parent.filename.includes("/cmd/") ? UNOPENED : openedLate(loading());
  if (request.endsWith("/error") && parent.filename.includes("/cmd/")) return withoutColours(loading());
  return request.endsWith("/debuggable") && !process.env["PULUMI_DEBUG_PROMISE_LEAKS"]
    ? withoutTraces(loading())
    : loading();
};

const LAZY = new Set(["@npmcli/arborist", "../../typescript-shim"]);

/** Returns a module that is loaded when its properties are first read. Marked as an ES module, it is not copied when it is imported. */
function atFirstUse(loading) {
  let loaded;
  const module = () => (loaded ??= loading());
  return new Proxy(
    {},
    {
      get: (_, name) => (name === "__esModule" ? true : module()[name]),
      has: (_, name) => name in module(),
      ownKeys: () => Reflect.ownKeys(module()),
      getOwnPropertyDescriptor(_, name) {
        const found = Reflect.getOwnPropertyDescriptor(module(), name);
        return found && { ...found, configurable: true };
      },
    },
  );
}

/** Returns a module of functions and classes, which is loaded when one of them is first called. */
function atFirstCall(loading) {
  const called = (name) =>
    new Proxy(function () {}, {
      apply: (_, self, args) => Reflect.apply(loading()[name], self, args),
      construct: (_, args) => Reflect.construct(loading()[name], args),
    });
  return new Proxy({}, { get: (_, name) => called(name) });
}

/** Installs source maps for stack traces, except for the frames in packages. */
function withPlainFrames(install) {
  const result = install();
  const write = Error.prepareStackTrace;
  if (typeof write === "function" && !changed.has(write)) {
    Error.prepareStackTrace = (error, frames) => write(error, frames.map(plainInPackages));
    changed.add(Error.prepareStackTrace);
  }
  return result;
}

/** Returns a frame for which no source map is read, since it claims to be Node's own, if the file is in a package. */
function plainInPackages(frame) {
  if (!frame.getFileName()?.includes("/node_modules/")) return frame;
  return { isNative: () => true, toString: () => frame.toString() };
}

/** Changes the module `ts-node`, which installs source maps of the program. */
function registeredPlain(tsNode) {
  const { register } = tsNode;
  if (typeof register !== "function" || changed.has(register)) return tsNode;
  tsNode.register = (...args) => withPlainFrames(() => register(...args));
  changed.add(tsNode.register);
  return tsNode;
}

/** Takes the place of the SDK's module `v8Hooks` where a program starts. */
const UNOPENED = { isInitializedAsync: () => Promise.resolve() };

/** Changes the SDK's module `v8Hooks`, whose session knows only the scripts that Node loads after the session was opened. */
function openedLate(hooks) {
  const open = hooks.getSessionAsync;
  if (changed.has(open)) return hooks;
  let session;
  hooks.getSessionAsync = () => (session ??= open().then(withEarlierScripts));
  changed.add(hooks.getSessionAsync);
  return hooks;
}

/** The debugger reports all loaded scripts each time that it is enabled. */
async function withEarlierScripts(session) {
  const post = promisify(session.post.bind(session));
  await post("Debugger.disable");
  await post("Debugger.enable");
  return session;
}

/** Changes the SDK's module `debuggable`. */
function withoutTraces(debuggable) {
  const record = debuggable.debuggablePromise;
  if (typeof record !== "function" || changed.has(record)) return debuggable;
  debuggable.debuggablePromise = (...args) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return record(...args);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
  changed.add(debuggable.debuggablePromise);
  return debuggable;
}

/** Changes the SDK's module `cmd/run/error`. */
function withoutColours(error) {
  const text = error.defaultErrorMessage;
  if (typeof text !== "function" || changed.has(text)) return error;
  error.defaultErrorMessage = (thrown) => {
    if (!thrown?.stack) return text(thrown);
    try {
      return inspect(thrown);
    } catch {
      // The text of a large error exceeds the maximum length of a string.
      return thrown.stack;
    }
  };
  changed.add(error.defaultErrorMessage);
  return error;
}

const changed = new WeakSet();
