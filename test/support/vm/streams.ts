import type { Readable, Writable } from "node:stream";

/** One of the streams that share a line between two programs. */
export interface Stream {
  write(data: Buffer): void;
  /** Ends the stream for both sides. */
  end(): void;
  /** Called with the data from the other side. */
  onData(data: Buffer): void;
  /** Called when the other side ends the stream. */
  onEnd(): void;
}

/**
 * Carries any number of streams over a serial line. Returns a function that starts a stream: this machine starts them, and the virtual
 * machine accepts them.
 *
 * @param accept Called with each stream that the other side starts, before its first data.
 */
export function streamsOver(input: Readable, output: Writable, accept?: (stream: Stream) => void): () => Stream {
  const send = accept === undefined ? paced(output) : { write: (data: Buffer) => output.write(data), received() {} };
  const streams = new Map<number, Stream>();
  let last = CONTROL;
  const add = (id: number): Stream => {
    const stream: Stream = {
      write: (data) => send.write(frame(id, data)),
      end() {
        if (streams.delete(id)) send.write(frame(id, END));
      },
      onData: () => undefined,
      onEnd: () => undefined,
    };
    last = id;
    streams.set(id, stream);
    return stream;
  };
  const receive = (id: number, data: Buffer) => {
    if (id === CONTROL) {
      send.received(data.readUInt32BE());
      return;
    }
    // Data of a stream that this side has ended may still arrive; a new stream has a larger number.
    if (!streams.has(id) && id > last) accept?.(add(id));
    const stream = streams.get(id);
    if (data.length > 0) stream?.onData(data);
    else {
      streams.delete(id);
      stream?.onEnd();
    }
  };
  let rest = END;
  input.on("data", (data: Buffer) => {
    if (accept !== undefined) output.write(frame(CONTROL, uint32(data.length)));
    rest = Buffer.concat([rest, data]);
    while (rest.length >= HEADER) {
      const end = HEADER + rest.readUInt32BE(4);
      if (rest.length < end) break;
      receive(rest.readUInt32BE(), rest.subarray(HEADER, end));
      rest = rest.subarray(end);
    }
  });
  return () => add(last + 1);
}

/**
 * Returns a function that writes to the serial line of the virtual machine no more than it has room for: a line whose buffer was full once
 * reads nothing more. The virtual machine confirms what it has received.
 */
function paced(output: Writable) {
  let waiting = END;
  let underWay = 0;
  const flush = () => {
    const now = waiting.subarray(0, WINDOW - underWay);
    waiting = waiting.subarray(now.length);
    underWay += now.length;
    if (now.length > 0) output.write(now);
  };
  return {
    write(data: Buffer) {
      waiting = Buffer.concat([waiting, data]);
      flush();
    },
    received(length: number) {
      underWay -= length;
      flush();
    },
  };
}

/** Half of the buffer of a serial line in Linux, in bytes. */
const WINDOW = 2048;

/** The number of the frames in which the virtual machine confirms the length of what it has received. */
const CONTROL = 0;

/** The bytes before the data of a frame: the number of the stream, and the length of the data. */
const HEADER = 8;
/** A frame without data ends its stream. */
const END: Buffer = Buffer.alloc(0);

const frame = (id: number, data: Buffer): Buffer => Buffer.concat([uint32(id), uint32(data.length), data]);

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
