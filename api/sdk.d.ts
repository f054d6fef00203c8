// What ./dist/sdk/index.d.ts exports.

export declare abstract class LabNode extends Component<LabNodeOutputs> {
    #private;
    readonly name: string;
    readonly namespace: Namespace;
    protected constructor(kind: string, name: string, args: LabNodeArgs, opts: pulumi.ComponentResourceOptions, shape: Shape<LabNodeArgs>, check?: (checks: ArgumentChecks<LabNodeArgs>) => void);
    get host(): LabHost | undefined;
    get addresses(): readonly string[];
    get address(): string | undefined;
    checkGateways(link: string, gateways: readonly string[]): void;
    plug({ name, addresses, gateways, mtu, netem }: PlugArgs): VethEndArgs;
}

export declare class Address extends KernelResource {
    readonly interface: pulumi.Output<string>;
    readonly namespace: pulumi.Output<string | undefined>;
    readonly address: pulumi.Output<string>;
    readonly peer: pulumi.Output<string | undefined>;
    readonly broadcast: pulumi.Output<string | undefined>;
    readonly scope: pulumi.Output<"global" | "link" | "host" | undefined>;
    readonly ip: pulumi.Output<string>;
    constructor(name: string, given: AddressArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Bond extends LinkResource {
    readonly mac: pulumi.Output<string>;
    readonly mode: pulumi.Output<BondMode>;
    readonly miimon: pulumi.Output<number>;
    readonly updelay: pulumi.Output<number>;
    readonly downdelay: pulumi.Output<number>;
    readonly minLinks: pulumi.Output<number>;
    readonly xmitHashPolicy: pulumi.Output<BondHashPolicy>;
    readonly lacpRate: pulumi.Output<"slow" | "fast" | undefined>;
    readonly lacpActive: pulumi.Output<boolean | undefined>;
    readonly adSelect: pulumi.Output<"stable" | "bandwidth" | "count" | undefined>;
    readonly arpInterval: pulumi.Output<number | undefined>;
    readonly arpIpTarget: pulumi.Output<string[] | undefined>;
    readonly arpValidate: pulumi.Output<"none" | "active" | "backup" | "all">;
    readonly failOverMac: pulumi.Output<"none" | "active" | "follow">;
    readonly primaryReselect: pulumi.Output<"always" | "better" | "failure">;
    readonly primary: pulumi.Output<string | undefined>;
    constructor(name: string, args: BondArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Bridge extends LinkResource {
    readonly mac: pulumi.Output<string>;
    readonly stp: pulumi.Output<boolean>;
    readonly priority: pulumi.Output<number>;
    readonly forwardDelay: pulumi.Output<number>;
    readonly helloTime: pulumi.Output<number>;
    readonly maxAge: pulumi.Output<number>;
    readonly ageingTime: pulumi.Output<number>;
    readonly mcastSnooping: pulumi.Output<boolean>;
    readonly mcastQuerier: pulumi.Output<boolean>;
    readonly groupFwdMask: pulumi.Output<number>;
    readonly vlanFiltering: pulumi.Output<boolean>;
    readonly vlanProtocol: pulumi.Output<"802.1Q" | "802.1ad">;
    readonly vlans: pulumi.Output<string[] | undefined>;
    readonly vlanDefaultPvid: pulumi.Output<number | undefined>;
    constructor(name: string, args?: BridgeArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Command extends KernelResource {
    readonly namespace: pulumi.Output<string | undefined>;
    readonly create: pulumi.Output<string[]>;
    readonly update: pulumi.Output<string[] | undefined>;
    readonly delete: pulumi.Output<string[] | undefined>;
    readonly stdin: pulumi.Output<string | undefined>;
    readonly triggers: pulumi.Output<(string | number | boolean)[] | undefined>;
    readonly env: pulumi.Output<Record<string, string> | undefined>;
    readonly cwd: pulumi.Output<string>;
    readonly timeout: pulumi.Output<number>;
    readonly stdout: pulumi.Output<string>;
    constructor(name: string, given: CommandArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Dummy extends LinkResource {
    readonly mac: pulumi.Output<string>;
    constructor(name: string, args?: DummyArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class FdbEntry extends KernelResource {
    readonly interface: pulumi.Output<string>;
    readonly namespace: pulumi.Output<string | undefined>;
    readonly lladdr: pulumi.Output<string>;
    readonly vlan: pulumi.Output<number | undefined>;
    readonly sticky: pulumi.Output<boolean>;
    readonly dst: pulumi.Output<string | undefined>;
    readonly srcVni: pulumi.Output<number | undefined>;
    readonly port: pulumi.Output<number | undefined>;
    readonly vni: pulumi.Output<number | undefined>;
    readonly via: pulumi.Output<string | undefined>;
    constructor(name: string, given: FdbEntryArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class FilterChain extends KernelResource {
    readonly namespace: pulumi.Output<string | undefined>;
    readonly chain: pulumi.Output<"prerouting" | "input" | "forward" | "output">;
    readonly policy: pulumi.Output<"accept" | "drop">;
    readonly priority: pulumi.Output<number>;
    readonly rules: pulumi.Output<FilterRule[] | undefined>;
    constructor(name: string, args: FilterChainArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class FqCodel extends Impairment {
    readonly limit: pulumi.Output<number>;
    readonly flows: pulumi.Output<number>;
    readonly target: pulumi.Output<string>;
    readonly interval: pulumi.Output<string>;
    readonly quantum: pulumi.Output<number | undefined>;
    readonly ecn: pulumi.Output<boolean>;
    constructor(name: string, args: FqCodelArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Geneve extends LinkResource {
    readonly mac: pulumi.Output<string>;
    readonly vni: pulumi.Output<number>;
    readonly remote: pulumi.Output<string>;
    readonly dstport: pulumi.Output<number>;
    readonly ttl: pulumi.Output<number | "inherit">;
    readonly tos: pulumi.Output<number | "inherit">;
    readonly df: pulumi.Output<"unset" | "set" | "inherit">;
    readonly underlay: pulumi.Output<string | undefined>;
    constructor(name: string, given: GeneveArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Host extends LabNode {
    constructor(name: string, args?: HostArgs, opts?: pulumi.ComponentResourceOptions);
}

export declare class Hosts extends KernelResource {
    readonly namespace: pulumi.Output<string>;
    readonly addresses: pulumi.Output<Readonly<Record<string, string | readonly string[]>> | undefined>;
    readonly nameservers: pulumi.Output<string[] | undefined>;
    constructor(name: string, given: HostsArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Ifb extends LinkResource {
    readonly mac: pulumi.Output<string>;
    constructor(name: string, args?: IfbArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Ipvlan extends ChildLinkResource {
    readonly mode: pulumi.Output<"l2" | "l3" | "l3s">;
    readonly flag: pulumi.Output<"bridge" | "private" | "vepa">;
    constructor(name: string, args: IpvlanArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class LabHost {
    readonly name: string;
    readonly ssh: string;
    readonly sudo: boolean;
    readonly address: string | undefined;
    readonly mtu: number;
    readonly firstSecurePort: number;
    constructor(name: string, given?: LabHostArgs);
}

export declare class Lan<const Name extends string = string> extends Bridged<LanOutputs> {
    #private;
    readonly name: string;
    readonly bridge: Bridge;
    readonly hosts: Readonly<HostsByName<Name>>;
    readonly gateways: readonly string[];
    constructor(name: string, args: LanArgs<Name>, opts?: pulumi.ComponentResourceOptions);
    get gateway(): string | undefined;
    bridgeOn(host: LabHost): Bridge;
    join(node: LabNode, args?: Omit<LanMember, "node">): VethEnd | Vlan;
}

export declare class Link extends Component<LinkOutputs> {
    #private;
    readonly a: VethEnd | Vlan | Vxlan;
    readonly b: VethEnd | Vlan | Vxlan;
    readonly addresses: PerEnd<string[]>;
    constructor(name: string, args: LinkArgs, opts?: pulumi.ComponentResourceOptions);
}

export declare class Macvlan extends ChildLinkResource {
    readonly mac: pulumi.Output<string | undefined>;
    readonly mode: pulumi.Output<"bridge" | "private" | "vepa" | "passthru">;
    constructor(name: string, args: MacvlanArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Macvtap extends ChildLinkResource {
    readonly mac: pulumi.Output<string | undefined>;
    readonly mode: pulumi.Output<"bridge" | "private" | "vepa" | "passthru">;
    constructor(name: string, args: MacvtapArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Namespace extends KernelResource {
    readonly name: pulumi.Output<string>;
    readonly layer: pulumi.Output<number | undefined>;
    readonly loopback: pulumi.Output<boolean | undefined>;
    constructor(name: string, given?: NamespaceArgs, opts?: pulumi.CustomResourceOptions);
    static get(name: string, id: pulumi.Input<pulumi.ID>, { host, ...opts }?: GetOptions): Namespace;
}

export declare class NatRule extends KernelResource {
    readonly namespace: pulumi.Output<string | undefined>;
    readonly type: pulumi.Output<"masquerade" | "snat" | "dnat" | "redirect">;
    readonly family: pulumi.Output<"ip" | "ip6" | "inet">;
    readonly source: pulumi.Output<string | string[] | undefined>;
    readonly destination: pulumi.Output<string | string[] | undefined>;
    readonly protocol: pulumi.Output<NatProtocol | NatProtocol[] | undefined>;
    readonly sourcePort: pulumi.Output<number | string | (number | string)[] | undefined>;
    readonly destinationPort: pulumi.Output<number | string | (number | string)[] | undefined>;
    readonly inInterface: pulumi.Output<string | string[] | undefined>;
    readonly outInterface: pulumi.Output<string | string[] | undefined>;
    readonly toAddress: pulumi.Output<string | undefined>;
    readonly toPort: pulumi.Output<number | string | undefined>;
    readonly exclude: pulumi.Output<boolean>;
    readonly random: pulumi.Output<boolean>;
    readonly fullyRandom: pulumi.Output<boolean>;
    readonly persistent: pulumi.Output<boolean>;
    readonly priority: pulumi.Output<number>;
    readonly after: pulumi.Output<string | undefined>;
    readonly copies: pulumi.Output<string | undefined>;
    readonly policy: pulumi.Output<string | undefined>;
    constructor(name: string, given: NatRuleArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Neighbor extends KernelResource {
    readonly interface: pulumi.Output<string>;
    readonly namespace: pulumi.Output<string | undefined>;
    readonly address: pulumi.Output<string>;
    readonly lladdr: pulumi.Output<string | undefined>;
    readonly router: pulumi.Output<boolean>;
    readonly proxy: pulumi.Output<boolean>;
    readonly protocol: pulumi.Output<string | undefined>;
    constructor(name: string, given: NeighborArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Netem extends Impairment {
    readonly delay: pulumi.Output<string | undefined>;
    readonly jitter: pulumi.Output<string | undefined>;
    readonly delayCorrelation: pulumi.Output<string | undefined>;
    readonly distribution: pulumi.Output<"normal" | "pareto" | "paretonormal" | undefined>;
    readonly loss: pulumi.Output<string | undefined>;
    readonly lossCorrelation: pulumi.Output<string | undefined>;
    readonly duplicate: pulumi.Output<string | undefined>;
    readonly corrupt: pulumi.Output<string | undefined>;
    readonly reorder: pulumi.Output<string | undefined>;
    readonly gap: pulumi.Output<number | undefined>;
    readonly rate: pulumi.Output<string | undefined>;
    readonly limit: pulumi.Output<number | undefined>;
    readonly perDestination: pulumi.Output<DestinationNetemSettings[] | undefined>;
    constructor(name: string, args: NetemArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Nexthop extends KernelResource {
    readonly namespace: pulumi.Output<string | undefined>;
    readonly nhid: pulumi.Output<number>;
    readonly family: pulumi.Output<"inet" | "inet6" | undefined>;
    readonly via: pulumi.Output<string | undefined>;
    readonly interface: pulumi.Output<string | undefined>;
    readonly onlink: pulumi.Output<boolean>;
    readonly blackhole: pulumi.Output<boolean>;
    readonly group: pulumi.Output<{
        nhid: number;
        weight: number;
    }[] | undefined>;
    readonly protocol: pulumi.Output<string | undefined>;
    constructor(name: string, given: NexthopArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Nic extends LinkResource {
    readonly namespace: pulumi.Output<string>;
    readonly mac: pulumi.Output<string | undefined>;
    readonly from: pulumi.Output<string>;
    readonly takeInUse: pulumi.Output<boolean>;
    constructor(name: string, args: NicArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Process extends KernelResource {
    readonly namespace: pulumi.Output<string | undefined>;
    readonly command: pulumi.Output<string[]>;
    readonly files: pulumi.Output<Record<string, string> | undefined>;
    readonly onChange: pulumi.Output<"restart" | StopSignal | string[] | undefined>;
    readonly triggers: pulumi.Output<(string | number | boolean)[] | undefined>;
    readonly interfaces: pulumi.Output<string[] | undefined>;
    readonly ready: pulumi.Output<{
        tcp?: number | undefined;
        udp?: number | undefined;
        command?: string[] | undefined;
        log?: string | undefined;
        timeout: number;
    } | undefined>;
    readonly env: pulumi.Output<Record<string, string> | undefined>;
    readonly cwd: pulumi.Output<string>;
    readonly log: pulumi.Output<string>;
    readonly stopSignal: pulumi.Output<StopSignal>;
    readonly settle: pulumi.Output<number>;
    constructor(name: string, given: ProcessArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Route extends KernelResource {
    readonly namespace: pulumi.Output<string | undefined>;
    readonly destination: pulumi.Output<string>;
    readonly via: pulumi.Output<string | undefined>;
    readonly interface: pulumi.Output<string | undefined>;
    readonly nexthops: pulumi.Output<NextHop[] | undefined>;
    readonly nhid: pulumi.Output<number | undefined>;
    readonly source: pulumi.Output<string | undefined>;
    readonly onlink: pulumi.Output<boolean>;
    readonly mtu: pulumi.Output<number | undefined>;
    readonly type: pulumi.Output<"unicast" | "blackhole" | "unreachable" | "prohibit">;
    readonly metric: pulumi.Output<number>;
    readonly protocol: pulumi.Output<string | undefined>;
    readonly table: pulumi.Output<number>;
    constructor(name: string, given: RouteArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Router extends LabNode {
    #private;
    constructor(name: string, args?: RouterArgs, opts?: pulumi.ComponentResourceOptions);
    plug(cable: PlugArgs): VethEndArgs;
}

export declare class RoutingRule extends KernelResource {
    readonly namespace: pulumi.Output<string | undefined>;
    readonly family: pulumi.Output<"inet" | "inet6">;
    readonly priority: pulumi.Output<number>;
    readonly not: pulumi.Output<boolean>;
    readonly from: pulumi.Output<string | undefined>;
    readonly to: pulumi.Output<string | undefined>;
    readonly iif: pulumi.Output<string | undefined>;
    readonly oif: pulumi.Output<string | undefined>;
    readonly fwmark: pulumi.Output<number | undefined>;
    readonly fwmask: pulumi.Output<number | undefined>;
    readonly ipproto: pulumi.Output<"icmp" | "igmp" | "tcp" | "udp" | "gre" | "esp" | "ah" | "icmpv6" | "ospf" | "vrrp" | "sctp" | undefined>;
    readonly sport: pulumi.Output<number | string | undefined>;
    readonly dport: pulumi.Output<number | string | undefined>;
    readonly uidrange: pulumi.Output<string | undefined>;
    readonly type: pulumi.Output<"unicast" | "blackhole" | "unreachable" | "prohibit">;
    readonly table: pulumi.Output<number | undefined>;
    readonly suppressPrefixlength: pulumi.Output<number | undefined>;
    constructor(name: string, given: RoutingRuleArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Sysctl extends KernelResource {
    readonly key: pulumi.Output<string>;
    readonly value: pulumi.Output<string>;
    readonly interface: pulumi.Output<string | undefined>;
    readonly namespace: pulumi.Output<string | undefined>;
    readonly previous: pulumi.Output<string>;
    constructor(name: string, given: SysctlArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Tap extends LinkResource {
    readonly mac: pulumi.Output<string>;
    readonly user: pulumi.Output<string | number | undefined>;
    readonly group: pulumi.Output<string | number | undefined>;
    readonly multiQueue: pulumi.Output<boolean>;
    readonly vnetHdr: pulumi.Output<boolean>;
    constructor(name: string, args?: TapArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Tbf extends Impairment {
    readonly rate: pulumi.Output<string>;
    readonly burst: pulumi.Output<string | undefined>;
    readonly latency: pulumi.Output<string | undefined>;
    readonly limit: pulumi.Output<string | undefined>;
    constructor(name: string, args: TbfArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Trunk extends Component<TrunkOutputs> {
    #private;
    readonly name: string;
    readonly a: VethEnd;
    readonly b: VethEnd;
    constructor(name: string, args: TrunkArgs, opts?: pulumi.ComponentResourceOptions);
    addVlan(name: string, node: LabNode, vid: number | undefined, end: VethEndArgs, parent: pulumi.Resource): Vlan;
    check(node: LabNode, vid: number | undefined): {
        side: keyof PerEnd<unknown>;
        vid: number;
    };
}

export declare class Tun extends LinkResource {
    readonly user: pulumi.Output<string | number | undefined>;
    readonly group: pulumi.Output<string | number | undefined>;
    readonly multiQueue: pulumi.Output<boolean>;
    readonly vnetHdr: pulumi.Output<boolean>;
    constructor(name: string, args?: TunArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Tunnel extends LinkResource {
    readonly mac: pulumi.Output<string | undefined>;
    readonly mode: pulumi.Output<TunnelMode>;
    readonly local: pulumi.Output<string>;
    readonly remote: pulumi.Output<string>;
    readonly dev: pulumi.Output<string | undefined>;
    readonly underlay: pulumi.Output<string | undefined>;
    readonly ttl: pulumi.Output<number | "inherit">;
    readonly tos: pulumi.Output<number | "inherit">;
    readonly pmtudisc: pulumi.Output<boolean>;
    readonly encaplimit: pulumi.Output<number | "none">;
    readonly key: pulumi.Output<number | undefined>;
    readonly ikey: pulumi.Output<number | undefined>;
    readonly okey: pulumi.Output<number | undefined>;
    readonly csum: pulumi.Output<boolean>;
    readonly seq: pulumi.Output<boolean>;
    constructor(name: string, given: TunnelArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Veth extends KernelResource {
    readonly a: VethEnd;
    readonly b: VethEnd;
    constructor(name: string, args: VethArgs, opts?: pulumi.CustomResourceOptions);
    static get(name: string, id: pulumi.Input<pulumi.ID>, { host, ...opts }?: GetOptions): Veth;
}

export declare class Vlan extends ChildLinkResource {
    readonly mac: pulumi.Output<string>;
    readonly vid: pulumi.Output<number>;
    readonly protocol: pulumi.Output<"802.1Q" | "802.1ad">;
    readonly reorderHdr: pulumi.Output<boolean>;
    readonly gvrp: pulumi.Output<boolean>;
    readonly mvrp: pulumi.Output<boolean>;
    readonly looseBinding: pulumi.Output<boolean>;
    readonly bridgeBinding: pulumi.Output<boolean>;
    readonly ingressQosMap: pulumi.Output<Record<string, number>>;
    readonly egressQosMap: pulumi.Output<Record<string, number>>;
    constructor(name: string, args: VlanArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Vrf extends LinkResource {
    readonly mac: pulumi.Output<string>;
    readonly table: pulumi.Output<number>;
    constructor(name: string, args: VrfArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Vxlan extends LinkResource {
    readonly mac: pulumi.Output<string>;
    readonly vni: pulumi.Output<number | undefined>;
    readonly external: pulumi.Output<boolean>;
    readonly vnifilter: pulumi.Output<boolean>;
    readonly vnis: pulumi.Output<string[] | undefined>;
    readonly remote: pulumi.Output<string | undefined>;
    readonly group: pulumi.Output<string | undefined>;
    readonly local: pulumi.Output<string | undefined>;
    readonly dev: pulumi.Output<string | undefined>;
    readonly underlay: pulumi.Output<string | undefined>;
    readonly dstport: pulumi.Output<number>;
    readonly learning: pulumi.Output<boolean>;
    readonly ageing: pulumi.Output<number>;
    readonly flood: pulumi.Output<string[] | undefined>;
    readonly ttl: pulumi.Output<number | "auto" | "inherit">;
    readonly tos: pulumi.Output<number | "inherit">;
    readonly df: pulumi.Output<"unset" | "set" | "inherit">;
    readonly srcport: pulumi.Output<number | string | undefined>;
    readonly udpcsum: pulumi.Output<boolean>;
    readonly proxy: pulumi.Output<boolean>;
    readonly rsc: pulumi.Output<boolean>;
    readonly l2miss: pulumi.Output<boolean>;
    readonly l3miss: pulumi.Output<boolean>;
    constructor(name: string, given: VxlanArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class WireGuard extends LinkResource {
    readonly privateKey: pulumi.Output<string>;
    readonly listenPort: pulumi.Output<number | undefined>;
    readonly fwmark: pulumi.Output<number>;
    readonly peers: pulumi.Output<WireGuardPeer[] | undefined>;
    readonly routes: pulumi.Output<boolean>;
    readonly underlay: pulumi.Output<string | undefined>;
    readonly publicKey: pulumi.Output<string>;
    constructor(name: string, given?: WireGuardArgs, opts?: pulumi.CustomResourceOptions);
    static publicKeyOf(privateKey: pulumi.Input<string>): pulumi.Output<string>;
}

export interface AddressArgs extends Adoptable {
    interface: InterfaceRef;
    namespace?: Place;
    address: pulumi.Input<string>;
    peer?: pulumi.Input<string>;
    broadcast?: pulumi.Input<string>;
    scope?: pulumi.Input<"global" | "link" | "host">;
}

export interface BondArgs extends LinkArgs {
    mode: pulumi.Input<BondMode>;
    miimon?: pulumi.Input<number>;
    updelay?: pulumi.Input<number>;
    downdelay?: pulumi.Input<number>;
    minLinks?: pulumi.Input<number>;
    xmitHashPolicy?: pulumi.Input<BondHashPolicy>;
    lacpRate?: pulumi.Input<"slow" | "fast">;
    lacpActive?: pulumi.Input<boolean>;
    adSelect?: pulumi.Input<"stable" | "bandwidth" | "count">;
    arpInterval?: pulumi.Input<number>;
    arpIpTarget?: pulumi.Input<pulumi.Input<string>[]>;
    arpValidate?: pulumi.Input<"none" | "active" | "backup" | "all">;
    primaryReselect?: pulumi.Input<"always" | "better" | "failure">;
    failOverMac?: pulumi.Input<"none" | "active" | "follow">;
    primary?: pulumi.Input<string>;
}

export interface BridgeArgs extends LinkArgs {
    stp?: pulumi.Input<boolean>;
    priority?: pulumi.Input<number>;
    forwardDelay?: pulumi.Input<number>;
    helloTime?: pulumi.Input<number>;
    maxAge?: pulumi.Input<number>;
    ageingTime?: pulumi.Input<number>;
    mcastSnooping?: pulumi.Input<boolean>;
    mcastQuerier?: pulumi.Input<boolean>;
    groupFwdMask?: pulumi.Input<number>;
    vlanFiltering?: pulumi.Input<boolean>;
    vlanProtocol?: pulumi.Input<"802.1Q" | "802.1ad">;
    vlans?: pulumi.Input<pulumi.Input<number | string>[]>;
    vlanDefaultPvid?: pulumi.Input<number>;
}

export interface BridgePortArgs {
    isolated?: pulumi.Input<boolean>;
    hairpin?: pulumi.Input<boolean>;
    learning?: pulumi.Input<boolean>;
    flood?: pulumi.Input<boolean>;
    mcastFlood?: pulumi.Input<boolean>;
    bcastFlood?: pulumi.Input<boolean>;
    neighSuppress?: pulumi.Input<boolean>;
    guard?: pulumi.Input<boolean>;
    rootBlock?: pulumi.Input<boolean>;
    locked?: pulumi.Input<boolean>;
    vlanTunnel?: pulumi.Input<boolean>;
    groupFwdMask?: pulumi.Input<number>;
    cost?: pulumi.Input<number>;
    priority?: pulumi.Input<number>;
    vlans?: pulumi.Input<pulumi.Input<number | string>[]>;
}

export interface CommandArgs {
    namespace?: Place;
    create: pulumi.Input<pulumi.Input<string>[]>;
    update?: pulumi.Input<pulumi.Input<string>[]>;
    delete?: pulumi.Input<pulumi.Input<string>[]>;
    stdin?: pulumi.Input<string>;
    triggers?: pulumi.Input<pulumi.Input<string | number | boolean>[]>;
    env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    cwd?: pulumi.Input<string>;
    timeout?: pulumi.Input<number>;
}

export interface DestinationNetemArgs extends PacketNetemArgs {
    to: pulumi.Input<string | pulumi.Input<string>[]>;
}

export interface DestinationNetemSettings extends Omit<NetemSettings, "duplicate" | "perDestination"> {
    to: string | string[];
}

export interface FdbEntryArgs extends Adoptable {
    interface: InterfaceRef;
    namespace?: Place;
    lladdr: pulumi.Input<string>;
    vlan?: pulumi.Input<number>;
    sticky?: pulumi.Input<boolean>;
    dst?: pulumi.Input<string>;
    srcVni?: pulumi.Input<number>;
    port?: pulumi.Input<number>;
    vni?: pulumi.Input<number>;
    via?: InterfaceRef;
}

export interface FilterChainArgs extends Adoptable {
    namespace?: Place;
    chain: pulumi.Input<"prerouting" | "input" | "forward" | "output">;
    policy?: pulumi.Input<"accept" | "drop">;
    priority?: pulumi.Input<number>;
    rules?: readonly FilterRuleArgs[];
}

export interface FilterRule {
    action: "accept" | "drop" | "reject" | "return" | "continue";
    rejectWith?: "port-unreachable" | "admin-prohibited" | "host-unreachable" | "tcp reset" | undefined;
    family?: "ip" | "ip6" | "inet" | undefined;
    source?: string | string[] | undefined;
    destination?: string | string[] | undefined;
    protocol?: FilterProtocol | FilterProtocol[] | undefined;
    sourcePort?: number | string | (number | string)[] | undefined;
    destinationPort?: number | string | (number | string)[] | undefined;
    icmpType?: IcmpType | IcmpType[] | undefined;
    inInterface?: string | string[] | undefined;
    outInterface?: string | string[] | undefined;
    ctState?: ConnectionState | ConnectionState[] | undefined;
    mark?: number | undefined;
    ctMark?: number | undefined;
    limit?: string | undefined;
    counter?: boolean | undefined;
    log?: string | undefined;
    setMark?: number | "ct mark" | undefined;
    setCtMark?: number | "meta mark" | undefined;
    nft?: string | undefined;
}

export interface FilterRuleArgs {
    action: pulumi.Input<"accept" | "drop" | "reject" | "return" | "continue">;
    rejectWith?: pulumi.Input<"port-unreachable" | "admin-prohibited" | "host-unreachable" | "tcp reset">;
    family?: pulumi.Input<"ip" | "ip6" | "inet">;
    source?: pulumi.Input<string | pulumi.Input<string>[]>;
    destination?: pulumi.Input<string | pulumi.Input<string>[]>;
    protocol?: pulumi.Input<FilterProtocol | pulumi.Input<FilterProtocol>[]>;
    sourcePort?: pulumi.Input<number | string | pulumi.Input<number | string>[]>;
    destinationPort?: pulumi.Input<number | string | pulumi.Input<number | string>[]>;
    icmpType?: pulumi.Input<IcmpType | pulumi.Input<IcmpType>[]>;
    inInterface?: InterfaceRef | readonly InterfaceRef[];
    outInterface?: InterfaceRef | readonly InterfaceRef[];
    ctState?: pulumi.Input<ConnectionState | pulumi.Input<ConnectionState>[]>;
    mark?: pulumi.Input<number>;
    ctMark?: pulumi.Input<number>;
    limit?: pulumi.Input<string>;
    counter?: pulumi.Input<boolean>;
    log?: pulumi.Input<string>;
    setMark?: pulumi.Input<number | "ct mark">;
    setCtMark?: pulumi.Input<number | "meta mark">;
}

export interface FqCodelArgs extends ImpairmentArgs {
    limit?: pulumi.Input<number>;
    flows?: pulumi.Input<number>;
    target?: pulumi.Input<string | number>;
    interval?: pulumi.Input<string | number>;
    quantum?: pulumi.Input<number>;
    ecn?: pulumi.Input<boolean>;
}

export interface GeneveArgs extends LinkArgs {
    vni: pulumi.Input<number>;
    remote: pulumi.Input<string>;
    dstport?: pulumi.Input<number>;
    ttl?: pulumi.Input<number | "inherit">;
    tos?: pulumi.Input<number | "inherit">;
    df?: pulumi.Input<"unset" | "set" | "inherit">;
    underlay?: Place;
}

export interface GetOptions extends pulumi.CustomResourceOptions {
    host?: LabHost;
}

export interface HostsArgs extends Adoptable {
    namespace: Exclude<Place, LabHost | undefined>;
    addresses?: pulumi.Input<Record<string, pulumi.Input<string | pulumi.Input<string>[]>>>;
    nameservers?: pulumi.Input<pulumi.Input<string>[]>;
}

export interface ImpairmentArgs extends Adoptable {
    interface: InterfaceRef;
    namespace?: Place;
    direction?: pulumi.Input<"egress" | "ingress">;
}

export interface Interface {
    readonly name: pulumi.Output<string>;
    readonly namespace: pulumi.Output<string | undefined>;
}

export interface IpvlanArgs extends Omit<ChildLinkArgs, "mac"> {
    mode?: pulumi.Input<"l2" | "l3" | "l3s">;
    flag?: pulumi.Input<"bridge" | "private" | "vepa">;
}

export interface LabHostArgs {
    ssh?: string;
    sudo?: boolean;
    address?: string;
    mtu?: number;
    firstSecurePort?: number;
}

export interface LabNodeArgs {
    name?: pulumi.Input<string>;
    host?: LabHost;
    layer?: pulumi.Input<number>;
}

export interface LabNodeOutputs {
    namespace: string;
}

export interface LanAddresses {
    addresses?: readonly string[];
    interface?: string;
    bridge?: BridgeRef;
    netem?: LinkNetemArgs;
    dhcp?: boolean;
}

export interface LanArgs<Name extends string = string> {
    networks: readonly string[];
    gateways?: readonly string[];
    router?: Router;
    trunk?: Trunk;
    vlan?: number;
    bridge?: BridgeRef;
    spans?: readonly LabHost[];
    vni?: number;
    secure?: boolean;
    hosts?: readonly (Name | LanHost<Name>)[];
    members?: readonly (LabNode | LanMember)[];
    mtu?: pulumi.Input<number>;
    netem?: LinkNetemArgs;
    pairs?: readonly LanPair<Name>[];
}

export interface LanHost<Name extends string = string> extends LanAddresses {
    name: Name;
    host?: LabHost;
}

export interface LanMember extends LanAddresses {
    node: LabNode;
    trunk?: Trunk;
}

export interface LanOutputs {
    bridge: string;
    gateways: string[];
    namespaces: Record<string, string>;
    addresses: Record<string, string>;
}

export interface LanPair<Name extends string = string> {
    from: Name;
    to: Name;
    netem: PacketNetemArgs;
}

export interface LinkArgs {
    a: LabNode;
    b: LabNode;
    networks?: readonly string[];
    addresses?: PerEnd<readonly string[]>;
    interfaces?: PerEnd<string>;
    gateway?: "a" | "b";
    mtu?: pulumi.Input<number>;
    vni?: number;
    secure?: boolean;
    netem?: LinkNetemArgs | Partial<PerEnd<LinkNetemArgs>>;
    vlan?: number;
    trunk?: Trunk;
}

export interface LinkNetemArgs extends PacketNetemArgs {
    duplicate?: pulumi.Input<string | number>;
    perDestination?: pulumi.Input<pulumi.Input<DestinationNetemArgs>[]>;
}

export interface LinkOutputs {
    addresses: PerEnd<string[]>;
    interfaces: PerEnd<string>;
}

export interface MacvlanArgs extends ChildLinkArgs {
    mode?: pulumi.Input<"bridge" | "private" | "vepa" | "passthru">;
}

export interface MacvtapArgs extends ChildLinkArgs {
    mode?: pulumi.Input<"bridge" | "private" | "vepa" | "passthru">;
}

export interface NamespaceArgs extends Adoptable {
    name?: pulumi.Input<string>;
    host?: LabHost;
    layer?: pulumi.Input<number>;
    loopback?: pulumi.Input<boolean>;
}

export interface NatRuleArgs extends Adoptable {
    namespace?: Place;
    type: pulumi.Input<"masquerade" | "snat" | "dnat" | "redirect">;
    family?: pulumi.Input<"ip" | "ip6" | "inet">;
    source?: pulumi.Input<string | pulumi.Input<string>[]>;
    destination?: pulumi.Input<string | pulumi.Input<string>[]>;
    protocol?: pulumi.Input<NatProtocol | pulumi.Input<NatProtocol>[]>;
    sourcePort?: pulumi.Input<number | string | pulumi.Input<number | string>[]>;
    destinationPort?: pulumi.Input<number | string | pulumi.Input<number | string>[]>;
    inInterface?: InterfaceRef | readonly InterfaceRef[];
    outInterface?: InterfaceRef | readonly InterfaceRef[];
    toAddress?: pulumi.Input<string>;
    toPort?: pulumi.Input<number | string>;
    exclude?: pulumi.Input<boolean>;
    random?: pulumi.Input<boolean>;
    fullyRandom?: pulumi.Input<boolean>;
    persistent?: pulumi.Input<boolean>;
    priority?: pulumi.Input<number>;
}

export interface NeighborArgs extends Adoptable {
    interface: InterfaceRef;
    namespace?: Place;
    address: pulumi.Input<string>;
    lladdr?: pulumi.Input<string>;
    router?: pulumi.Input<boolean>;
    proxy?: pulumi.Input<boolean>;
}

export interface NetemArgs extends ImpairmentArgs, LinkNetemArgs {
}

export interface NetemSettings {
    delay?: string | undefined;
    jitter?: string | undefined;
    delayCorrelation?: string | undefined;
    distribution?: "normal" | "pareto" | "paretonormal" | undefined;
    loss?: string | undefined;
    lossCorrelation?: string | undefined;
    duplicate?: string | undefined;
    corrupt?: string | undefined;
    reorder?: string | undefined;
    gap?: number | undefined;
    rate?: string | undefined;
    limit?: number | undefined;
    perDestination?: DestinationNetemSettings[] | undefined;
}

export interface NextHop {
    via?: string | undefined;
    interface?: string | undefined;
    weight: number;
    onlink: boolean;
}

export interface NextHopArgs {
    via?: pulumi.Input<string>;
    interface?: InterfaceRef;
    weight?: pulumi.Input<number>;
    onlink?: pulumi.Input<boolean>;
}

export interface NexthopArgs extends Adoptable {
    namespace?: Place;
    nhid: pulumi.Input<number>;
    family?: pulumi.Input<"inet" | "inet6">;
    via?: pulumi.Input<string>;
    interface?: InterfaceRef;
    onlink?: pulumi.Input<boolean>;
    blackhole?: pulumi.Input<boolean>;
    group?: readonly NexthopMemberArgs[];
}

export interface NexthopMemberArgs {
    nhid?: pulumi.Input<number>;
    nexthop?: Nexthop;
    weight?: pulumi.Input<number>;
}

export interface NicArgs extends Omit<LinkArgs, "adopt"> {
    from: pulumi.Input<string>;
    namespace: Place;
    mac?: pulumi.Input<string>;
    mtu?: pulumi.Input<number>;
    takeInUse?: pulumi.Input<boolean>;
}

export interface PacketNetemArgs {
    delay?: pulumi.Input<string | number>;
    jitter?: pulumi.Input<string | number>;
    delayCorrelation?: pulumi.Input<string | number>;
    distribution?: pulumi.Input<"normal" | "pareto" | "paretonormal">;
    loss?: pulumi.Input<string | number>;
    lossCorrelation?: pulumi.Input<string | number>;
    corrupt?: pulumi.Input<string | number>;
    reorder?: pulumi.Input<string | number>;
    gap?: pulumi.Input<number>;
    rate?: pulumi.Input<string | number>;
    limit?: pulumi.Input<number>;
}

export interface PerEnd<T> {
    a: T;
    b: T;
}

export interface PlugArgs {
    name: string;
    addresses: readonly string[];
    gateways?: readonly string[];
    mtu?: pulumi.Input<number> | undefined;
    netem?: LinkNetemArgs | undefined;
    dhcp?: boolean;
}

export interface PortForward {
    protocol?: "tcp" | "udp" | "sctp";
    port: number | string;
    to: string;
    toPort?: number | string;
}

export interface PortSettings {
    isolated: boolean;
    hairpin: boolean;
    learning: boolean;
    flood: boolean;
    mcastFlood: boolean;
    bcastFlood: boolean;
    neighSuppress: boolean;
    guard: boolean;
    rootBlock: boolean;
    locked: boolean;
    vlanTunnel: boolean;
    groupFwdMask: number;
    cost?: number | undefined;
    priority?: number | undefined;
    vlans?: string[] | undefined;
}

export interface ProcessArgs {
    namespace?: Place;
    command: pulumi.Input<pulumi.Input<string>[]>;
    files?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    onChange?: pulumi.Input<"restart" | "reload" | StopSignal | pulumi.Input<string>[]>;
    triggers?: pulumi.Input<pulumi.Input<string | number | boolean>[]>;
    interfaces?: pulumi.Input<pulumi.Input<string>[]>;
    ready?: pulumi.Input<ReadyArgs>;
    env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    cwd?: pulumi.Input<string>;
    log?: pulumi.Input<string>;
    stopSignal?: pulumi.Input<StopSignal>;
    settle?: pulumi.Input<number>;
}

export interface ReadyArgs {
    tcp?: pulumi.Input<number>;
    udp?: pulumi.Input<number>;
    command?: pulumi.Input<pulumi.Input<string>[]>;
    log?: pulumi.Input<string>;
    timeout?: pulumi.Input<number>;
}

export interface RouteArgs extends Adoptable {
    namespace?: Place;
    destination: pulumi.Input<string>;
    via?: pulumi.Input<string>;
    interface?: InterfaceRef;
    nexthops?: readonly NextHopArgs[];
    nhid?: pulumi.Input<number>;
    nexthop?: Nexthop;
    source?: pulumi.Input<string>;
    onlink?: pulumi.Input<boolean>;
    mtu?: pulumi.Input<number>;
    type?: pulumi.Input<"unicast" | "blackhole" | "unreachable" | "prohibit">;
    metric?: pulumi.Input<number>;
    table?: pulumi.Input<number>;
    vrf?: Vrf;
}

export interface RouterArgs extends LabNodeArgs {
    nat?: boolean;
    firewall?: "stateful" | RouterFirewall;
    portForwards?: readonly PortForward[];
}

export interface RouterFirewall {
    forward?: readonly FilterRuleArgs[];
    input?: readonly FilterRuleArgs[];
}

export interface RoutingRuleArgs extends Adoptable {
    namespace?: Place;
    family?: pulumi.Input<"inet" | "inet6">;
    priority: pulumi.Input<number>;
    not?: pulumi.Input<boolean>;
    from?: pulumi.Input<string>;
    to?: pulumi.Input<string>;
    iif?: InterfaceRef;
    oif?: InterfaceRef;
    fwmark?: pulumi.Input<number>;
    fwmask?: pulumi.Input<number>;
    ipproto?: pulumi.Input<"icmp" | "igmp" | "tcp" | "udp" | "gre" | "esp" | "ah" | "icmpv6" | "ospf" | "vrrp" | "sctp">;
    sport?: pulumi.Input<number | string>;
    dport?: pulumi.Input<number | string>;
    uidrange?: pulumi.Input<string>;
    type?: pulumi.Input<"unicast" | "blackhole" | "unreachable" | "prohibit">;
    table?: pulumi.Input<number>;
    vrf?: Vrf;
    suppressPrefixlength?: pulumi.Input<number>;
}

export interface SysctlArgs {
    key: pulumi.Input<string>;
    value: pulumi.Input<string | number>;
    interface?: InterfaceRef;
    namespace?: Place;
}

export interface TapArgs extends LinkArgs, TunTapArgs {
}

export interface TbfArgs extends ImpairmentArgs {
    rate: pulumi.Input<string | number>;
    burst?: pulumi.Input<string | number>;
    latency?: pulumi.Input<string | number>;
    limit?: pulumi.Input<string | number>;
}

export interface TrunkArgs {
    a: BridgeRef | LabNode;
    b: BridgeRef | LabNode;
    vlans: readonly (number | string)[];
    mtu?: pulumi.Input<number>;
    netem?: LinkNetemArgs;
}

export interface TrunkOutputs {
    interfaces: PerEnd<string>;
}

export interface TunArgs extends Omit<LinkArgs, "mac">, TunTapArgs {
}

export interface TunnelArgs extends LinkArgs {
    mode: pulumi.Input<TunnelMode>;
    mac?: pulumi.Input<string>;
    local: pulumi.Input<string>;
    remote: pulumi.Input<string>;
    dev?: InterfaceRef;
    underlay?: Place;
    ttl?: pulumi.Input<number | "inherit">;
    tos?: pulumi.Input<number | "inherit">;
    pmtudisc?: pulumi.Input<boolean>;
    encaplimit?: pulumi.Input<number | "none">;
    key?: pulumi.Input<number>;
    ikey?: pulumi.Input<number>;
    okey?: pulumi.Input<number>;
    csum?: pulumi.Input<boolean>;
    seq?: pulumi.Input<boolean>;
}

export interface VethArgs extends Adoptable {
    a: VethEndArgs;
    b: VethEndArgs;
}

export interface VethEnd extends Interface {
    readonly mac: pulumi.Output<string>;
    readonly mtu: pulumi.Output<number>;
    readonly master: pulumi.Output<string | undefined>;
    readonly port: pulumi.Output<PortSettings | undefined>;
    readonly up: pulumi.Output<boolean>;
    readonly altname: pulumi.Output<string | undefined>;
    readonly addresses: pulumi.Output<string[] | undefined>;
    readonly gateways: pulumi.Output<string[] | undefined>;
    readonly gatewayTable: pulumi.Output<number | undefined>;
    readonly netem: pulumi.Output<NetemSettings | undefined>;
}

export interface VethEndArgs extends InterfaceArgs {
    name: pulumi.Input<string>;
    mtu?: pulumi.Input<number>;
}

export interface VlanArgs extends ChildLinkArgs {
    vid: pulumi.Input<number>;
    protocol?: pulumi.Input<"802.1Q" | "802.1ad">;
    reorderHdr?: pulumi.Input<boolean>;
    gvrp?: pulumi.Input<boolean>;
    mvrp?: pulumi.Input<boolean>;
    looseBinding?: pulumi.Input<boolean>;
    bridgeBinding?: pulumi.Input<boolean>;
    ingressQosMap?: pulumi.Input<Record<string, pulumi.Input<number>>>;
    egressQosMap?: pulumi.Input<Record<string, pulumi.Input<number>>>;
}

export interface VrfArgs extends LinkArgs {
    table: pulumi.Input<number>;
}

export interface VxlanArgs extends LinkArgs {
    vni?: pulumi.Input<number>;
    external?: pulumi.Input<boolean>;
    vnifilter?: pulumi.Input<boolean>;
    vnis?: pulumi.Input<pulumi.Input<number | string>[]>;
    remote?: pulumi.Input<string>;
    group?: pulumi.Input<string>;
    local?: pulumi.Input<string>;
    dev?: InterfaceRef;
    underlay?: Place;
    dstport?: pulumi.Input<number>;
    learning?: pulumi.Input<boolean>;
    ageing?: pulumi.Input<number>;
    flood?: pulumi.Input<pulumi.Input<string>[]>;
    ttl?: pulumi.Input<number | "auto" | "inherit">;
    tos?: pulumi.Input<number | "inherit">;
    df?: pulumi.Input<"unset" | "set" | "inherit">;
    srcport?: pulumi.Input<number | string>;
    udpcsum?: pulumi.Input<boolean>;
    proxy?: pulumi.Input<boolean>;
    rsc?: pulumi.Input<boolean>;
    l2miss?: pulumi.Input<boolean>;
    l3miss?: pulumi.Input<boolean>;
}

export interface WireGuardArgs extends Omit<LinkArgs, "mac"> {
    privateKey?: pulumi.Input<string>;
    listenPort?: pulumi.Input<number>;
    fwmark?: pulumi.Input<number>;
    peers?: pulumi.Input<pulumi.Input<WireGuardPeerArgs>[]>;
    routes?: pulumi.Input<boolean>;
    underlay?: Place;
}

export interface WireGuardPeer {
    publicKey: string;
    presharedKey?: string | undefined;
    allowedIps?: string[] | undefined;
    endpoint?: string | undefined;
    persistentKeepalive: number;
}

export interface WireGuardPeerArgs {
    publicKey: pulumi.Input<string>;
    presharedKey?: pulumi.Input<string>;
    allowedIps?: pulumi.Input<pulumi.Input<string>[]>;
    endpoint?: pulumi.Input<string>;
    persistentKeepalive?: pulumi.Input<number>;
}

export type ConnectionState = "invalid" | "established" | "related" | "new" | "untracked";

export type DummyArgs = LinkArgs;

export type FilterProtocol = "icmp" | "igmp" | "tcp" | "udp" | "gre" | "esp" | "ah" | "icmpv6" | "ospf" | "vrrp" | "sctp" | number;

export type HostArgs = LabNodeArgs;

export type HostsByName<Name extends string> = string extends Name ? Record<string, Host | undefined> : Record<Name, Host>;

export type IcmpType = "echo-request" | "echo-reply" | "destination-unreachable" | "time-exceeded" | "parameter-problem" | "redirect" | "router-advertisement" | "router-solicitation" | "timestamp-request" | "timestamp-reply" | "packet-too-big" | "nd-router-solicit" | "nd-router-advert" | "nd-neighbor-solicit" | "nd-neighbor-advert" | "nd-redirect" | "mld-listener-query" | "mld-listener-report" | "mld-listener-done" | "mld2-listener-report";

export type IfbArgs = LinkArgs;

export type InterfaceRef = Interface | pulumi.Input<string>;

export type NatProtocol = "tcp" | "udp" | "sctp" | "icmp" | "icmpv6";

export type Place = Namespace | Inhabited | LabHost | pulumi.Input<string> | undefined;

// What that refers to.

export declare abstract class Bridged<Outputs extends object> extends Component<Outputs> {
    abstract readonly bridge: Bridge;
}

export declare abstract class ChildLinkResource extends LinkResource {
    readonly link: pulumi.Output<string>;
    readonly linkNamespace: pulumi.Output<string | undefined>;
    protected constructor(kind: string, name: string, given: ChildLinkArgs, opts: pulumi.CustomResourceOptions);
}

export declare abstract class Component<Outputs extends object> extends pulumi.ComponentResource {
    protected constructor(kind: string, name: string, opts: pulumi.ComponentResourceOptions);
    protected publish(outputs: Later<Outputs>): void;
}

export declare abstract class Impairment extends KernelResource {
    readonly interface: pulumi.Output<string>;
    readonly namespace: pulumi.Output<string | undefined>;
    readonly direction: pulumi.Output<"egress" | "ingress">;
    protected constructor(kind: string, name: string, given: ImpairmentArgs, opts: pulumi.CustomResourceOptions);
}

export declare abstract class KernelResource extends pulumi.CustomResource {
    protected constructor(kind: string, name: string, all: pulumi.Inputs, givenOpts: pulumi.CustomResourceOptions, { host, dependsOn, replacedWith, attachedTo, follows, ownsPlace, adopt }: Relations);
}

export declare abstract class LinkResource extends KernelResource implements Interface {
    readonly name: pulumi.Output<string>;
    readonly namespace: pulumi.Output<string | undefined>;
    readonly mtu: pulumi.Output<number | undefined>;
    readonly master: pulumi.Output<string | undefined>;
    readonly port: pulumi.Output<PortSettings | undefined>;
    readonly up: pulumi.Output<boolean>;
    readonly altname: pulumi.Output<string | undefined>;
    readonly addresses: pulumi.Output<string[] | undefined>;
    readonly gateways: pulumi.Output<string[] | undefined>;
    readonly gatewayTable: pulumi.Output<number | undefined>;
    readonly netem: pulumi.Output<NetemSettings | undefined>;
    protected constructor(kind: string, name: string, given: LinkArgs, opts: pulumi.CustomResourceOptions, relation?: Relation);
    static get<Link extends LinkResource>(this: new (name: string, args: never, opts: pulumi.CustomResourceOptions) => Link, name: string, id: pulumi.Input<pulumi.ID>, { host, ...opts }?: GetOptions): Link;
}

export declare class ArgumentChecks<Args extends object> {
    #private;
    readonly args: Args;
    constructor(component: pulumi.ComponentResource, given: Args, shape: Shape<Args>);
    at<T>(argument: string, work: () => T, needed?: readonly unknown[]): T;
    end(): void;
}

export interface Adoptable {
    adopt?: pulumi.Input<boolean>;
}

export interface ChildLinkArgs extends Omit<LinkArgs, "namespace"> {
    link: InterfaceRef;
    linkNamespace?: Place;
    namespace?: Place;
}

export interface Inhabited extends pulumi.ComponentResource {
    readonly namespace: Namespace;
}

export interface InterfaceArgs {
    namespace?: Place;
    mac?: pulumi.Input<string>;
    master?: InterfaceRef;
    port?: BridgePortArgs;
    up?: pulumi.Input<boolean>;
    altname?: pulumi.Input<string>;
    addresses?: pulumi.Input<pulumi.Input<string>[]>;
    gateways?: pulumi.Input<pulumi.Input<string>[]>;
    gatewayTable?: pulumi.Input<number>;
    netem?: LinkNetemArgs;
}

export interface LinkArgs extends InterfaceArgs, Adoptable {
    name?: pulumi.Input<string>;
    mtu?: pulumi.Input<number>;
}

export interface Relations {
    readonly host: LabHost | undefined;
    readonly dependsOn?: readonly pulumi.Resource[];
    readonly replacedWith?: readonly pulumi.Resource[];
    readonly attachedTo?: readonly pulumi.Input<string>[];
    readonly follows?: readonly pulumi.Input<string>[];
    readonly ownsPlace?: boolean;
    readonly adopt?: pulumi.Input<boolean> | undefined;
}

export interface TunTapArgs {
    user?: pulumi.Input<string | number>;
    group?: pulumi.Input<string | number>;
    multiQueue?: pulumi.Input<boolean>;
    vnetHdr?: pulumi.Input<boolean>;
}

export type BridgeRef = Bridge | Bridged<object>;

export type Later<Outputs> = {
    readonly [Name in keyof Outputs]: pulumi.Input<Outputs[Name]>;
};

export type Shape<Args> = {
    readonly [Name in keyof Required<Args>]: v.GenericSchema;
};

export type StopSignal = "SIGTERM" | "SIGINT" | "SIGHUP" | "SIGQUIT" | "SIGUSR1" | "SIGUSR2" | "SIGKILL";

interface Relation {
    readonly on?: InterfaceRef | undefined;
    readonly place?: Place;
    readonly isMaster?: boolean;
    readonly cyclesMembers?: boolean;
}

type BondHashPolicy = "layer2" | "layer2+3" | "layer3+4" | "encap2+3" | "encap3+4" | "vlan+srcmac";

type BondMode = "balance-rr" | "active-backup" | "balance-xor" | "broadcast" | "802.3ad" | "balance-tlb" | "balance-alb";

type TunnelMode = "gre" | "gretap" | "ipip" | "sit" | "ip6gre" | "ip6gretap" | "ip6tnl";
