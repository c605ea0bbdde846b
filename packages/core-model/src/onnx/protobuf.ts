/**
 * Just enough of protocol buffers to write ONNX. A message is a list of pieces that are joined once, at the end, so
 * that a hundred megabytes of weights are copied only once.
 */
export interface Message {
  readonly pieces: readonly Uint8Array[];
  readonly length: number;
}

/** A whole number, at most 2^53 and also below 0. */
export function integerField(field: number, value: number): Message {
  return messageOf(Uint8Array.from([...varint(field * 8), ...varint(value)]));
}

/** A float32. */
export function floatField(field: number, value: number): Message {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return join([messageOf(Uint8Array.from(varint(field * 8 + 5))), messageOf(bytes)]);
}

export function textField(field: number, text: string): Message {
  return bytesField(field, new TextEncoder().encode(text));
}

export function bytesField(field: number, bytes: Uint8Array): Message {
  return messageField(field, messageOf(bytes));
}

/** A message inside another. */
export function messageField(field: number, message: Message): Message {
  const header = Uint8Array.from([...varint(field * 8 + 2), ...varint(message.length)]);
  return { pieces: [header, ...message.pieces], length: header.length + message.length };
}

/** Fields one after the other. */
export function join(messages: readonly Message[]): Message {
  return {
    pieces: messages.flatMap(({ pieces }) => pieces),
    length: messages.reduce((sum, { length }) => sum + length, 0),
  };
}

/** The message's bytes. */
export function encode({ pieces, length }: Message): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function messageOf(bytes: Uint8Array): Message {
  return { pieces: [bytes], length: bytes.length };
}

/** Seven bits a byte, lowest first; numbers below 0 as of 64 bits. */
function varint(value: number): number[] {
  const digits: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    digits.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return digits;
}
