import { veth } from "../../../provider/kinds/veth.ts";
import { ready } from "../samples.ts";

export const A = { name: "left", namespace: "red", mac: "02:00:00:00:00:0a" };
export const B = { name: "right", mac: "02:00:00:00:00:0b" };

/** The MAC addresses that the two are born with. */
export const [BIRTH_A, BIRTH_B] = ["02:37:90:63:dd:ce", "02:91:42:72:a5:1b"];

/** The arguments of a pair. */
export const pair = (a: object = {}, b: object = {}) => ready(veth, { a: { ...A, ...a }, b: { ...B, ...b } });
