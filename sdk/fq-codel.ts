import type * as pulumi from "@pulumi/pulumi";
import { Impairment, type ImpairmentArgs } from "./impairment.ts";

/** Arguments of an {@link FqCodel}. */
export interface FqCodelArgs extends ImpairmentArgs {
  /**
   * The number of packets that can wait.
   *
   * @default 10240
   */
  limit?: pulumi.Input<number>;
  /**
   * The number of queues to which flows are assigned.
   *
   * @default 1024
   */
  flows?: pulumi.Input<number>;
  /**
   * The waiting time that is acceptable: text with a unit, or a number of milliseconds.
   *
   * @default "5ms"
   */
  target?: pulumi.Input<string | number>;
  /**
   * The time for which packets may wait longer than the target before some are dropped: text with a unit, or a number of milliseconds.
   *
   * @default "100ms"
   */
  interval?: pulumi.Input<string | number>;
  /**
   * The number of bytes that a queue may send in its turn. Removing the argument later keeps the current value.
   *
   * @default chosen by the kernel: the largest packet
   */
  quantum?: pulumi.Input<number>;
  /**
   * Whether packets that support it (ECN) are marked in place of being dropped.
   *
   * @default true
   */
  ecn?: pulumi.Input<boolean>;
}

/**
 * A queue that shares an interface fairly between flows and keeps waiting times short (FQ-CoDel). It limits no rate: it has an effect where
 * packets wait, as on a physical interface.
 *
 * Equivalent to: `tc qdisc add dev eth0 root fq_codel target 5ms interval 100ms`
 *
 * @example
 * new FqCodel("fair", { interface: "eth0", target: "10ms" });
 */
export class FqCodel extends Impairment {
  declare readonly limit: pulumi.Output<number>;
  declare readonly flows: pulumi.Output<number>;
  declare readonly target: pulumi.Output<string>;
  declare readonly interval: pulumi.Output<string>;
  declare readonly quantum: pulumi.Output<number | undefined>;
  declare readonly ecn: pulumi.Output<boolean>;

  constructor(name: string, args: FqCodelArgs, opts: pulumi.CustomResourceOptions = {}) {
    super("FqCodel", name, args, opts);
  }
}
