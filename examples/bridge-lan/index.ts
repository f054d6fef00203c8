import * as pulumi from "@pulumi/pulumi";
import { Address, Bridge, Namespace, Veth } from "pulumi-netns";

const hosts = new pulumi.Config().requireNumber("hosts");

const lan = new Bridge("lan");
new Address("lan-v4", { interface: lan, address: "10.1.0.254/24" });
new Address("lan-v6", { interface: lan, address: "fd00:1::fe/64" });

for (let number = 1; number <= hosts; number += 1) {
  const host = new Namespace(`host${number}`);
  const wire = new Veth(`wire${number}`, {
    a: { name: "eth0", namespace: host },
    b: { name: `lan-port${number}`, master: lan },
  });
  new Address(`host${number}-v4`, { interface: wire.a, address: `10.1.0.${number}/24` });
  new Address(`host${number}-v6`, { interface: wire.a, address: `fd00:1::${number.toString(16)}/64` });
}
