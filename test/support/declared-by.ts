import { type Declared, declaredIn } from "../../inspect/declared.ts";
import type { ResourceView } from "../../inspect/stack.ts";
import type { LabResource } from "./lab.ts";

/** Returns what resources of a lab declare, each with its type and name before it, such as `Veth wire`. */
export function declaredBy(all: Readonly<Record<string, LabResource>>): Declared {
  const resources = Object.entries(all).map(([key, { id = "", outputs }]): ResourceView => {
    const [type = "", name = ""] = key.split(" ");
    return { urn: "", type, name, id, parent: undefined, inputs: {}, outputs };
  });
  return declaredIn({ project: "p", stack: "s", resources });
}
