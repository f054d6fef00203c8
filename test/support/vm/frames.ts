import { deserialize, serialize } from "node:v8";

/** Returns a message as bytes: its length in four bytes, and then its content. */
export function frame(message: unknown): Buffer {
  const content = serialize(message);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length);
  return Buffer.concat([length, content]);
}

/** Returns a function that takes bytes as they arrive and calls `receive` with each complete message. */
export function unframe(receive: (message: unknown) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let size = 0;
  return (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    while (size >= 4) {
      const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      const end = 4 + bytes.readUInt32LE();
      chunks = [bytes];
      if (size < end) return;
      chunks = [bytes.subarray(end)];
      size -= end;
      receive(deserialize(bytes.subarray(4, end)));
    }
  };
}
