// What ./dist/sdk/index.d.ts exports.

export declare abstract class LabNode extends pulumi.ComponentResource {
    #private;
    readonly name: string;
    readonly namespace: Namespace;
    protected constructor(kind: string, name: string, args: LabNodeArgs, opts: pulumi.ComponentResourceOptions);
    get addresses(): readonly string[];
    get address(): string | undefined;
    plug({ name, addresses, gateways, mtu }: Plug): VethEndArgs;
}

export declare class Address extends KernelResource {
    readonly interface: pulumi.Output<string>;
    readonly namespace: pulumi.Output<string | undefined>;
    readonly address: pulumi.Output<string>;
    readonly peer: pulumi.Output<string | undefined>;
    readonly broadcast: pulumi.Output<string | undefined>;
    readonly scope: pulumi.Output<"global" | "link" | "host" | undefined>;
    readonly ip: pulumi.Output<string>;
    constructor(name: string, args: AddressArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Bridge extends KernelResource implements Interface {
    readonly name: pulumi.Output<string>;
    readonly namespace: pulumi.Output<string | undefined>;
    readonly mac: pulumi.Output<string>;
    readonly mtu: pulumi.Output<number | undefined>;
    readonly stp: pulumi.Output<boolean>;
    readonly vlanFiltering: pulumi.Output<boolean>;
    readonly up: pulumi.Output<boolean>;
    readonly altname: pulumi.Output<string | undefined>;
    readonly addresses: pulumi.Output<string[] | undefined>;
    constructor(name: string, args?: BridgeArgs, opts?: pulumi.CustomResourceOptions);
    static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Bridge;
}

export declare class Host extends LabNode {
    constructor(name: string, args?: HostArgs, opts?: pulumi.ComponentResourceOptions);
}

export declare class Hosts extends KernelResource {
    readonly namespace: pulumi.Output<string>;
    readonly addresses: pulumi.Output<Record<string, string | string[]> | undefined>;
    readonly nameservers: pulumi.Output<string[] | undefined>;
    constructor(name: string, { namespace, addresses, nameservers, adopt }: HostsArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Lan<const Name extends string = string> extends pulumi.ComponentResource {
    #private;
    readonly name: string;
    readonly bridge: Bridge;
    readonly hosts: Readonly<Record<Name, Host>>;
    readonly gateways: readonly string[];
    constructor(name: string, args: LanArgs<Name>, opts?: pulumi.ComponentResourceOptions);
    get gateway(): string | undefined;
    join(node: LabNode, { addresses }?: LanAddresses): VethEnd;
}

export declare class Link extends pulumi.ComponentResource {
    readonly a: VethEnd;
    readonly b: VethEnd;
    readonly addresses: Sides<string[]>;
    constructor(name: string, args: LinkArgs, opts?: pulumi.ComponentResourceOptions);
}

export declare class Namespace extends KernelResource {
    readonly name: pulumi.Output<string>;
    constructor(name: string, args?: NamespaceArgs, opts?: pulumi.CustomResourceOptions);
    static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Namespace;
}

export declare class NatRule extends KernelResource {
    readonly namespace: pulumi.Output<string | undefined>;
    readonly type: pulumi.Output<"masquerade" | "snat" | "dnat" | "redirect">;
    readonly family: pulumi.Output<"ip" | "ip6" | "inet">;
    readonly source: pulumi.Output<string | undefined>;
    readonly destination: pulumi.Output<string | undefined>;
    readonly protocol: pulumi.Output<string | undefined>;
    readonly sourcePort: pulumi.Output<number | string | undefined>;
    readonly destinationPort: pulumi.Output<number | string | undefined>;
    readonly inInterface: pulumi.Output<string | undefined>;
    readonly outInterface: pulumi.Output<string | undefined>;
    readonly toAddress: pulumi.Output<string | undefined>;
    readonly toPort: pulumi.Output<number | string | undefined>;
    readonly priority: pulumi.Output<number>;
    readonly after: pulumi.Output<string | undefined>;
    constructor(name: string, args: NatRuleArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Process extends KernelResource {
    readonly namespace: pulumi.Output<string | undefined>;
    readonly command: pulumi.Output<string[]>;
    readonly env: pulumi.Output<Record<string, string> | undefined>;
    readonly cwd: pulumi.Output<string>;
    readonly log: pulumi.Output<string>;
    readonly stopSignal: pulumi.Output<string>;
    readonly settle: pulumi.Output<number>;
    constructor(name: string, args: ProcessArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Route extends KernelResource {
    readonly namespace: pulumi.Output<string | undefined>;
    readonly destination: pulumi.Output<string>;
    readonly via: pulumi.Output<string | undefined>;
    readonly interface: pulumi.Output<string | undefined>;
    readonly source: pulumi.Output<string | undefined>;
    readonly onlink: pulumi.Output<boolean>;
    readonly mtu: pulumi.Output<number | undefined>;
    readonly type: pulumi.Output<"unicast" | "blackhole" | "unreachable" | "prohibit">;
    readonly metric: pulumi.Output<number>;
    readonly table: pulumi.Output<number>;
    constructor(name: string, args: RouteArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Router extends LabNode {
    #private;
    constructor(name: string, args?: RouterArgs, opts?: pulumi.ComponentResourceOptions);
    plug(cable: Plug): VethEndArgs;
}

export declare class Sysctl extends KernelResource {
    readonly key: pulumi.Output<string>;
    readonly value: pulumi.Output<string>;
    readonly interface: pulumi.Output<string | undefined>;
    readonly namespace: pulumi.Output<string | undefined>;
    readonly previous: pulumi.Output<string>;
    constructor(name: string, args: SysctlArgs, opts?: pulumi.CustomResourceOptions);
}

export declare class Veth extends KernelResource {
    readonly a: VethEnd;
    readonly b: VethEnd;
    constructor(name: string, args: VethArgs, opts?: pulumi.CustomResourceOptions);
    static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Veth;
}

export interface AddressArgs extends Adoptable {
    interface: InterfaceRef;
    namespace?: Place;
    address: pulumi.Input<string>;
    peer?: pulumi.Input<string>;
    broadcast?: pulumi.Input<string>;
    scope?: pulumi.Input<"global" | "link" | "host">;
}

export interface BridgeArgs extends Adoptable {
    name?: pulumi.Input<string>;
    namespace?: Place;
    mac?: pulumi.Input<string>;
    mtu?: pulumi.Input<number>;
    stp?: pulumi.Input<boolean>;
    vlanFiltering?: pulumi.Input<boolean>;
    up?: pulumi.Input<boolean>;
    altname?: pulumi.Input<string>;
    addresses?: pulumi.Input<pulumi.Input<string>[]>;
}

export interface HostsArgs extends Adoptable {
    namespace: NonNullable<Place>;
    addresses?: pulumi.Input<Record<string, pulumi.Input<string | pulumi.Input<string>[]>>>;
    nameservers?: pulumi.Input<pulumi.Input<string>[]>;
}

export interface Interface {
    readonly name: pulumi.Output<string>;
    readonly namespace: pulumi.Output<string | undefined>;
}

export interface LabNodeArgs {
    name?: pulumi.Input<string>;
}

export interface LanAddresses {
    addresses: readonly string[];
}

export interface LanArgs<Name extends string = string> {
    networks: readonly string[];
    gateways?: readonly string[];
    router?: Router;
    hosts?: readonly (Name | LanHost<Name>)[];
    mtu?: pulumi.Input<number>;
}

export interface LanHost<Name extends string = string> extends LanAddresses {
    name: Name;
}

export interface LinkArgs {
    a: LabNode;
    b: LabNode;
    networks?: readonly string[];
    addresses?: Sides<readonly string[]>;
    gateway?: "a" | "b";
    mtu?: pulumi.Input<number>;
}

export interface NamespaceArgs extends Adoptable {
    name?: pulumi.Input<string>;
}

export interface NatRuleArgs {
    namespace?: Place;
    type: pulumi.Input<"masquerade" | "snat" | "dnat" | "redirect">;
    family?: pulumi.Input<"ip" | "ip6" | "inet">;
    source?: pulumi.Input<string>;
    destination?: pulumi.Input<string>;
    protocol?: pulumi.Input<"tcp" | "udp" | "sctp" | "icmp" | "icmpv6">;
    sourcePort?: pulumi.Input<number | string>;
    destinationPort?: pulumi.Input<number | string>;
    inInterface?: InterfaceRef;
    outInterface?: InterfaceRef;
    toAddress?: pulumi.Input<string>;
    toPort?: pulumi.Input<number | string>;
    priority?: pulumi.Input<number>;
}

export interface Plug {
    name: string;
    addresses: readonly string[];
    gateways?: readonly string[];
    mtu?: pulumi.Input<number> | undefined;
}

export interface ProcessArgs {
    namespace?: Place;
    command: pulumi.Input<pulumi.Input<string>[]>;
    env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    cwd?: pulumi.Input<string>;
    log?: pulumi.Input<string>;
    stopSignal?: pulumi.Input<string>;
    settle?: pulumi.Input<number>;
}

export interface RouteArgs extends Adoptable {
    namespace?: Place;
    destination: pulumi.Input<string>;
    via?: pulumi.Input<string>;
    interface?: InterfaceRef;
    source?: pulumi.Input<string>;
    onlink?: pulumi.Input<boolean>;
    mtu?: pulumi.Input<number>;
    type?: pulumi.Input<"unicast" | "blackhole" | "unreachable" | "prohibit">;
    metric?: pulumi.Input<number>;
    table?: pulumi.Input<number>;
}

export interface RouterArgs extends LabNodeArgs {
    nat?: boolean;
}

export interface Sides<T> {
    a: T;
    b: T;
}

export interface SysctlArgs {
    key: pulumi.Input<string>;
    value: pulumi.Input<string>;
    interface?: InterfaceRef;
    namespace?: Place;
}

export interface VethArgs extends Adoptable {
    a: VethEndArgs;
    b: VethEndArgs;
}

export interface VethEnd extends Interface {
    readonly mac: pulumi.Output<string>;
    readonly mtu: pulumi.Output<number>;
    readonly master: pulumi.Output<string | undefined>;
    readonly up: pulumi.Output<boolean>;
    readonly altname: pulumi.Output<string | undefined>;
    readonly addresses: pulumi.Output<string[] | undefined>;
    readonly gateways: pulumi.Output<string[] | undefined>;
}

export interface VethEndArgs {
    name: pulumi.Input<string>;
    namespace?: Place;
    mac?: pulumi.Input<string>;
    mtu?: pulumi.Input<number>;
    master?: InterfaceRef;
    up?: pulumi.Input<boolean>;
    altname?: pulumi.Input<string>;
    addresses?: pulumi.Input<pulumi.Input<string>[]>;
    gateways?: pulumi.Input<pulumi.Input<string>[]>;
}

export type HostArgs = LabNodeArgs;

export type InterfaceRef = Interface | pulumi.Input<string>;

export type Place = Namespace | pulumi.Input<string> | undefined;

// What that refers to.

export declare abstract class KernelResource extends pulumi.CustomResource {
    protected constructor(kind: string, name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions, { after, restsOn, on, follows, atHome, adopt }?: Ties);
}

export interface Adoptable {
    adopt?: pulumi.Input<boolean>;
}

export interface Ties {
    readonly after?: readonly pulumi.Resource[];
    readonly restsOn?: readonly pulumi.Resource[];
    readonly on?: readonly pulumi.Input<string>[];
    readonly follows?: readonly pulumi.Input<string>[];
    readonly atHome?: boolean;
    readonly adopt?: pulumi.Input<boolean> | undefined;
}
