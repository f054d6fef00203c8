import { cidr } from "./cidr.ts";
import type { Command, IpCommand } from "./kernel/command.ts";

/** Returns what to do after the kernel rejected IPv6 on an interface, with errors that also have other causes; undefined if there is no advice. */
export function ipv6Advice(command: Command, said: string): string | undefined {
  const { namespace, subject: device } = command;
  if (command.tool !== "ip" || device === undefined || !isOfIpv6(command)) return undefined;
  if (/^rtnetlink answers: permission denied|ipv6 is disabled/im.test(said)) {
    const sysctl = `${namespace === undefined ? "" : `ip netns exec ${namespace} `}sysctl -w net.ipv6.conf`;
    return (
      `IPv6 is disabled on ${device}. Enable it for new interfaces with ` +
      `${sysctl}.default.disable_ipv6=0, for this one with ${sysctl}.${device.replaceAll(".", "/")}.disable_ipv6=0; or remove its IPv6 addresses and routes`
    );
  }
  if (/not supported/i.test(said))
    return "this kernel has no IPv6, or was started with ipv6.disable=1. Remove the IPv6 addresses and routes";
  return /invalid argument/i.test(said) && command.object === "address"
    ? `IPv6 is not available on ${device}, for example because its MTU is below 1280. Raise the mtu, or remove the IPv6 address`
    : undefined;
}

/** Returns whether a command concerns IPv6: by its family, or by an address with a prefix length. An alias has both signs, but is none. */
const isOfIpv6 = ({ family, words }: IpCommand): boolean =>
  family === "inet6" || words.some((word) => cidr(word)?.family === "inet6");
