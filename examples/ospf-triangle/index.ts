import { readFileSync } from "node:fs";
import { Address, Namespace, Process, Sysctl, Veth } from "pulumi-netns";

const routers = [1, 2, 3].map((number) => new Namespace(`r${number}`));

for (const [index, a] of routers.entries()) {
  const number = index + 1;
  const next = (number % 3) + 1;
  const b = routers[next - 1];
  const wire = new Veth(`wire-${number}-${next}`, {
    a: { name: `to-r${next}`, namespace: a },
    b: { name: `to-r${number}`, namespace: b },
  });
  new Address(`r${number}-to-r${next}`, { interface: wire.a, address: `10.0.${number}.1/30` });
  new Address(`r${next}-to-r${number}`, { interface: wire.b, address: `10.0.${number}.2/30` });
}

const config = readFileSync("frr.conf", "utf8");

for (const [index, namespace] of routers.entries()) {
  const name = `r${index + 1}`;
  new Address(`${name}-ip`, { interface: "lo", namespace, address: `10.255.0.${index + 1}/32` });
  new Sysctl(`${name}-forwarding`, { namespace, key: "net.ipv4.ip_forward", value: "1" });
  // A pathspace keeps the sockets of one router's daemons apart from those of the others: vtysh --vty_socket /run/frr/r1
  const daemon = (program: string) => ({
    namespace,
    files: { "frr.conf": config },
    command: [
      `/usr/lib/frr/${program}`,
      ...["--config_file", "frr.conf", "--user", "root", "--group", "root", "--pathspace", name],
      ...["--log", "stdout"],
    ],
  });
  const zebra = new Process(`${name}-zebra`, daemon("zebra"));
  new Process(`${name}-ospfd`, daemon("ospfd"), { dependsOn: zebra });
}
