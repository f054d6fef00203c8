import { fileURLToPath } from "node:url";
import type { PoolRunnerInitializer, PoolWorker } from "vitest/node";
import { frame, unframe } from "./frames.ts";
import { type Machine, startMachine } from "./machine.ts";

const PROJECT = fileURLToPath(new URL("../../../", import.meta.url)).replace(/\/$/, "");

/** Returns a pool that runs test files in a virtual machine, on the kernel in a folder. */
export function onKernel(kernel: string): PoolRunnerInitializer {
  return { name: "vm", createPoolWorker: () => new MachineWorker(kernel) };
}

class MachineWorker implements PoolWorker {
  readonly name = "vm";
  readonly cacheFs = false;
  readonly #listeners = new Map<string, Set<(argument: unknown) => void>>();
  readonly #kernel: string;
  #machine: Machine | undefined;

  constructor(kernel: string) {
    this.#kernel = kernel;
  }

  on(event: string, listener: (argument: unknown) => void): void {
    this.#listeners.set(event, (this.#listeners.get(event) ?? new Set()).add(listener));
  }

  off(event: string, listener: (argument: unknown) => void): void {
    this.#listeners.get(event)?.delete(listener);
  }

  send(message: unknown): void {
    this.#machine?.channel.write(frame(message));
  }

  deserialize(message: unknown): unknown {
    return message;
  }

  canReuse(): boolean {
    return true;
  }

  async start(): Promise<void> {
    const machine = await startMachine(this.#kernel, PROJECT);
    this.#machine = machine;
    machine.channel.on(
      "data",
      unframe((message) => this.#emit("message", message)),
    );
    machine.channel.on("error", (error) => this.#emit("error", error));
    machine.qemu.on("exit", (code) => {
      if (this.#machine !== undefined) console.error(`the virtual machine ended:\n${machine.console()}`);
      this.#emit("exit", code);
    });
  }

  async stop(): Promise<void> {
    const machine = this.#machine;
    this.#machine = undefined;
    await machine?.stop();
  }

  #emit(event: string, argument: unknown): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(argument);
  }
}
