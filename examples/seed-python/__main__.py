import pulumi
import pulumi_netns as netns

GATEWAY = "192.168.15.5"

# A bridge on the lab host, which is the gateway of both namespaces.
lan = netns.Bridge("v-net-0", addresses=[f"{GATEWAY}/24"])

# The addresses and the default route of a namespace belong to its end of the cable.
for name, address in {"red": "192.168.15.1", "blue": "192.168.15.2"}.items():
    namespace = netns.Namespace(name)
    netns.Veth(
        f"{name}-wire",
        a={
            "name": f"veth-{name}",
            "namespace": namespace.name,
            "addresses": [f"{address}/24"],
            "gateways": [GATEWAY],
        },
        b={"name": f"veth-{name}-br", "master": lan.name},
    )
    pulumi.export(name, address)

# The lab host forwards packets and masquerades them, so that answers return to it.
netns.Sysctl("forwarding", key="net.ipv4.ip_forward", value="1")
netns.NatRule("lan-out", type=netns.NatRuleType.MASQUERADE, source="192.168.15.0/24")
