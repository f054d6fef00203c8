import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** A virtual machine with another kernel. */
export interface Machine {
  readonly qemu: ChildProcess;
  /** A folder of this machine with a socket `channel1`, `channel2` … for each serial port of the virtual machine. */
  readonly folder: string;
  /** Returns the last lines of the machine's console. */
  console(): string;
  stop(): Promise<void>;
}

/** The options of a virtual machine. */
export interface MachineOptions {
  /** The number of serial ports. An ssh server answers at each of them. */
  readonly channels: number;
  /** The public key for the ssh login, of the type ed25519, in base64. */
  readonly key: string;
}

/**
 * Starts a virtual machine with the kernel in a folder that tools/kernel/build.sh has built. It sees the files of this machine,
 * read-only, and has no network device.
 */
export async function startMachine(kernel: string, { channels, key }: MachineOptions): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), "netns-vm-"));
  const sockets = Array.from({ length: channels }, (_, index) => `${folder}/channel${index + 1}`);
  const words = Object.entries({ root: PROJECT, modules: kernel, key });
  // qemu is killed when this process ends, also if this process is killed.
  const qemu = spawn("setpriv", [
    ...["--pdeathsig", "KILL", "qemu-system-x86_64"],
    ...["-M", "q35", "-accel", "tcg,tb-size=512", "-m", "2048", "-nodefaults", "-display", "none"],
    ...["-no-reboot", "-serial", "stdio", "-kernel", `${kernel}/vmlinux`, "-initrd", `${kernel}/initrd.gz`],
    ...["-fsdev", "local,id=files,path=/,security_model=none,readonly=on,multidevs=remap"],
    ...["-device", "virtio-9p-pci,fsdev=files,mount_tag=files", "-device", "virtio-serial-pci"],
    ...sockets.flatMap((path, index) => [
      ...["-chardev", `socket,id=channel${index},path=${path},server=on,wait=off`],
      ...["-device", `virtserialport,chardev=channel${index}`],
    ]),
    ...["-append", [KERNEL_OPTIONS, ...words.map(([name, value]) => `netns_${name}=${value}`)].join(" ")],
  ]);
  let text = "";
  for (const stream of [qemu.stdout, qemu.stderr])
    stream.on("data", (chunk) => (text = `${text}${chunk}`.slice(-4000)));
  const exit = once(qemu, "exit").catch(() => undefined);
  const machine: Machine = {
    qemu,
    folder,
    console: () => text,
    async stop() {
      qemu.kill();
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
  if (await opens(sockets, exit)) return machine;
  await machine.stop();
  throw new Error(`qemu did not open its channels: ${text}`);
}

const PROJECT = fileURLToPath(new URL("../../../", import.meta.url)).replace(/\/$/, "");

// The machine is emulated, runs only tests, and has no source of entropy but the processor: no mitigations, no randomness, no accounting,
// and no waits for other processors. This takes a quarter less of the processor's time, and half of the time that a link takes to go.
const KERNEL_OPTIONS = [
  ...["console=ttyS0", "quiet", "panic=-1", "no_timer_check", "audit=0", "apparmor=0", "cgroup_disable=memory"],
  ...["mitigations=off", "nokaslr", "norandmaps", "random.trust_cpu=on", "randomize_kstack_offset=off"],
  ...["init_on_alloc=0", "hardened_usercopy=off", "rcupdate.rcu_expedited=1"],
].join(" ");

/** Waits until qemu has opened its sockets. Returns false if it has ended. */
async function opens(sockets: readonly string[], exit: Promise<unknown>): Promise<boolean> {
  const ended = exit.then(() => true);
  for (let tries = 0; tries < 200; tries++) {
    if (sockets.every((path) => existsSync(path))) return true;
    if (await Promise.race([ended, sleep(50, false)])) break;
  }
  return false;
}
