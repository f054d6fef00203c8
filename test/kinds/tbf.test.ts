import { beforeEach, describe, expect, test } from "vitest";
import { lab, labForEachTest, wireRed } from "../support/lab-for-each.ts";

labForEachTest();
beforeEach(async () => {
  await wireRed("10.0.0.2/24");
  await lab.run("ip", "address", "add", "10.0.0.1/24", "dev", "port");
});

const args = (more: object = {}) => ({ interface: "port", rate: "10mbit", ...more });
const tc = (line: string) => lab.run("tc", ...line.split(" "));
const root = async (link = "port", ...at: string[]) =>
  (JSON.parse(await lab.run("tc", ...at, "-json", "qdisc", "show", "dev", link)) as any[]).filter(
    ({ root: is, handle }) => is && handle !== "0:",
  );
const filters = async (link = "port") =>
  (JSON.parse(await lab.run("tc", "-json", "filter", "show", "dev", link, "ingress")) as object[]).length;

describe("egress", () => {
  test("a limit is created, updated in place, repaired after drift, and deleted", async () => {
    const it = lab.resource("Tbf", "it");
    expect(await it.up(args())).toBe("create");
    const [made] = await root();
    // The bucket holds a jumbo frame, and above 18 Mbit/s the bytes between two ticks of a timer with 250 Hz.
    expect(made).toMatchObject({ kind: "tbf", options: { rate: 1_250_000, burst: 9017, lat: 50_000 } });
    expect(await it.up(args({ rate: 10_000_000 }))).toBe("same");
    expect(await it.refresh()).toEqual([]);

    for (const [change, shown] of [
      [{ rate: "20mbit" }, { rate: 2_500_000 }],
      [{ burst: "32kb" }, { burst: 32_767 }],
      [
        { burst: 1600, latency: "1s" },
        { burst: 1600, lat: 1_000_000 },
      ],
      [
        { burst: "1600b", limit: "3000b" },
        { burst: 1600, lat: 1120 },
      ],
      [{ rate: "8kbit", latency: "0.5s" }, { rate: 1000 }],
      [{ rate: "400gbit" }, { rate: 50_000_000_000 }],
      [{ rate: "1.5gbit", burst: "1mb" }, { rate: 187_500_000 }],
      [{ rate: "1234567bit", latency: 1 }, { rate: 154_320 }],
    ] as const) {
      expect([change, await it.up(args(change))]).toEqual([change, "update"]);
      const [now] = await root();
      expect(now.handle).toBe(made.handle);
      expect(now.options).toMatchObject(shown);
      expect([change, await it.refresh()]).toEqual([change, []]);
    }

    await it.up(args());
    await tc(`qdisc change dev port root handle ${made.handle} tbf rate 5mbit burst 5000b latency 20ms`);
    expect(await it.refresh()).toEqual(["rate", "burst", "latency"]);
    expect(it.outputs).toMatchObject({ rate: "5mbit", latency: "20ms" });
    expect(await it.up(args())).toBe("update");
    expect(await it.refresh()).toEqual([]);
    await tc(
      `qdisc change dev port root handle ${made.handle} tbf rate 10mbit burst 9018b latency 50ms peakrate 20mbit mtu 2000`,
    );
    expect(await it.refresh()).toEqual(["rate"]);
    expect(await it.up(args())).toBe("update");
    expect(await it.refresh()).toEqual([]);
    await tc("qdisc del dev port root");
    expect(await it.refresh()).toBe("gone");
    expect(await it.up(args())).toBe("create");
    await it.destroy();
    await it.destroy();
    expect(await root()).toEqual([]);
  });

  test("the bucket has room for a jumbo frame, and grows with a larger MTU of the interface", async () => {
    const it = lab.resource("Tbf", "it");
    await it.up(args({ rate: "1mbit" }));
    expect((await root())[0].options.burst).toBe(9018);
    await lab.run("ip", "link", "set", "dev", "port", "mtu", "9000");
    expect(await it.refresh()).toEqual([]);
    await lab.run("ip", "link", "set", "dev", "port", "mtu", "16000");
    expect(await it.refresh()).toEqual(["burst"]);
    expect(await it.up(args({ rate: "1mbit" }))).toBe("update");
    expect((await root())[0].options.burst).toBe(16_018);
    expect(await it.refresh()).toEqual([]);
  });

  test("a foreign qdisc is refused without adopt, and adopted with it", async () => {
    await lab.run("ip", "link", "add", "name", "x0", "type", "veth", "peer", "name", "x1");
    await tc("qdisc add dev x0 root tbf rate 1mbit burst 4kb latency 10ms");
    const it = lab.resource("Tbf", "it");
    await expect(it.up(args({ interface: "x0" }))).rejects.toThrow(
      /Tbf x0\/egress already exists and is not managed by pulumi-netns/,
    );
    expect((await root("x0"))[0].options.rate).toBe(125_000);
    expect(await it.up(args({ interface: "x0" }), { adopt: true })).toBe("create");
    expect((await root("x0"))[0].options.rate).toBe(1_250_000);
    expect(await it.refresh()).toEqual([]);

    // The handle marks the qdisc of another stack, also on a link of this stack.
    await lab
      .nextRun()
      .resource("Tbf", "its", "other")
      .up(args({ rate: "3mbit" }));
    const mine = lab.nextRun().resource("Tbf", "mine");
    await expect(mine.up(args())).rejects.toThrow(/already exists and is not managed/);
    expect((await root())[0].options.rate).toBe(375_000);
    // A qdisc that another stack has replaced is gone, and a delete keeps that of the other stack.
    const [{ handle }] = await root("x0");
    await tc(`qdisc del dev x0 root handle ${handle}`);
    await lab
      .nextRun()
      .resource("Tbf", "its", "third")
      .up(args({ interface: "x0", rate: "7mbit" }));
    await it.destroy();
    expect((await root("x0"))[0].options.rate).toBe(875_000);
  });

  test("a qdisc that was set by hand on a link of the stack is drift, and is repaired", async () => {
    const it = lab.resource("Tbf", "it");
    await it.up(args());
    const [{ handle }] = await root();
    await tc("qdisc replace dev port root tbf rate 1mbit burst 9018b latency 50ms");
    expect(await it.refresh()).toEqual(["rate"]);
    expect(await it.up(args())).toBe("update");
    expect(await root()).toMatchObject([{ handle, options: { rate: 1_250_000 } }]);
    await tc("qdisc del dev port root");
    await tc("qdisc add dev port root handle 1: htb");
    expect(await it.refresh()).toBe("gone");
    expect(await it.up(args())).toBe("create");
    expect(await root()).toMatchObject([{ handle, kind: "tbf" }]);
    expect(await it.refresh()).toEqual([]);
  });

  test("a renamed resource updates the existing qdisc in place", async () => {
    await lab.resource("Tbf", "before").up(args());
    const after = lab.nextRun().resource("Tbf", "after");
    const [{ handle }] = await root();
    expect(await after.up(args({ rate: "20mbit" }))).toBe("create");
    expect(await root()).toMatchObject([{ handle, options: { rate: 2_500_000 } }]);
  });

  test("the error about a missing interface says so", async () => {
    await expect(lab.resource("Tbf", "it").up(args({ interface: "nowhere" }))).rejects.toThrow(
      /tc qdisc add dev nowhere [^]*help: the interface does not exist there/,
    );
  });
});

test("a transfer has the given rate", async () => {
  await lab.resource("Tbf", "it").up(args({ rate: "8mbit" }));
  const bytes = 1_500_000;
  const receiver = lab.run("ip", "netns", "exec", "red", process.execPath, "-e", RECEIVE, String(bytes));
  await lab.run(process.execPath, "-e", SEND, String(bytes));
  const milliseconds = Number(await receiver);
  // The rate is one megabyte per second. A busy machine makes it slower, and only the first bucket makes it faster.
  expect(milliseconds).toBeGreaterThan(1350);
  expect(milliseconds).toBeLessThan(6000);
});

/** Prints the milliseconds from the first byte to the last. */
const RECEIVE = `
  const server = require("node:net").createServer((socket) => {
    let [left, start] = [Number(process.argv[1]), 0];
    socket.on("data", (chunk) => {
      start ||= Date.now();
      left -= chunk.length;
      if (left > 0) return;
      console.log(Date.now() - start);
      process.exit();
    });
  });
  server.listen(4000);
`;
const SEND = `
  const connect = () =>
    require("node:net")
      .connect(4000, "10.0.0.2", function () { this.end(Buffer.alloc(Number(process.argv[1]))); })
      .on("error", () => setTimeout(connect, 50));
  connect();
`;

describe("ingress", () => {
  const arriving = (more: object = {}) => args({ interface: "eth0", namespace: "red", direction: "ingress", ...more });
  const red = (line: string) => lab.run(...(line.split(" ") as [string, ...string[]]));
  const look = async () => ({
    links: (await lab.ip("-n", "red", "link", "show")).map(({ ifname }: { ifname: string }) => ifname),
    qdiscs: JSON.parse(await red("tc -n red -json qdisc show dev eth0")).map(({ kind }: { kind: string }) => kind),
  });
  const ping = async () => (await lab.try("ping", "-c1", "-W2", "10.0.0.2")).code;

  test("a limit has its own ifb, is updated in place, and leaves nothing", async () => {
    const before = await look();
    const it = lab.resource("Tbf", "it");
    expect(await it.up(arriving())).toBe("create");
    expect((await look()).links).toContain("ifb-eth0");
    const [made] = await root("ifb-eth0", "-n", "red");
    expect(made.options).toMatchObject({ rate: 1_250_000 });
    expect(await ping()).toBe(0);
    const [{ stats64, ifalias }] = await lab.ip("-n", "red", "-statistics", "link", "show", "dev", "ifb-eth0");
    expect(stats64.tx.packets).toBeGreaterThan(0);
    expect(ifalias).toMatch(/^pulumi-netns:/);
    expect(await it.up(arriving())).toBe("same");
    expect(await it.refresh()).toEqual([]);
    expect(await it.up(arriving({ rate: "20mbit" }))).toBe("update");
    expect(await root("ifb-eth0", "-n", "red")).toMatchObject([{ handle: made.handle, options: { rate: 2_500_000 } }]);
    expect(await it.refresh()).toEqual([]);
    await it.destroy();
    expect(await look()).toEqual(before);
    expect(await ping()).toBe(0);
  });

  test.each([
    ["the ifb is gone", "ip -n red link delete ifb-eth0"],
    ["the ifb is down", "ip -n red link set ifb-eth0 down"],
    ["the filter is gone", "tc -n red filter del dev eth0 ingress"],
    ["the qdisc of the ifb is gone", "tc -n red qdisc del dev ifb-eth0 root"],
    ["all is gone but the ifb", "tc -n red qdisc del dev eth0 ingress"],
  ])("a refresh reports that %s, and the next up repairs it", async (_what, damage) => {
    const it = lab.resource("Tbf", "it");
    await it.up(arriving());
    await red(damage);
    expect(await it.refresh()).toBe("gone");
    expect(await it.up(arriving())).toBe("create");
    expect(await it.refresh()).toEqual([]);
    expect(await ping()).toBe(0);
    await it.destroy();
    expect((await look()).links).not.toContain("ifb-eth0");
    expect(await ping()).toBe(0);
  });

  test("foreign filters on the interface remain, and a limit is created beside them", async () => {
    await red("tc -n red qdisc add dev eth0 clsact");
    await red("tc -n red filter add dev eth0 ingress protocol ip pref 7 u32 match ip protocol 47 0xff flowid 1:1");
    const it = lab.resource("Tbf", "it");
    expect(await it.up(arriving())).toBe("create");
    expect(await ping()).toBe(0);
    await it.destroy();
    expect((await look()).qdiscs).toContain("clsact");
    expect(await red("tc -n red filter show dev eth0 ingress")).toContain("pref 7");
  });

  test("a foreign ifb with the name is refused, and remains", async () => {
    await red("ip -n red link add ifb-eth0 type ifb");
    await expect(lab.resource("Tbf", "it").up(arriving())).rejects.toThrow(
      /Tbf red\/eth0\/ingress already exists and is not managed/,
    );
    expect((await look()).links).toContain("ifb-eth0");
    expect(await filters()).toBe(0);
  });
});
