import { connect, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { listen, parseDelay } from "../../bench/delay.ts";
import { resolve } from "../../bench/lab.ts";
import { spread, spreadProgram } from "../../bench/lab-hosts.ts";
import { star } from "../../bench/labs/star.ts";

const HOSTS = [
  { name: "lab1", ssh: "root@192.0.2.1" },
  { name: "lab2", ssh: "root@192.0.2.2" },
];

test("each lab host has all pieces of a lab, which depend only on each other", () => {
  const own = resolve(star(2).pieces);
  const all = spread(own, HOSTS);
  expect(all).toHaveLength(2 * own.length);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const { name, needs, within, inputs } of all) {
    const host = name.slice(0, 4);
    expect(inputs).toMatchObject({ host, __ssh: { to: host === "lab1" ? "root@192.0.2.1" : "root@192.0.2.2" } });
    for (const other of [...needs, ...(within === undefined ? [] : [within])]) {
      expect(other.slice(0, 4)).toBe(host);
      expect(all.map((piece) => piece.name)).toContain(other);
    }
  }
});

test("a program has each piece in a namespace of a lab host, or on the lab host itself", () => {
  const all = new Map(spreadProgram(star(1).pieces, HOSTS).map((piece) => [piece.name, piece]));
  expect(all.get("lab2-n1")?.args).toEqual({ name: "n1", host: { ref: "lab2" } });
  expect(all.get("lab2-lan")?.args).toEqual({ name: "lan", namespace: { ref: "lab2" } });
  expect(all.get("lab2-n1-wire")?.args).toEqual({
    a: { name: "eth0", namespace: { ref: "lab2-n1" } },
    b: { name: "p1", namespace: { ref: "lab2" }, master: { ref: "lab2-lan" } },
  });
  expect(all.get("lab1-n1-default")).toMatchObject({
    args: { namespace: { ref: "lab1-n1" }, via: "10.0.255.254" },
    after: ["lab1-n1-ip"],
  });
  expect(all.get("lab1-out")?.args).toMatchObject({ namespace: { ref: "lab1" }, source: "10.0.0.0/16" });
  expect(all.get("lab1-gateway")?.args).not.toHaveProperty("namespace");
});

test("the proxy forwards all data in order in both directions, and delays it", async () => {
  const echo = createServer((socket) => socket.pipe(socket));
  await new Promise<void>((done) => echo.listen(0, "127.0.0.1", done));
  const { port } = echo.address() as { port: number };
  const proxy = await listen({ ...parseDelay("127.0.0.1:0=127.0.0.1:1@80"), to: { host: "127.0.0.1", port } });
  const client: Socket = connect({ host: "127.0.0.1", port: proxy.port });
  const sent = Array.from({ length: 500 }, (_, number) => `line ${number}\n`).join("");
  const start = performance.now();
  client.write(sent.slice(0, 1000));
  client.end(sent.slice(1000));
  const chunks = await client.toArray();
  expect(Buffer.concat(chunks as Buffer[]).toString()).toBe(sent);
  expect(performance.now() - start).toBeGreaterThanOrEqual(79);
  proxy.close();
  echo.close();
});

test.each(["", "10.0.0.1:22", "10.0.0.1:22=10.0.0.2:22", "10.0.0.1=10.0.0.2:22@5"])(
  "%j is refused as a delay",
  (text) => {
    expect(() => parseDelay(text)).toThrow("is not HOST:PORT=HOST:PORT@MILLISECONDS");
  },
);
