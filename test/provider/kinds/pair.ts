import { veth } from "../../../provider/kinds/veth.ts";
import { MARK, ready } from "../samples.ts";

export const A = { name: "left", namespace: "red", mac: "02:00:00:00:00:0a" };
export const B = { name: "right", mac: "02:00:00:00:00:0b" };

/** The initial MAC addresses of the two ends. */
export const [BIRTH_A, BIRTH_B] = ["02:37:90:63:dd:ce", "02:91:42:72:a5:1b"];

/** Returns the arguments of a pair. */
export const pair = (a: object = {}, b: object = {}) => ready(veth, { a: { ...A, ...a }, b: { ...B, ...b } });

/** The observed state of a pair. */
export type Seen = NonNullable<Parameters<typeof veth.plan>[0]["seen"]>;

/** Returns the addressing of the existing ends, which have no addresses. */
export const carrying = (...there: string[]): Seen["addressing"] => {
  const link = (ifname: string) => ({ ifindex: 2, ifname, flags: ["UP"], mtu: 1500, addr_info: [] });
  const of = (ifname: string) => ({ link: there.includes(ifname) ? link(ifname) : undefined, routes: [] });
  return { a: of("left"), b: of("right") };
};

/** The commands that create the pair, update its ends and mark them. */
export const BORN = `ip link add name right address ${BIRTH_B} mtu 1500 up type veth peer name left address ${BIRTH_A} mtu 1500 netns red`;
export const SET_A = `ip -n red link set dev left address ${A.mac} up alias ${MARK}`;
export const SET_B = `ip link set dev right address ${B.mac} alias ${MARK}`;
