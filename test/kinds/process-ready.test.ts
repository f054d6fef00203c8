import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { inside, pids, programs, shell } from "../support/processes.ts";

labForEachTest("red");

const LISTEN =
  "import socket,time; time.sleep(1); s=socket.socket(); s.bind(('127.0.0.1',8179)); s.listen(); print('up', flush=True); time.sleep(1000)";
const python = { namespace: "red", command: ["python3", "-c", LISTEN], settle: 100 };
const listening = async () => (await lab.run("ip", "netns", "exec", "red", "cat", "/proc/net/tcp")).includes(":1FF3 ");

test.each<[string, object, object]>([
  ["listens on its port", python, { tcp: 8179 }],
  ["has logged a text", python, { log: "up" }],
  ["answers a command", python, { command: ["sh", "-c", "grep -q :1FF3 /proc/net/tcp"] }],
])("create waits until a process %s", async (_how, args, ready) => {
  await lab.run("ip", "-n", "red", "link", "set", "lo", "up");
  const it = lab.resource("Process", "it");
  expect(await it.up({ ...args, ready })).toBe("create");
  expect(await listening()).toBe(true);
  expect(await it.up({ ...args, ready: { ...ready, timeout: 5000 } })).toBe("update");
  expect(await it.refresh()).toEqual([]);
});

test.each(["127.0.0.1", "::1"])(
  "create waits until a process receives packets at its UDP port of %s",
  async (address) => {
    await lab.run("ip", "-n", "red", "link", "set", "lo", "up");
    const it = lab.resource("Process", "it");
    const family = address.includes(":") ? "AF_INET6" : "AF_INET";
    // The socket that is connected from the port is that of a client.
    const code = `import socket,time; s=socket.socket(socket.${family}, socket.SOCK_DGRAM); s.bind(('${address}',8053)); s.connect(('${address}',9)); time.sleep(1); s.close(); s=socket.socket(socket.${family}, socket.SOCK_DGRAM); s.bind(('${address}',8053)); print('up', flush=True); time.sleep(1000)`;
    expect(
      await it.up({
        namespace: "red",
        command: ["python3", "-c", code],
        settle: 100,
        log: "/run/it.log",
        ready: { udp: 8053 },
      }),
    ).toBe("create");
    expect(await lab.run("cat", "/run/it.log")).toContain("up");
    expect(await it.refresh()).toEqual([]);
  },
);

test("a process is not ready because of a text from an earlier start in its log", async () => {
  const it = lab.resource("Process", "it");
  const log = "/run/it.log";
  await it.up({ ...shell("echo up; exec sleep 1000"), log, ready: { log: "up" } });
  await expect(it.up({ ...shell("exec sleep 2000"), log, ready: { log: "up", timeout: 1000 } })).rejects.toThrow(
    /^grep -F -e up -- \/run\/it\.log\n {2}failed: the program is not ready after 1 s: no line of its log contains "up"\. It has printed nothing\n {2}help: raise ready\.timeout/,
  );
  expect(await programs()).toEqual(["sleep 1000"]);
});

test.each<[string, string, object, RegExp]>([
  [
    "does not listen",
    "exec sleep 1000",
    { tcp: 179 },
    /ss -ltn sport = :179\n.*: no program listens on TCP port 179\. /,
  ],
  [
    "receives no packets",
    "exec sleep 1000",
    { udp: 67 },
    /ss -lun sport = :67\n.*: no program listens on UDP port 67\. /,
  ],
  [
    "fails its command",
    "exec sleep 1000",
    { command: ["sh", "-c", "echo not yet; exit 1"] },
    /sh -c 'echo not yet; exit 1'\n.*: the command sh of ready fails: not yet\. /,
  ],
  [
    "ends before it is ready",
    "sleep 0.6; echo bye; exit 3",
    { tcp: 179 },
    /the program ended before it was ready\. [^]*bye/,
  ],
])("a program that %s is an error that says so, and is stopped", async (_how, script, ready, error) => {
  const it = lab.resource("Process", "it");
  await expect(it.up({ ...shell(script), ready: { ...ready, timeout: 2000 } })).rejects.toThrow(error);
  expect(await inside()).toEqual([]);
});

test("a program with UDP ports other than that of ready is an error with these ports", async () => {
  await lab.run("ip", "-n", "red", "link", "set", "lo", "up");
  const code =
    "import socket,time\ndef s(f,a):\n x=socket.socket(f,socket.SOCK_DGRAM); x.bind((a,8000+len(a))); return x\nx=[s(socket.AF_INET6,'::1'),s(socket.AF_INET,'127.0.0.1')]; time.sleep(1000)";
  await expect(
    lab
      .resource("Process", "it")
      .up({ namespace: "red", command: ["python3", "-c", code], ready: { udp: 8053, timeout: 2000 } }),
  ).rejects.toThrow(/: no program listens on UDP port 8053; its own UDP ports: 8003 8009\. It has printed nothing\n/);
});

test("create waits for the interface of a process, and a restart changes its generation", async () => {
  const it = lab.resource("Process", "it");
  const makes = (more: object = {}) => ({
    ...shell(
      "sleep 1; ip link add tun0 type bridge && trap 'ip link delete tun0; exit' TERM; while :; do sleep 0.1; done",
    ),
    interfaces: ["tun0"],
    ...more,
  });
  const generation = () => (it.outputs["__generations"] as Record<string, { object: string }>)["tun0"]?.object;
  await it.up(makes());
  expect(await lab.ip("-n", "red", "link", "show", "dev", "tun0")).toHaveLength(1);
  const first = generation();
  expect(first).toMatch(/^[0-9a-f]{8}$/);
  expect(await it.up(makes({ settle: 400 }))).toBe("update");
  expect(generation()).toBe(first);
  expect(await it.up(makes({ env: { A: "1" } }))).toBe("update");
  expect(generation()).not.toBe(first);
  await it.destroy();
  await expect(
    it.up({ ...shell("exec sleep 1000"), interfaces: ["tun1"], ready: { log: "x", timeout: 1000 } }),
  ).rejects.toThrow(
    /^ip -n red link show dev tun1\n {2}failed: the program is not ready after 1 s: interface tun1 does not exist\. /,
  );
});

test("a process whose conditions change, or that loads its files again, is awaited again", async () => {
  await lab.run("ip", "-n", "red", "link", "set", "lo", "up");
  const it = lab.resource("Process", "it");
  const listens = (text: string, tcp: number) => ({
    ...{ ...python, onChange: ["true"] },
    ...{ files: { conf: text }, ready: { tcp, timeout: 1000 } },
  });
  const waits =
    /ss -ltn sport = :8180\n {2}failed: the program is not ready after 1 s: no program listens on TCP port 8180; its own TCP ports: 8179\. [^]*help: set ready to the port/;
  await it.up({ ...listens("8179", 8179), ready: { tcp: 8179 } });
  const before = await pids();
  await expect(it.up(listens("8179", 8180))).rejects.toThrow(waits);
  await expect(it.up(listens("8180", 8180))).rejects.toThrow(waits);
  await expect(it.up(listens("8180", 8180))).rejects.toThrow(waits);
  expect(await it.up(listens("8180", 8179))).toBe("update");
  expect(await pids()).toEqual(before);
});

test("a process that a run has started before it was killed is awaited by the next run", async () => {
  const never = { ...shell("exec sleep 1000"), ready: { tcp: 8179, timeout: 1000 } };
  const isReady = "failed: the program is not ready after 1 s";
  const killed = lab.nextRun(1).resource("Process", "it");
  await expect(killed.up(never)).rejects.toThrow();
  expect(await programs()).toEqual(["sleep 1000"]);
  await expect(lab.nextRun().resource("Process", "it").up(never)).rejects.toThrow(isReady);
});

test("a process that a signal has stopped is drift, and is started again", async () => {
  const it = lab.resource("Process", "it");
  await it.up(shell("exec sleep 1000"));
  const [stopped = ""] = await pids();
  await lab.run("kill", "-s", "STOP", stopped);
  expect(await it.refresh()).toEqual(["command"]);
  expect(await it.up(shell("exec sleep 1000"))).toBe("update");
  expect(await it.refresh()).toEqual([]);
  expect(await pids()).not.toContain(stopped);
});
