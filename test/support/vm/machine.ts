import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A virtual machine that runs Vitest's worker on another kernel. */
export interface Machine {
  readonly qemu: ChildProcess;
  /** The connection to the worker. */
  readonly channel: Socket;
  /** Returns the last lines of the machine's console. */
  console(): string;
  stop(): Promise<void>;
}

/**
 * Starts a virtual machine with the kernel in a folder that tools/kernel/build.sh has built. It sees the files of this machine,
 * read-only, and has no network device.
 */
export async function startMachine(kernel: string, project: string): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), "netns-vm-"));
  const socket = join(folder, "channel");
  const qemu = spawn("qemu-system-x86_64", [
    ...["-M", "q35", "-accel", "tcg,tb-size=512", "-m", "2048", "-nodefaults", "-display", "none"],
    ...["-no-reboot", "-serial", "stdio", "-kernel", `${kernel}/vmlinux`, "-initrd", `${kernel}/initrd.gz`],
    ...["-fsdev", "local,id=files,path=/,security_model=none,readonly=on,multidevs=remap"],
    ...["-device", "virtio-9p-pci,fsdev=files,mount_tag=files", "-device", "virtio-serial-pci"],
    ...["-chardev", `socket,id=channel,path=${socket},server=on,wait=off`, "-device", "virtserialport,chardev=channel"],
    ...["-append", `${KERNEL_OPTIONS} netns_root=${project} netns_modules=${kernel}`],
  ]);
  let text = "";
  for (const stream of [qemu.stdout, qemu.stderr])
    stream.on("data", (chunk) => (text = `${text}${chunk}`.slice(-4000)));
  const exit = once(qemu, "exit").catch(() => undefined);
  const channel = await channelAt(folder, socket, exit);
  return {
    qemu,
    channel,
    console: () => text,
    async stop() {
      channel.destroy();
      qemu.kill();
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// No mitigations and no randomness: the machine is emulated, runs only tests, and has no source of entropy but the processor.
const KERNEL_OPTIONS =
  "console=ttyS0 quiet panic=-1 mitigations=off nokaslr no_timer_check norandmaps random.trust_cpu=on audit=0";

async function channelAt(folder: string, socket: string, exit: Promise<unknown>): Promise<Socket> {
  const ended = exit.then(() => true);
  for (let tries = 0; tries < 200; tries++) {
    if ((await readdir(folder)).length > 0) {
      const channel = connect(socket);
      await once(channel, "connect");
      return channel;
    }
    if (await Promise.race([ended, sleep(50, false)])) break;
  }
  throw new Error("qemu did not open its channel");
}
