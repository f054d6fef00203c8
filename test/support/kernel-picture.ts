import type { Lab } from "./lab.ts";

/** Returns the objects of the lab host and of each namespace that the programs can change, as text. */
export async function pictureOf(lab: Lab): Promise<string> {
  const text = await lab.run("sh", "-c", LOOK, "sh", LOOK_HERE);
  return (
    text
      .replaceAll(/^\[.*\]$/gm, (json) => (JSON.parse(json) as any[]).map(line).sort().join("\n"))
      .replaceAll(/(?<=^@unordered\n)[^@]*/gm, (lines) => lines.split("\n").sort().join("\n"))
      // The order of the chains in a table, which is that of their creation, has no effect.
      .replaceAll(
        /(?<=^table [^\n]* \{\n)[^]*?(?=^\})/gm,
        (chains) => `${chains.trimEnd().split("\n\n").sort().join("\n\n")}\n`,
      )
      .replaceAll(/ refcnt \d+| index \d+|(?<= fh )8[\d:]*/g, "")
  );
}

// As few processes as possible, because a test takes hundreds of pictures, in the virtual machine as well.
const LOOK_HERE = `
echo "@place $1"
printf 'address show\nroute show proto 201\nrule show\nneigh show nud permanent\nneigh show proxy\n' | ip -json -details -batch -
ip -json -6 route show proto 201
nft list ruleset
echo @unordered
printf 'fdb show state static\nvlan show\nvlan tunnelshow\n' | bridge -compressvlans -batch -
bridge vni show 2>/dev/null
printf 'qdisc show\nfilter show dev lo ingress\nfilter show dev eth0 ingress\nfilter show dev port ingress\n' | tc -force -batch - 2>/dev/null
[ -d /sys/module/wireguard ] && wg show all dump | cut -f 1-3,5
read -r forwards </proc/sys/net/ipv4/ip_forward
echo "@forwards $forwards"`;

const LOOK = `
sh -c "$1" sh host
for file in /run/netns/*; do
  [ -e "$file" ] && nsenter "--net=$file" sh -c "$1" sh "\${file##*/}"
done
for pid in $(pgrep -x sleep); do
  for file in /run/netns/*; do
    [ "/proc/$pid/ns/net" -ef "$file" ] && echo "@process \${file##*/} $(tr "\\0" " " </proc/$pid/cmdline)"
  done
done
find /run/pulumi-netns /etc/netns; cat /etc/netns/*/*
:`;

/** A route has the flag `linkdown` for a moment after its link has come up. */
const line = (found: any): string =>
  found.ifname === undefined ? JSON.stringify(found).replace('"linkdown"', "") : link(found);

const PORT = ["isolated", "hairpin", "guard", "cost"];

const link = ({ ifname, mtu, address, master, ifalias, altnames, flags, linkinfo, addr_info }: any): string =>
  JSON.stringify([
    {
      ifname,
      mtu,
      address,
      master,
      ifalias,
      altnames: altnames?.sort(),
      up: flags.includes("UP"),
      options: linkinfo && settings(linkinfo.info_kind, linkinfo.info_data ?? {}),
      port: PORT.map((name) => linkinfo?.info_slave_data?.[name]),
    },
    addr_info
      .map(({ local, prefixlen }: any) => `${local}/${prefixlen}`)
      .filter((text: string) => !text.startsWith("fe80")),
  ]);

/** Returns the settings of a link, without its other data: the timers of a bridge, and the results of LACP of a bond. */
function settings(
  kind: string,
  { stp_state: stp, vlan_filtering: filtering, ad_info: _, active_slave: __, ...others }: any,
): object {
  return kind === "bridge" ? { stp, filtering } : others;
}
