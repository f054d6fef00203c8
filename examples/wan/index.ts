import * as pulumi from "@pulumi/pulumi";
import { Host, Link, Route, Router } from "pulumi-netns";

const config = new pulumi.Config();

// Each uplink has this in both directions, so a ping from site to site, which crosses two uplinks, takes the delay four times.
const netem = { delay: config.require("delay"), loss: config.require("loss"), rate: config.require("rate") };

const internet = new Router("internet");

const sites = ["north", "south"].map((name, index) => {
  const [router, host] = [new Router(name), new Host(`${name}-host`)];
  new Link(`${name}-site`, { a: host, b: router, networks: [`10.${index + 1}.0.0/24`], gateway: "b" });
  const uplink = new Link(`${name}-uplink`, {
    a: router,
    b: internet,
    networks: [`203.0.113.${index * 2}/31`],
    gateway: "b",
    netem,
  });
  // The internet's route to the site.
  new Route(name, {
    namespace: internet.namespace,
    destination: `10.${index + 1}.0.0/24`,
    via: uplink.addresses.a[0],
  });
  return host.address;
});

export const north = sites[0];
export const south = sites[1];
