import type { ResourceView } from "../../inspect/stack.ts";

/** Returns a resource of a state with given outputs. */
export const resourceView = (type: string, name: string, outputs: Record<string, unknown>): ResourceView => ({
  ...{ urn: "", type, name, id: name, parent: undefined, inputs: {}, outputs },
});
