// What ./dist/testing/index.d.ts exports.



export declare function labTest(options: LabOptions): import("vitest").TestAPI<Omit<object, "$__file"> & Record<"lab", Lab> & {
    readonly $__worker?: object;
    readonly $__file?: object & Record<"lab", Lab>;
    readonly $__test?: object;
}>;

export declare function openLab({ project, config, stack, env, hosts, around, }: LabOptions): Promise<Lab>;

export declare function sandbox({ root }?: {
    readonly root?: boolean;
}): Promise<Sandbox>;

export interface Answer {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
}

export interface BlockOptions extends ProbeOptions {
    readonly by?: string | RegExp;
}

export interface Host {
    readonly namespace: string | undefined;
    readonly place: Place;
    readonly labHost: LabHost;
    exec(program: string, ...args: string[]): Promise<string>;
    to(destination: string | Host): Path;
}

export interface Lab extends Pick<Stack, "config" | "up" | "preview" | "refresh" | "destroy" | "output">, AsyncDisposable {
    readonly sandbox: Sandbox;
    host(namespace?: string, options?: {
        readonly on?: string;
    }): Host;
    exec(namespace: string, program: string, ...args: string[]): Promise<string>;
}

export interface LabMatchers {
    toReach(destination: string | Host): Promise<void>;
    toHaveRoute(destination: string, way?: RouteWay): Promise<void>;
    toHaveAddress(address: string, on?: {
        readonly dev?: string;
    }): Promise<void>;
    toResolve(name: string, address?: string): Promise<void>;
}

export interface LabOptions {
    readonly project: string;
    readonly config?: Readonly<Record<string, string | number | boolean>>;
    readonly stack?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly hosts?: readonly (string | TestedLabHost)[];
    readonly around?: (sandbox: Sandbox) => Promise<unknown>;
}

export interface Path {
    readonly from: Host;
    readonly destination: string | Host;
}

export interface PathMatchers {
    toLose(share: string | number, options?: {
        readonly count?: number;
    }): Promise<void>;
    toTakeBetween(shortest: string | number, longest: string | number, options?: {
        readonly count?: number;
    }): Promise<void>;
    toCarry(protocol: "tcp" | "udp", port: number, options?: ProbeOptions): Promise<void>;
    toBeBlocked(protocol?: "icmp"): Promise<void>;
    toBeBlocked(protocol: "tcp" | "udp", port: number, options?: BlockOptions): Promise<void>;
    toTransferBetween(least: string | number, most: string | number, options?: ProbeOptions & {
        readonly seconds?: number;
        readonly port?: number;
    }): Promise<void>;
}

export interface ProbeOptions {
    readonly at?: Host;
    readonly listenPort?: number;
}

export interface RouteWay {
    readonly via?: string;
    readonly dev?: string;
    readonly table?: number;
}

export interface Sandbox extends AsyncDisposable {
    readonly pid: number;
    readonly enter: readonly string[];
    try(program: string, ...args: string[]): Promise<Answer>;
    run(program: string, ...args: string[]): Promise<string>;
}

export interface TestedLabHost {
    readonly name: string;
    readonly ssh?: string;
    readonly address?: string;
}

// What that refers to.

export interface CommandOptions {
    readonly reads?: boolean;
}

export interface CommandResult {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
    readonly signal?: string;
    readonly lost?: "broken" | "unreachable";
}

export interface IpCommand extends CommandContext {
    readonly tool: "ip";
    readonly family?: Family | undefined;
    readonly object: "address" | "link" | "neigh" | "netns" | "nexthop" | "route" | "rule" | "tuntap";
    readonly verb: string;
    readonly words: readonly string[];
}

export interface KernelClient {
    run(command: Command): Promise<CommandResult>;
    runBatch(commands: Commands): Promise<readonly CommandResult[]>;
    batchSize(commands: Commands): number;
}

export interface LabHost {
    readonly roots: readonly Place[];
    readonly kernel: KernelClient;
    run(place: Place, program: string, ...args: readonly string[]): Promise<CommandResult>;
    command(place: Place, argv: readonly string[], options?: CommandOptions): LabHostCommand;
    start(place: Place, program: string, ...args: readonly string[]): RunningProgram;
}

export interface LabHostCommand {
    readonly argv: readonly string[];
    readonly endsWithInput: boolean;
}

export interface RunningProgram {
    readonly firstLine: Promise<string>;
    stop(): Promise<void>;
}

export interface Stack extends AsyncDisposable {
    config(values: Record<string, string | number | boolean>): Promise<void>;
    up(...flags: string[]): Promise<string[]>;
    preview(...flags: string[]): Promise<string[]>;
    refresh(...flags: string[]): Promise<string[]>;
    destroy(...flags: string[]): Promise<string[]>;
    output(name: string): Promise<string>;
    state(): Promise<string>;
    cancel(): Promise<void>;
    readonly env: readonly string[];
    try(...args: string[]): Promise<Answer>;
}

export interface ToolCommand extends CommandContext {
    readonly tool: "bridge" | "tc" | "nft" | "sysctl" | "wg" | "sh" | "cat" | "tee" | "mkdir" | "rm" | "getent";
    readonly args: readonly string[];
    readonly stdin?: string;
    readonly display?: string;
    readonly remedy?: string | undefined;
    readonly waits?: true;
}

export type Command = IpCommand | ToolCommand;

export type Commands = readonly [
    Command,
    ...Command[]
];

export type Family = "inet" | "inet6";

export type Place = string | undefined;

interface CommandContext {
    readonly namespace?: string | undefined;
    readonly query?: true;
    readonly subject?: string | undefined;
}
