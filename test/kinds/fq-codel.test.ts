// @kernel fq-codel
import { beforeEach, expect, test } from "vitest";
import { lab, labForEachTest, wireRed } from "../support/lab-for-each.ts";

labForEachTest();
beforeEach(() => wireRed());

const args = (more: object = {}) => ({ interface: "eth0", namespace: "red", ...more });
const root = async () =>
  (JSON.parse(await lab.run("tc", "-n", "red", "-json", "qdisc", "show", "dev", "eth0")) as any[]).filter(
    ({ root: is, handle }) => is && handle !== "0:",
  );

test("a queue is created, updated in place, replaced, repaired after drift, and deleted", async () => {
  const it = lab.resource("FqCodel", "it");
  expect(await it.up(args())).toBe("create");
  const [made] = await root();
  expect(made).toMatchObject({
    kind: "fq_codel",
    options: { limit: 10_240, flows: 1024, target: 4999, interval: 99_999, quantum: 1514, ecn: true },
  });
  expect(await it.up(args({ target: 5, interval: "0.1s" }))).toBe("same");
  expect(await it.refresh()).toEqual([]);
  const changed = args({ limit: 1000, target: "10us", interval: "10s", quantum: 300, ecn: false });
  expect(await it.up(changed)).toBe("update");
  expect(await root()).toMatchObject([{ handle: made.handle, options: { limit: 1000, quantum: 300 } }]);
  expect((await root())[0].options.ecn).toBeUndefined();
  expect(await it.refresh()).toEqual([]);
  expect(await it.up({ ...changed, flows: 65_536 })).toBe("replace");
  expect(await root()).toMatchObject([{ handle: made.handle, options: { flows: 65_536 } }]);
  expect(await it.refresh()).toEqual([]);

  expect(await it.up(args())).toBe("replace");
  await lab.run(...("tc -n red qdisc change dev eth0 root fq_codel target 7ms".split(" ") as [string, ...string[]]));
  expect(await it.refresh()).toEqual(["target"]);
  expect(await it.up(args())).toBe("update");
  expect(await it.refresh()).toEqual([]);
  await lab.run(
    ...("tc -n red qdisc change dev eth0 root fq_codel ce_threshold 1ms".split(" ") as [string, ...string[]]),
  );
  expect(await it.refresh()).toBe("gone");
  expect(await it.up(args())).toBe("create");
  expect((await root())[0].options.ce_threshold).toBeUndefined();
  await it.destroy();
  await it.destroy();
  expect(await root()).toEqual([]);
});
