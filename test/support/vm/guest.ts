/**
 * A program of the virtual machine: starts an ssh server for each stream on the serial line. Its arguments are those of the server.
 */
import { execFileSync, spawn } from "node:child_process";
import { openSync } from "node:fs";
import { ReadStream, WriteStream } from "node:tty";
import { type Stream, streamsOver } from "./streams.ts";

const LINE = "/dev/ttyS0";
// The mode of setRawMode writes a carriage return before each newline.
execFileSync("stty", ["-F", LINE, "raw", "-echo"]);

const [input, output] = [new ReadStream(openSync(LINE, "r+")), new WriteStream(openSync(LINE, "r+"))];
output.write("ready");

streamsOver(input, output, (stream: Stream) => {
  const server = spawn("/usr/sbin/sshd", process.argv.slice(2), { stdio: ["pipe", "pipe", "inherit"] });
  stream.onData = (data) => server.stdin.write(data);
  stream.onEnd = () => server.kill();
  // The connection may end while data for the server arrives.
  server.stdin.on("error", () => undefined);
  server.stdout.on("data", stream.write);
  server.on("close", stream.end);
});
