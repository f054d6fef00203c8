import * as pulumi from "@pulumi/pulumi";
import { LabHost, Lan, Link, Route, Router } from "pulumi-netns";

const config = new pulumi.Config();

/** A site on a lab host of its own: a router, and a LAN behind it. */
function site(name: string, lab: string, network: string) {
  // The machine that ssh reaches as `lab`, with the address at which the other one reaches it.
  const host = new LabHost(lab, { address: config.require(lab) });
  const router = new Router(name, { host });
  const lan = new Lan(`${name}-lan`, { networks: [network], router, hosts: [`${name}-pc`] });
  return { network, router, pc: lan.hosts[`${name}-pc`].address };
}

const north = site("north", "lab1", "10.1.0.0/24");
const south = site("south", "lab2", "10.2.0.0/24");

// The same words as on one machine. The routers are on two, so the link is a VXLAN between them.
const line = new Link("line", { a: north.router, b: south.router, networks: ["10.0.0.0/31"] });
new Route("to-south", { namespace: north.router, destination: south.network, via: line.addresses.b[0] });
new Route("to-north", { namespace: south.router, destination: north.network, via: line.addresses.a[0] });

export const northPc = north.pc;
export const southPc = south.pc;
