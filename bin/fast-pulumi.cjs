/*
 * Makes Pulumi's SDK faster in processes that preload this file with Node's `--require`.
 *
 * - The SDK loads the TypeScript compiler and npm's dependency resolver, which are half of its modules, for programs that serialize functions.
 *   Resources of this package serialize none, so the two are loaded at their first use.
 * - The SDK records a stack trace for each promise, which it prints only with PULUMI_DEBUG_PROMISE_LEAKS. Otherwise the traces are empty.
 */
const Module = require("node:module");

const load = Module._load;

Module._load = function (request, parent, ...more) {
  const loading = () => load.call(this, request, parent, ...more);
  if (!parent?.filename?.includes("/@pulumi/pulumi/")) return loading();
  if (LAZY.has(request) && parent.filename.includes("/runtime/closure/")) return atFirstUse(loading);
  return request.endsWith("/debuggable") && !process.env["PULUMI_DEBUG_PROMISE_LEAKS"]
    ? withoutTraces(loading())
    : loading();
};

const LAZY = new Set(["@npmcli/arborist", "../../typescript-shim"]);

/** Returns a module that is loaded when a property is first read. Marked as an ES module, it is not copied when it is imported. */
function atFirstUse(loading) {
  let loaded;
  return new Proxy({}, { get: (_, name) => (name === "__esModule" ? true : (loaded ??= loading())[name]) });
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

const changed = new WeakSet();
