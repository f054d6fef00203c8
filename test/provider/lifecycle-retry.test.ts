import { describe, expect, test, vi } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import { markOf } from "../../provider/owner.ts";
import { timed } from "./clock.ts";
import { bridgeArgs, bridgeCommands, MARK } from "./samples.ts";
import { type Exchange, fails, scripted, tells, UNFILTERED } from "./script.ts";

vi.mock("node:timers/promises", () => import("./clock.ts"));

const STRANGER = markOf({ project: "lab", stack: "prod", name: "it", urn: "urn:it" });
const MAC = "02:00:00:00:00:01";
const inputs = { ...bridgeArgs(), __mark: MARK };
const made = { id: "br0", outs: inputs };
const SHOW = "ip -json -details address show dev br0";
const { add: ADD, set: SET } = bridgeCommands();
const UP = "ip link set dev br0 up";
const DELETE = "ip link delete dev br0";
const ABSENT = fails('Device "br0" does not exist.');
const BUSY = fails("RTNETLINK answers: Device or resource busy");
const EXISTS = fails("RTNETLINK answers: File exists");
const ALL = 1570;

const link = (ifalias: string, ...flags: string[]) => {
  const linkinfo = { info_kind: "bridge", info_data: { stp_state: 0, vlan_filtering: 0 } };
  return tells([{ ifindex: 3, ifname: "br0", flags, mtu: 1500, address: MAC, ifalias, linkinfo }]);
};

const life = <T>(type: string, script: readonly Exchange[], act: (life: Lifecycle) => Promise<T>) =>
  timed(() => scripted(script, (kernel) => act(lifecycles(kernel).get(type) as Lifecycle)));
const create = (...script: Exchange[]) => life("Bridge", script, (it) => it.create(inputs));
const update = (...script: Exchange[]) => life("Bridge", script, (it) => it.update("br0", inputs, inputs));
const remove = (...script: Exchange[]) => life("Bridge", script, (it) => it.delete("br0", inputs));
const times = (count: number, ...script: Exchange[]) => Array.from({ length: count }, () => script).flat();

describe.each([
  ["the kernel answers that the device is busy", BUSY, "busy"],
  ["the kernel answers that the object exists", EXISTS, "exists"],
])("if %s", (_what, answer, reason) => {
  test("a create is retried", async () => {
    const ended = await create([SHOW, ABSENT], [ADD, answer], [SHOW, ABSENT], [ADD], [SET], UNFILTERED);
    expect(ended).toEqual({ value: made, took: 20 });
  });

  test("a create deletes the objects that it has created before it is retried", async () => {
    const script: Exchange[] = [[SHOW, ABSENT], [ADD], [SET, answer], [DELETE], [SHOW, ABSENT], [ADD], [SET]];
    expect(await create(...script, UNFILTERED)).toEqual({ value: made, took: 20 });
  });

  test("a create queries the kernel again, and runs the commands that are then needed", async () => {
    const script: Exchange[] = [
      [SHOW, ABSENT],
      [ADD, answer],
      [SHOW, link(MARK)],
      [UP, answer],
      [SHOW, link(MARK, "UP")],
    ];
    expect(await create(...script, UNFILTERED)).toEqual({ value: made, took: 70 });
  });

  test("a create refuses an object that another stack has created before the retry", async () => {
    const ended = await create([SHOW, ABSENT], [ADD, answer], [SHOW, link(STRANGER)]);
    expect(ended).toMatchObject({ error: { name: "ForeignError" }, took: 20 });
  });

  test("an update is retried from the state that is then observed", async () => {
    const script: Exchange[] = [[SHOW, link(MARK)], [UP, answer], [SHOW, ABSENT], [ADD], [SET]];
    expect(await update(...script)).toEqual({ value: { outs: inputs }, took: 20 });
  });

  test("a delete is retried", async () => {
    const once: Exchange[] = [
      [SHOW, link(MARK)],
      [DELETE, answer],
    ];
    expect(await remove(...once, [SHOW, link(MARK)], [DELETE])).toEqual({ value: undefined, took: 20 });
    expect(await remove(...once, [SHOW, ABSENT])).toEqual({ value: undefined, took: 20 });
  });

  test("a delete leaves an object that another stack has created before the retry", async () => {
    const ended = await remove([SHOW, link(MARK)], [DELETE, answer], [SHOW, link(STRANGER)]);
    expect(ended).toEqual({ value: undefined, took: 20 });
  });

  test("a query is retried", async () => {
    expect(await create([SHOW, answer], [SHOW, ABSENT], [ADD], [SET], UNFILTERED)).toEqual({ value: made, took: 20 });
    expect(await update([SHOW, answer], [SHOW, link(MARK, "UP")])).toEqual({ value: { outs: inputs }, took: 20 });
    expect(await remove([SHOW, answer], [SHOW, ABSENT])).toEqual({ value: undefined, took: 20 });
  });

  test.each<[string, typeof create | typeof update | typeof remove, Exchange[], Exchange[]]>([
    [
      "a create",
      create,
      [
        [SHOW, ABSENT],
        [ADD, answer],
      ],
      [[SHOW, link(MARK, "UP")], UNFILTERED],
    ],
    [
      "an update",
      update,
      [
        [SHOW, link(MARK)],
        [UP, answer],
      ],
      [[SHOW, link(MARK, "UP")]],
    ],
    [
      "a delete",
      remove,
      [
        [SHOW, link(MARK)],
        [DELETE, answer],
      ],
      [[SHOW, ABSENT]],
    ],
  ])("%s is tried at most seven times and then fails with the error", async (_verb, act, once, last) => {
    const sixth = await act(...times(6, ...once), ...last);
    expect(sixth).toMatchObject({ took: ALL });
    expect(sixth).not.toHaveProperty("error");
    expect(await act(...times(7, ...once))).toMatchObject({ error: { name: "KernelError", reason }, took: ALL });
  });

  test("a read is not retried", async () => {
    const ended = await life("Bridge", [[SHOW, answer]], (it) => it.read("br0", inputs));
    expect(ended).toMatchObject({ error: { name: "KernelError", reason }, took: 0 });
  });
});

test.each([
  ["denied", "RTNETLINK answers: Operation not permitted"],
  ["unsupported", "RTNETLINK answers: Operation not supported"],
  ["absent", 'Cannot find device "br0"'],
  ["failed", "RTNETLINK answers: Invalid argument"],
])("a create, an update and a delete that fail with %s are not retried", async (reason, stderr) => {
  const answer = fails(stderr);
  const thrown = { error: { name: "KernelError", reason }, took: 0 };
  expect(await create([SHOW, ABSENT], [ADD], [SET, answer], [DELETE])).toMatchObject(thrown);
  expect(await update([SHOW, link(MARK)], [UP, answer])).toMatchObject(thrown);
  const removed = await remove([SHOW, link(MARK)], [DELETE, answer]);
  if (reason === "absent") expect(removed).toEqual({ value: undefined, took: 0 });
  else expect(removed).toMatchObject(thrown);
});

test("a create without a query is retried if a device is busy", async () => {
  const route = { destination: "10.7.0.0/16", type: "unicast", via: "192.168.15.5", metric: 0, table: 254 };
  const args = { ...route, onlink: false, __mark: MARK, __atHome: true };
  const MAKE = "ip -4 route add 10.7.0.0/16 via 192.168.15.5 protocol 201";
  const ended = await life("Route", [[MAKE, BUSY], [MAKE]], (it) => it.create(args));
  expect(ended).toEqual({ value: { id: expect.any(String), outs: args }, took: 20 });
  const given = await life("Route", times(7, [MAKE, BUSY]), (it) => it.create(args));
  expect(given).toMatchObject({ error: { name: "KernelError", reason: "busy" }, took: ALL });
});

test("a foreign object is refused at once", async () => {
  const refused = { error: { name: "ForeignError" }, took: 0 };
  expect(await create([SHOW, link(STRANGER)])).toMatchObject(refused);
  expect(await update([SHOW, link(STRANGER)])).toMatchObject(refused);
});

describe("a sysctl", () => {
  const KEY = "net.ipv4.tcp_syncookies";
  const args = { key: KEY, value: "1", __mark: MARK };
  const note = `${KEY}=0:6d3d18b0`;
  const lo = (...altnames: string[]) => tells([{ ifindex: 1, ifname: "lo", flags: [], mtu: 65_536, altnames }]);
  const look = (value: string, ...notes: string[]): Exchange[] => [
    [`sysctl --values ${KEY}`, { code: 0, stdout: `${value}\n`, stderr: "" }],
    ["ip -json -details address show dev lo", lo(...notes)],
  ];
  const NOTE: Exchange = [`ip link property add dev lo altname ${note}`];
  const ERASE: Exchange = [`ip link property del dev lo altname ${note}`];
  const WRITE = `sysctl --write ${KEY}=1`;
  const busy = fails(`sysctl: setting key "${KEY}": Device or resource busy`, 255);
  const [lost, won]: Exchange[][] = [
    [...look("0"), NOTE, [WRITE, busy], ERASE],
    [...look("0"), NOTE, [WRITE]],
  ];

  test("stores the previous value from the last query in its state", async () => {
    const changed: Exchange[] = [...look("2"), [`ip link property add dev lo altname ${KEY}=2:6d3d18b0`], [WRITE]];
    const ended = await life("Sysctl", [...(lost ?? []), ...changed], (it) => it.create(args));
    expect(ended).toEqual({ value: { id: KEY, outs: { ...args, previous: "2" } }, took: 20 });
  });

  test("keeps its lock until it has ended, also between retries", async () => {
    const script = [...(lost ?? []), ...(lost ?? []), ...(won ?? []), ...look("1", note)];
    const ended = await life("Sysctl", script, (it) => Promise.all([it.create(args), it.create(args)]));
    const outs = { ...args, previous: "0" };
    expect(ended).toEqual({
      value: [
        { id: KEY, outs },
        { id: KEY, outs },
      ],
      took: 70,
    });
  });
});
