import type * as pulumi from "@pulumi/pulumi";
import { Impairment, type ImpairmentArgs } from "./impairment.ts";

/**
 * The delay, jitter, loss and rate of packets. A time is text with a unit, such as `"20ms"`, or a number of milliseconds; a
 * share of packets is text such as `"1%"`, or a number of percent; a rate is text such as `"10mbit"`, or a number of bits a second.
 */
export interface PacketNetemArgs {
  /**
   * The time by which each packet is delayed. A ping takes it once for each direction that has a delay.
   *
   * @default none
   */
  delay?: pulumi.Input<string | number>;
  /**
   * The largest deviation from `delay`. It may not be longer than `delay`. Packets whose delays differ arrive in another order.
   *
   * @default none
   */
  jitter?: pulumi.Input<string | number>;
  /**
   * How far the delay of a packet depends on the delay of the packet before it. Only with `jitter`.
   *
   * @default none
   */
  delayCorrelation?: pulumi.Input<string | number>;
  /**
   * The distribution of the delay around its mean. Only with `jitter`. A change of it replaces the queue, with the packets that wait in it.
   *
   * @default every delay within the jitter is equally likely
   */
  distribution?: pulumi.Input<"normal" | "pareto" | "paretonormal">;
  /**
   * The share of packets that are dropped.
   *
   * @default none
   */
  loss?: pulumi.Input<string | number>;
  /**
   * How far the loss of a packet depends on the loss of the packet before it. Only with `loss`.
   *
   * @default none
   */
  lossCorrelation?: pulumi.Input<string | number>;
  /**
   * The share of packets in which one bit is inverted. Most of them are dropped at their destination, because of their checksum.
   *
   * @default none
   */
  corrupt?: pulumi.Input<string | number>;
  /**
   * The share of packets that are sent at once, before those that are delayed. Only with `delay`.
   *
   * @default none
   */
  reorder?: pulumi.Input<string | number>;
  /**
   * The distance of the packets that are sent at once: with 5, it is every fifth packet, with the probability of `reorder`.
   *
   * @default 1
   */
  gap?: pulumi.Input<number>;
  /**
   * The rate at which packets leave. `"10mbps"`, which `tc` reads as megabytes, is an error, and so is a number below 1000: it
   * would be bits a second.
   *
   * @default not limited
   */
  rate?: pulumi.Input<string | number>;
  /**
   * The number of packets that can wait. A packet that arrives when so many wait is dropped.
   *
   * @default as many as the delay and the rate need, and at least 1000
   */
  limit?: pulumi.Input<number>;
}

/** The netem settings of the packets that leave through an interface. */
export interface LinkNetemArgs extends PacketNetemArgs {
  /**
   * The share of packets that are sent twice.
   *
   * @default none
   */
  duplicate?: pulumi.Input<string | number>;
  /**
   * Other settings for packets to some IPv4 or IPv6 destination addresses, for example only for the packets from one host of a shared LAN
   * to another. They replace all settings of the interface for these packets; `{ to: "10.0.0.2" }` without settings exempts an address. The
   * first entry that matches a packet applies. It cannot be used with `duplicate`. Adding the first entry or removing the last one replaces
   * the queue and drops the packets in it. ARP and neighbour discovery have other destination addresses, so they take the settings of the
   * interface.
   *
   * @default none
   */
  perDestination?: pulumi.Input<pulumi.Input<DestinationNetemArgs>[]>;
}

/** The netem settings of the packets to some destinations. */
export interface DestinationNetemArgs extends PacketNetemArgs {
  /** The destination of the packets: an address, a network such as `10.0.0.0/24`, or a list of these. */
  to: pulumi.Input<string | pulumi.Input<string>[]>;
}

/** The netem settings of the packets to some destinations, in the spelling of `tc`. */
export interface DestinationNetemSettings extends Omit<NetemSettings, "duplicate" | "perDestination"> {
  to: string | string[];
}

/** The netem settings of the packets that leave through an interface, in the spelling of `tc`. */
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

/** Arguments of a {@link Netem}. */
export interface NetemArgs extends ImpairmentArgs, LinkNetemArgs {}

/**
 * Delay, jitter, loss and a rate limit (netem) for the packets of an interface. Every link takes the same settings as its argument `netem`,
 * which is shorter. A resource of its own can also be for an interface that the program does not create, and for packets that arrive
 * (`direction: "ingress"`).
 *
 * A change is made in place: packets that wait are kept. Of two resources for the same interface and direction, one is an error.
 *
 * Equivalent to: `tc qdisc add dev veth-red root netem delay 20ms 2ms loss 1% rate 10mbit`
 *
 * @example
 * new Netem("slow", { interface: wire.a, delay: "20ms", jitter: "2ms", loss: "1%", rate: "10mbit" });
 * new Netem("to-blue", { interface: wire.b, perDestination: [{ to: "192.168.15.2", delay: "40ms" }] });
 */
export class Netem extends Impairment {
  declare readonly delay: pulumi.Output<string | undefined>;
  declare readonly jitter: pulumi.Output<string | undefined>;
  declare readonly delayCorrelation: pulumi.Output<string | undefined>;
  declare readonly distribution: pulumi.Output<"normal" | "pareto" | "paretonormal" | undefined>;
  declare readonly loss: pulumi.Output<string | undefined>;
  declare readonly lossCorrelation: pulumi.Output<string | undefined>;
  declare readonly duplicate: pulumi.Output<string | undefined>;
  declare readonly corrupt: pulumi.Output<string | undefined>;
  declare readonly reorder: pulumi.Output<string | undefined>;
  declare readonly gap: pulumi.Output<number | undefined>;
  declare readonly rate: pulumi.Output<string | undefined>;
  declare readonly limit: pulumi.Output<number | undefined>;
  declare readonly perDestination: pulumi.Output<DestinationNetemSettings[] | undefined>;

  constructor(name: string, args: NetemArgs, opts: pulumi.CustomResourceOptions = {}) {
    super("Netem", name, args, opts);
  }
}
