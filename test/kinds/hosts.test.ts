import { expect, test, vi } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest("red");

const FILES = "/etc/netns/red";
const read = (name = "hosts") => lab.run("cat", `${FILES}/${name}`);
const within = (...words: string[]) => lab.run("ip", "netns", "exec", "red", ...words);

test("programs in the namespace resolve the names, and programs outside do not", async () => {
  const names = lab.resource("Hosts", "names");
  const addresses = { web: "10.0.0.80", "db.lab": ["10.0.0.5", "FD00::5"] };
  expect(await names.up({ namespace: "red", addresses })).toBe("create");
  expect(await within("getent", "ahosts", "web")).toMatch(/^10\.0\.0\.80 /);
  expect(await within("getent", "ahosts", "db.lab")).toMatch(/10\.0\.0\.5 /);
  expect(await within("getent", "ahosts", "db.lab")).toMatch(/fd00::5 /);
  expect(await within("cat", "/etc/hosts")).toMatch(/^127\.0\.0\.1\tlocalhost$/m);
  expect(await lab.try("getent", "hosts", "web")).toMatchObject({ code: 2 });
  expect(await read()).toMatch(/^# pulumi-netns:test\/dev:names@/);
  expect(await names.up({ namespace: "red", addresses })).toBe("same");
  expect(await names.refresh()).toEqual([]);
  await names.destroy();
  await names.destroy();
  expect(await lab.run("ls", "/etc")).not.toMatch(/^netns$/m);
});

const SERVERS = ["10.0.0.1", "fd00::1"];

test("programs in the namespace use the given name servers", async () => {
  const names = lab.resource("Hosts", "names");
  await names.up({ namespace: "red", nameservers: SERVERS });
  expect((await within("cat", "/etc/resolv.conf")).split("\n").slice(1)).toEqual(
    SERVERS.map((server) => `nameserver ${server}`),
  );
  expect(await lab.try("cat", `${FILES}/hosts`)).toMatchObject({ code: 1 });
});

test("each argument changes in place, and an omitted one deletes its file", async () => {
  const names = lab.resource("Hosts", "names");
  await names.up({ namespace: "red", addresses: { web: "10.0.0.80" }, nameservers: ["10.0.0.1"] });
  const inode = await lab.run("stat", "-c", "%i", `${FILES}/hosts`);
  expect(await names.up({ namespace: "red", addresses: { web: "10.0.0.81" }, nameservers: ["10.0.0.1"] })).toBe(
    "update",
  );
  expect(await within("getent", "hosts", "web")).toMatch(/^10\.0\.0\.81 /);
  // Running programs have mounted the file, so it must keep its inode.
  expect(await lab.run("stat", "-c", "%i", `${FILES}/hosts`)).toBe(inode);
  expect(await names.up({ namespace: "red", addresses: { web: "10.0.0.81" } })).toBe("update");
  expect(await lab.run("ls", FILES)).toBe("hosts");
  expect(await names.up({ namespace: "red", addresses: { web: "10.0.0.81" }, nameservers: [] })).toBe("same");
  await lab.run("ip", "netns", "add", "blue");
  expect(await names.up({ namespace: "blue", addresses: { web: "10.0.0.81" } })).toBe("replace");
  expect(await lab.run("ls", "/etc/netns")).toBe("blue");
});

test.each<[string, string, string, string[] | "gone"]>([
  ["a line was added", "hosts", "10.9.9.9 evil", ["addresses"]],
  ["a server was added", "resolv.conf", "nameserver 10.9.9.9", ["nameservers"]],
])("%s by hand: refresh reports it, and up repairs it", async (_what, file, line, differs) => {
  const names = lab.resource("Hosts", "names");
  const args = { namespace: "red", addresses: { web: "10.0.0.80" }, nameservers: ["10.0.0.1"] };
  await names.up(args);
  const before = await read(file);
  await lab.run("sh", "-c", `echo '${line}' >> ${FILES}/${file}`);
  expect(await names.refresh()).toEqual(differs);
  expect(await names.up(args)).toBe("update");
  expect(await read(file)).toBe(before);
});

test("deleted files are reported, and written again", async () => {
  const names = lab.resource("Hosts", "names");
  const args = { namespace: "red", addresses: { web: "10.0.0.80" }, nameservers: ["10.0.0.1"] };
  await names.up(args);
  await lab.run("rm", `${FILES}/hosts`);
  expect(await names.refresh()).toEqual(["addresses"]);
  await names.up(args);
  await lab.run("rm", "-r", "/etc/netns");
  expect(await names.refresh()).toBe("gone");
  expect(await names.up(args)).toBe("create");
  expect(await within("getent", "hosts", "web")).toMatch(/^10\.0\.0\.80 /);
});

test("a foreign file is refused without adopt, adopted with it, and left unchanged if the resource does not need it", async () => {
  await lab.run("mkdir", "-p", FILES);
  await lab.run("sh", "-c", `echo '10.0.0.7 mine' > /etc/theirs; ln -s /etc/theirs ${FILES}/hosts`);
  const names = lab.resource("Hosts", "names");
  const args = { namespace: "red", addresses: { web: "10.0.0.80" } };
  await expect(names.up(args)).rejects.toThrow(/Hosts red already exists and is not managed/);
  expect(await names.up({ namespace: "red", nameservers: ["10.0.0.1"] })).toBe("create");
  await names.destroy();
  expect(await read()).toBe("10.0.0.7 mine");
  expect(await names.up(args, { adopt: true })).toBe("create");
  expect(await within("getent", "hosts", "web")).toMatch(/^10\.0\.0\.80 /);
  expect(await lab.run("cat", "/etc/theirs")).toBe("10.0.0.7 mine");
  const other = lab.nextRun().resource("Hosts", "names", "prod");
  await expect(other.up(args)).rejects.toThrow(/belongs to the stack test\/dev/);
});

test("a foreign file that has replaced the resource's own is not deleted", async () => {
  const names = lab.resource("Hosts", "names");
  await names.up({ namespace: "red", addresses: { web: "10.0.0.80" } });
  await lab.run("sh", "-c", `echo '10.0.0.7 mine' > ${FILES}/hosts`);
  await names.destroy();
  expect(await read()).toBe("10.0.0.7 mine");
});

test.each([0, 1, 2, 3, 4, 5, 6])("the next run completes a run that dies after %i commands", async (commands) => {
  const args = { namespace: "red", addresses: { web: "10.0.0.80" }, nameservers: ["10.0.0.1"] };
  await lab
    .nextRun(commands)
    .resource("Hosts", "names")
    .up(args)
    .catch(() => undefined);
  const next = lab.nextRun().resource("Hosts", "names");
  await next.up(args);
  expect(await next.refresh()).toEqual([]);
  const dying = lab.nextRun(commands).resource("Hosts", "names");
  dying.resume(next);
  await dying.destroy().catch(() => undefined);
  await next.destroy();
  // An empty folder may remain.
  expect(await lab.run("find", "/etc", "-path", "/etc/netns/*", "-type", "f")).toBe("");
});

test("a missing file of the lab host, over which nothing can be mounted, is reported as a warning", async () => {
  const said: unknown[] = [];
  const warn = vi.spyOn(console, "warn").mockImplementation((text) => said.push(text));
  try {
    const names = lab.nextRun().resource("Hosts", "names");
    const args = { namespace: "red", addresses: { web: "10.0.0.80" }, nameservers: SERVERS };
    await lab.run("rm", "-f", "/etc/resolv.conf");
    await lab.run("touch", "/etc/resolv.conf");
    await names.up(args);
    expect(said).toEqual([]);
    await names.destroy();
    // The link of systemd-resolved dangles while the service is not running.
    await lab.run("ln", "--symbolic", "--force", "../run/systemd/resolve/stub-resolv.conf", "/etc/resolv.conf");
    await names.up(args);
    expect(said).toEqual([
      "programs in namespace red do not see its /etc/resolv.conf: it is mounted over the lab host's file, which does " +
        "not exist or is a dangling symbolic link\n" +
        "  help: create /etc/resolv.conf on the lab host, or start the service that writes it, such as systemd-resolved",
    ]);
    expect((await lab.try("ip", "netns", "exec", "red", "cat", "/etc/resolv.conf")).code).not.toBe(0);
    // The warning of ip about it does not make other commands in the namespace fail.
    const setting = lab.resource("Sysctl", "forwarding");
    expect(await setting.up({ namespace: "red", key: "net.ipv4.ip_forward", value: "1" })).toBe("create");
    expect(await within("sysctl", "-n", "net.ipv4.ip_forward")).toBe("1");
    // The advice helps.
    await lab.run("mkdir", "--parents", "/run/systemd/resolve");
    await lab.run("touch", "/run/systemd/resolve/stub-resolv.conf");
    expect(await within("cat", "/etc/resolv.conf")).toMatch(/^nameserver 10\.0\.0\.1$/m);
  } finally {
    warn.mockRestore();
  }
});
