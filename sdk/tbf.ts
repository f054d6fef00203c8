import type * as pulumi from "@pulumi/pulumi";
import { Impairment, type ImpairmentArgs } from "./impairment.ts";

/** Arguments of a {@link Tbf}. */
export interface TbfArgs extends ImpairmentArgs {
  /** The rate: text with a unit, such as `"10mbit"`, or a number of bits a second, from 8kbit to 400gbit. */
  rate: pulumi.Input<string | number>;
  /**
   * The size of the bucket, which is how much may leave at once: text such as `"32kb"` (1024 bytes each), or a number of bytes. A bucket
   * that is smaller than the largest packet drops it.
   *
   * @default one packet of the MTU 9000 or of that of the interface, or what the rate sends in 4 milliseconds if that is more
   */
  burst?: pulumi.Input<string | number>;
  /**
   * The longest time that a packet waits: text such as `"50ms"`, or a number of milliseconds. Packets that would wait longer are dropped.
   *
   * @default "50ms"
   */
  latency?: pulumi.Input<string | number>;
  /**
   * The size of the queue, in place of `latency`: text such as `"64kb"`, or a number of bytes.
   *
   * @default none: it follows from the latency
   */
  limit?: pulumi.Input<string | number>;
}

/**
 * A rate limit (token bucket filter) for the packets of an interface. A {@link Netem} has a rate, too, and a delay. This one is exact for
 * short bursts, and does not need the kernel's module of netem.
 *
 * Equivalent to: `tc qdisc add dev veth-red root tbf rate 10mbit burst 9018 latency 50ms`
 *
 * @example
 * new Tbf("uplink", { interface: wire.a, rate: "10mbit" });
 */
export class Tbf extends Impairment {
  declare readonly rate: pulumi.Output<string>;
  declare readonly burst: pulumi.Output<string | undefined>;
  declare readonly latency: pulumi.Output<string | undefined>;
  declare readonly limit: pulumi.Output<string | undefined>;

  constructor(name: string, args: TbfArgs, opts: pulumi.CustomResourceOptions = {}) {
    super("Tbf", name, args, opts);
  }
}
