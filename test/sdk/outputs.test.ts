import type * as pulumi from "@pulumi/pulumi";
import { expectTypeOf, test } from "vitest";
import type * as kinds from "../../provider/kinds/index.ts";
import type * as sdk from "../../sdk/index.ts";

type Kinds = typeof kinds;

/** Returns the arguments of a kind's schema as outputs, which are always present if they have a default. */
type Arguments<K extends keyof Kinds, Filled extends string = never> = Present<Parameters<Kinds[K]["id"]>[0], Filled>;
type Present<T, Filled extends string> = {
  -readonly [P in keyof Required<T>]: P extends keyof T ? (P extends Filled ? NonNullable<T[P]> : T[P]) : never;
};

/** Returns the types of the outputs that a class declares, except those of every resource and those that are not arguments. */
type Outputs<Class, Beside extends string = never> = {
  -readonly [P in keyof Class as Class[P] extends pulumi.Output<unknown>
    ? Exclude<P, "id" | "urn" | Beside>
    : never]: Class[P] extends pulumi.Output<infer T> ? T : never;
};

test("a class declares the outputs of its schema, with their types", () => {
  expectTypeOf<Outputs<sdk.Address, "ip">>().toEqualTypeOf<Arguments<"address">>();
  expectTypeOf<Outputs<sdk.Bridge>>().toEqualTypeOf<Arguments<"bridge", "mac">>();
  expectTypeOf<Outputs<sdk.Bond>>().toEqualTypeOf<Arguments<"bond", "mac" | "miimon">>();
  expectTypeOf<Outputs<sdk.Geneve>>().toEqualTypeOf<Arguments<"geneve", "mac">>();
  expectTypeOf<Outputs<sdk.Ipvlan>>().toEqualTypeOf<Arguments<"ipvlan">>();
  expectTypeOf<Outputs<sdk.Tunnel>>().toEqualTypeOf<Arguments<"tunnel">>();
  expectTypeOf<Outputs<sdk.Vrf>>().toEqualTypeOf<Arguments<"vrf", "mac">>();
  expectTypeOf<Outputs<sdk.WireGuard, "publicKey">>().toEqualTypeOf<Arguments<"wireGuard", "privateKey">>();
  expectTypeOf<Outputs<sdk.Dummy>>().toEqualTypeOf<Arguments<"dummy", "mac">>();
  expectTypeOf<Outputs<sdk.FdbEntry>>().toEqualTypeOf<Arguments<"fdbEntry">>();
  expectTypeOf<Outputs<sdk.FilterChain>>().toEqualTypeOf<Arguments<"filterChain">>();
  expectTypeOf<Outputs<sdk.FqCodel>>().toEqualTypeOf<Arguments<"fqCodel">>();
  expectTypeOf<Outputs<sdk.Netem>>().toEqualTypeOf<Arguments<"netem">>();
  expectTypeOf<Outputs<sdk.Tbf>>().toEqualTypeOf<Arguments<"tbf">>();
  expectTypeOf<Outputs<sdk.Command, "stdout">>().toEqualTypeOf<Arguments<"command">>();
  expectTypeOf<Outputs<sdk.Hosts>>().toEqualTypeOf<Arguments<"hosts">>();
  expectTypeOf<Outputs<sdk.Ifb>>().toEqualTypeOf<Arguments<"ifb", "mac">>();
  expectTypeOf<Outputs<sdk.Macvlan>>().toEqualTypeOf<Arguments<"macvlan">>();
  expectTypeOf<Outputs<sdk.Macvtap>>().toEqualTypeOf<Arguments<"macvtap">>();
  expectTypeOf<Outputs<sdk.Namespace>>().toEqualTypeOf<Arguments<"namespace">>();
  expectTypeOf<Outputs<sdk.NatRule>>().toEqualTypeOf<Arguments<"natRule", "family" | "priority">>();
  expectTypeOf<Outputs<sdk.Neighbor>>().toEqualTypeOf<Arguments<"neighbor">>();
  expectTypeOf<Outputs<sdk.Process>>().toEqualTypeOf<Arguments<"process", "log" | "cwd">>();
  expectTypeOf<Outputs<sdk.Route>>().toEqualTypeOf<Arguments<"route", "metric">>();
  expectTypeOf<Outputs<sdk.Nexthop>>().toEqualTypeOf<Arguments<"nexthop">>();
  expectTypeOf<Outputs<sdk.RoutingRule>>().toEqualTypeOf<Arguments<"routingRule", "family">>();
  expectTypeOf<Outputs<sdk.Sysctl, "previous">>().toEqualTypeOf<Arguments<"sysctl">>();
  expectTypeOf<Outputs<sdk.Nic>>().toEqualTypeOf<Arguments<"nic">>();
  expectTypeOf<Outputs<sdk.Tap>>().toEqualTypeOf<Arguments<"tap", "mac">>();
  expectTypeOf<Outputs<sdk.Tun>>().toEqualTypeOf<Arguments<"tun">>();
  expectTypeOf<Outputs<sdk.Vlan>>().toEqualTypeOf<Arguments<"vlan", "mac">>();
  expectTypeOf<Outputs<sdk.Vxlan>>().toEqualTypeOf<Arguments<"vxlan", "mac">>();
  expectTypeOf<Outputs<sdk.VethEnd>>().toEqualTypeOf<Present<Arguments<"veth">["a"], "mac">>();
  expectTypeOf<Outputs<sdk.VethEnd>>().toEqualTypeOf<Present<Arguments<"veth">["b"], "mac">>();
});
