import { type Exchange, tells } from "../script.ts";

/* A route has no room for a mark: its owner is in a note on the loopback interface, or follows from its place. */

export const MARK = "pulumi-netns:lab/dev@11111111:it@0123abcd";
export const SIBLING = "pulumi-netns:lab/dev@11111111:sibling@89abcdef";
export const OLD = "pulumi-netns:lab/dev:it@0123abcd";
export const STRANGER = "pulumi-netns:lab/prod@11111111:it@0123abcd";
export const ELSEWHERE = "pulumi-netns:lab/dev@22222222:it@0123abcd";

export const ARGS = { destination: "10.7.0.0/16", via: "192.168.15.5", interface: "eth0" };
/** The digest in the note of the route on the lab host, and of the same route in the namespace red. */
export const [HASH, IN_RED] = ["93501850", "069f8b53"];
export const noteBy = (stack: string, hash = HASH) => `pulumi-netns:route:${hash}:${stack}`;
export const [OWN, OLD_OWN] = [noteBy("lab!dev@11111111"), noteBy("lab!dev")];
export const [BY_PROD, BY_ELSEWHERE] = [noteBy("lab!prod@11111111"), noteBy("lab!dev@22222222")];
export const OTHERS = ["uplink", noteBy("lab!dev@11111111", "01234567"), "pulumi-netns:making:01234567"];
/** Returns the mark that a note stands for. */
export const noted = (stack: string, hash = HASH) => `pulumi-netns:${stack}:route@${hash}`;

export const LINK = { ifindex: 1, flags: ["UP"], mtu: 1500, address: "02:00:00:00:00:01" };
export const ENTRY = {
  type: "unicast",
  dst: "10.7.0.0/16",
  gateway: "192.168.15.5",
  dev: "eth0",
  protocol: "201",
  flags: [],
};
export const ip = (namespace: string | undefined) => (namespace === undefined ? "ip" : `ip -n ${namespace}`);
export const routes = (namespace: string | undefined, ...entries: object[]): Exchange => [
  `${ip(namespace)} -json -details -4 route show exact 10.7.0.0/16 table 254`,
  tells(entries),
];
export const lo = (namespace: string | undefined, ifalias: string | undefined, ...altnames: string[]): Exchange => [
  `${ip(namespace)} -json -details address show dev lo`,
  tells([{ ...LINK, ifname: "lo", ...(ifalias !== undefined && { ifalias }), altnames }]),
];
export const eth0 = (namespace: string | undefined, ifalias?: string): Exchange => [
  `${ip(namespace)} -json -details address show dev eth0`,
  tells([{ ...LINK, ifname: "eth0", ...(ifalias !== undefined && { ifalias }) }]),
];
