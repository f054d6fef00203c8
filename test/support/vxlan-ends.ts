import { lab } from "./lab-for-each.ts";

/** Returns an end of a tunnel as the kernel shows it. */
export const show = async (name = "vx0", namespace = "red") =>
  (await lab.ip("-n", namespace, "-details", "link", "show", "dev", name))[0];

/** Connects the namespaces `red` and `blue` by the network between the ends of a tunnel. */
export const underlay = () =>
  lab.resource("Veth", "wire").up({
    a: { name: "eth0", namespace: "red", addresses: ["10.0.0.1/24"] },
    b: { name: "eth0", namespace: "blue", addresses: ["10.0.0.2/24", "10.0.0.3/24"] },
  });

/** Returns the arguments of an end of a tunnel in `red`. */
export const end = (args: object) => ({ name: "vx0", namespace: "red", vni: 42, ...args });
