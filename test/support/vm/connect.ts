/**
 * The way of ssh to a virtual machine: connects its standard input and output with the socket that is its argument. The server waits
 * for one byte before the first of ssh.
 */
import { connect } from "node:net";

const [path = ""] = process.argv.slice(2);
const socket = connect(path);
socket.write("x");
process.stdin.pipe(socket).pipe(process.stdout);
socket.on("close", () => process.exit());
