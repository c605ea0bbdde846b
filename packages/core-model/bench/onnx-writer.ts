/** Just enough of ONNX's protocol buffers to hand a network to another runtime for comparison. */

type Field = Uint8Array;

function varint(value: number | bigint): number[] {
  const digits: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    digits.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return digits;
}

function integer(field: number, value: number): Field {
  return Uint8Array.from([...varint(field << 3), ...varint(value)]);
}

function bytes(field: number, content: Uint8Array): Field {
  return join([Uint8Array.from([...varint((field << 3) | 2), ...varint(content.length)]), content]);
}

function text(field: number, content: string): Field {
  return bytes(field, new TextEncoder().encode(content));
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whole numbers, lists of them, or a word: all that these graphs need. */
export type Attribute = number | readonly number[] | string;

function attribute(name: string, value: Attribute): Field {
  const content =
    typeof value === 'number'
      ? [integer(3, value), integer(20, 2)]
      : typeof value === 'string'
        ? [text(4, value), integer(20, 3)]
        : [...value.map((item) => integer(8, item)), integer(20, 7)];
  return bytes(5, join([text(1, name), ...content]));
}

function valueInfo(field: number, name: string, shape: readonly number[]): Field {
  const dims = join(shape.map((side) => bytes(1, integer(1, side))));
  const tensor = join([integer(1, 1), bytes(2, dims)]);
  return bytes(field, join([text(1, name), bytes(2, bytes(1, tensor))]));
}

/** A graph that grows node by node; values are known by their names. */
export class OnnxGraph {
  readonly #nodes: Field[] = [];
  readonly #constants: Field[] = [];
  #count = 0;

  node(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    return this.nodes(op, inputs, 1, attributes)[0]!;
  }

  nodes(
    op: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string[] {
    const names = Array.from({ length: outputs }, () => `v${this.#count++}`);
    const parts = [
      ...inputs.map((name) => text(1, name)),
      ...names.map((name) => text(2, name)),
      text(4, op),
      ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    ];
    this.#nodes.push(bytes(1, join(parts)));
    return names;
  }

  constant(values: Float32Array, shape: readonly number[]): string {
    const name = `c${this.#count++}`;
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const content = [...shape.map((side) => integer(1, side)), integer(2, 1), text(8, name), bytes(9, raw)];
    this.#constants.push(bytes(5, join(content)));
    return name;
  }

  /** The model's bytes, opset 13. */
  encode(
    input: { name: string; shape: readonly number[] },
    output: { name: string; shape: readonly number[] },
  ): Uint8Array {
    const graph = join([
      ...this.#nodes,
      text(2, 'infnet'),
      ...this.#constants,
      valueInfo(11, input.name, input.shape),
      valueInfo(12, output.name, output.shape),
    ]);
    return join([integer(1, 7), bytes(8, join([text(1, ''), integer(2, 13)])), bytes(7, graph)]);
  }
}
