import { lab } from "./lab-for-each.ts";

// One end of a veth pair takes the place of hardware. Unlike hardware, it is deleted with its namespace.
export const HARDWARE = { name: "enp3s0", mac: "02:00:00:00:00:99" };
export const ip = (line: string) => lab.run("ip", ...line.split(" "));
export const plug = async () => {
  await ip(`link add name ${HARDWARE.name} address ${HARDWARE.mac} mtu 1450 up type veth peer name other`);
  await ip("link set dev other up");
};
export const onHost = async (name = HARDWARE.name) =>
  (await lab.ip("-details", "address", "show")).find(({ ifname }) => ifname === name);
export const inRed = async () =>
  (await lab.ip("-n", "red", "-details", "address", "show")).find(({ ifname }) => ifname === "wan");
export const addressesOf = ({ addr_info }: any) =>
  addr_info.filter(({ scope }: any) => scope === "global").map(({ local, prefixlen }: any) => `${local}/${prefixlen}`);
export const ARGS = { name: "wan", namespace: "red", from: HARDWARE.name };

/** Returns the links of the lab host and of the namespace, without their indexes, which a move may change. */
export async function picture(): Promise<string> {
  const places = await Promise.all([
    lab.ip("-details", "address", "show"),
    lab.ip("-n", "red", "-details", "address", "show"),
  ]);
  const facts = places.map((links) =>
    links.map(({ ifname, flags, mtu, address, ifalias, altnames, addr_info }) => [
      ...[ifname, flags.includes("UP"), mtu, address, ifalias, altnames],
      addressesOf({ addr_info }),
    ]),
  );
  return JSON.stringify(facts);
}
