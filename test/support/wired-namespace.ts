import { Bridge, Namespace, Veth } from "../../sdk/index.ts";

/** The objects on which those of other kinds are. */
export type WiredNamespace = ReturnType<typeof wiredNamespace>;

/** Declares a namespace with a veth pair, whose end `a` has addresses, and whose end `b` is a port of a bridge. */
export function wiredNamespace() {
  const red = new Namespace("red");
  const bridge = new Bridge("br0", { namespace: red });
  const wire = new Veth("wire", {
    a: { name: "eth0", namespace: red, addresses: ["10.0.0.1/24", "fd00::1/64"] },
    b: { name: "port", namespace: red, master: bridge },
  });
  return { red, wire };
}
