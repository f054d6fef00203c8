import { expect, test } from "vitest";
import { SOON } from "../../tools/sandbox.ts";
import { farProjectForAll, LAN_ON_TWO_HOSTS } from "../support/far-hosts.ts";
import { pingOnce } from "../support/ping.ts";

const far = farProjectForAll("hosts", "lab1", "lab2");

test("a LAN over two hosts is created, updated and deleted with Pulumi's engine, also while one of them is unreachable", async () => {
  const { bed, project, traces } = far;
  const [lab1, lab2] = [bed.host("lab1"), bed.host("lab2")];
  const before = await traces();
  await project.program(LAN_ON_TWO_HOSTS);
  expect((await project.stack.try("preview")).stdout).toContain("12 to create");
  expect(await bed.clients()).toEqual([]);
  expect((await project.stack.try("up", "--yes", "--skip-preview")).stdout).toContain("12 created");
  await pingOnce(lab1, "red", "10.1.0.2", "-s", "1422", "-M", "do", "-W2");

  await lab2.stopSshd();
  await lab2.killSessions();
  expect((await project.stack.try("up", "--yes", "--skip-preview")).stdout).toContain("12 unchanged");
  const refresh = await project.stack.try("refresh", "--yes", "--skip-preview");
  expect(refresh.code).not.toBe(0);
  const said = refresh.stdout + refresh.stderr;
  expect(said).toContain(
    "the lab host lab2 cannot be reached: ssh: connect to host 10.77.0.12 port 22: Connection refused",
  );
  expect(said).not.toContain("at async");

  await lab2.startSshd();
  expect((await project.stack.try("destroy", "--yes", "--skip-preview")).code).toBe(0);
  await expect.poll(traces, SOON).toEqual(before);
  expect(await bed.clients()).toEqual([]);
});
