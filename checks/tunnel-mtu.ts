import { holds, host, type Net } from "../lab/net.ts";
import { type Check, describePlace, type Lab, type LabLink } from "./check.ts";

/** A tunnel whose full packets, with its header, are larger than the MTU of the interface that carries them. */
export const tunnelMtu: Check = (lab) =>
  [...lab.links.values()].flatMap((link) => {
    const { key, resource, tunnel } = link;
    const mtu = link.mtu ?? link.usualMtu;
    const under = tunnel && carrierOf(lab, link);
    if (tunnel === undefined || mtu === undefined || under?.mtu === undefined) return [];
    const most = under.mtu - tunnel.header;
    if (mtu <= most) return [];
    return [
      {
        about: resource,
        message:
          `packets of ${mtu} bytes, the MTU of ${key}, do not fit: the tunnel adds ${tunnel.header} bytes, and ${under.key}, ` +
          `which carries it in ${describePlace(link.underlay ?? "")}, has an MTU of ${under.mtu}. Larger packets are dropped or fragmented`,
        help: `set mtu to ${most} or less, or the MTU on the way to ${mtu + tunnel.header}`,
      },
    ];
  });

/** Returns the interface that a tunnel's packets leave through, as far as the program determines it. */
function carrierOf(lab: Lab, { parent, underlay = "", tunnel }: LabLink): LabLink | undefined {
  if (parent !== undefined) return lab.links.get(parent);
  const held = lab.addresses.filter(({ place }) => place === underlay);
  const remotes = (tunnel?.remotes ?? []).flatMap((remote) => host(remote ?? "") ?? []);
  const over = (to: Net) => held.find(({ net }) => holds(net, to))?.link;
  const near = remotes.map(over).find((link) => link !== undefined);
  const own = held.find(({ net }) => net.ip === tunnel?.local)?.link;
  const [gateway] = lab.routes.filter(({ place, destination }) => place === underlay && destination === undefined);
  const far = gateway?.link ?? (gateway?.via && over(gateway.via));
  return lab.links.get(near ?? own ?? far ?? "");
}
