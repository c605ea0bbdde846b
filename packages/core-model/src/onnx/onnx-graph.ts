import {
  bytesField,
  encode,
  floatField,
  integerField,
  join,
  type Message,
  messageField,
  textField,
} from './protobuf.js';

/** Operators of ONNX that the graphs are written in; onnxruntime 1.14 and later run them. */
const OPSET = 18;
const IR_VERSION = 8;
/** ONNX's numbers for types of elements and of attributes. */
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE = { float: 1, integer: 2, text: 3, integers: 7 } as const;

/** A number is an integer attribute; a float is given as `{ float }`. */
export type Attribute = number | readonly number[] | string | { readonly float: number };

/** An input or output; a side may have a name in the place of a size. */
export interface Port {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

/** An ONNX graph that grows node by node; values are known by their names. */
export class OnnxGraph {
  readonly #nodes: Message[] = [];
  readonly #initialisers: Message[] = [];
  #count = 0;

  /** Adds a node with one output. @returns the output's name */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    const name = `v${this.#count++}`;
    this.#add(operator, inputs, name, attributes);
    return name;
  }

  /** Gives a value the name of an output. */
  output(value: string, name: string): void {
    this.#add('Identity', [value], name, {});
  }

  /** float32 values; they are not copied before `encode`. */
  floats(values: Float32Array, shape: readonly number[]): string {
    return this.#initialiser(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      FLOAT,
      shape,
    );
  }

  /** A list of int64, such as a shape. */
  integers(values: readonly number[]): string {
    const list = BigInt64Array.from(values, BigInt);
    return this.#initialiser(new Uint8Array(list.buffer), INT64, [values.length]);
  }

  /** The model's bytes. */
  encode(
    inputs: readonly Port[],
    outputs: readonly Port[],
    metadata: Readonly<Record<string, string>>,
  ): Uint8Array<ArrayBuffer> {
    const graph = join([
      ...this.#nodes,
      textField(2, 'infnet'),
      ...this.#initialisers,
      ...inputs.map((port) => messageField(11, portMessage(port))),
      ...outputs.map((port) => messageField(12, portMessage(port))),
    ]);
    const model = [
      integerField(1, IR_VERSION),
      textField(2, 'infnet'),
      messageField(7, graph),
      messageField(8, join([textField(1, ''), integerField(2, OPSET)])),
      ...Object.entries(metadata).map(([key, value]) =>
        messageField(14, join([textField(1, key), textField(2, value)])),
      ),
    ];
    return encode(join(model));
  }

  #add(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, Attribute>>,
  ): void {
    const fields = [
      ...inputs.map((input) => textField(1, input)),
      textField(2, output),
      textField(4, operator),
      ...Object.entries(attributes).map(([name, value]) => messageField(5, attributeMessage(name, value))),
    ];
    this.#nodes.push(messageField(1, join(fields)));
  }

  #initialiser(bytes: Uint8Array, type: number, shape: readonly number[]): string {
    const name = `c${this.#count++}`;
    const fields = [
      ...shape.map((side) => integerField(1, side)),
      integerField(2, type),
      textField(8, name),
      bytesField(9, bytes),
    ];
    this.#initialisers.push(messageField(5, join(fields)));
    return name;
  }
}

function attributeMessage(name: string, value: Attribute): Message {
  const [type, ...content] = attributeContent(value);
  return join([textField(1, name), ...content, integerField(20, type)]);
}

function attributeContent(value: Attribute): [type: number, ...Message[]] {
  if (typeof value === 'number') return [ATTRIBUTE.integer, integerField(3, value)];
  if (typeof value === 'string') return [ATTRIBUTE.text, textField(4, value)];
  if ('float' in value) return [ATTRIBUTE.float, floatField(2, value.float)];
  return [ATTRIBUTE.integers, ...value.map((item) => integerField(8, item))];
}

function portMessage({ name, shape }: Port): Message {
  const sides = shape.map((side) =>
    messageField(1, typeof side === 'number' ? integerField(1, side) : textField(2, side)),
  );
  const tensor = join([integerField(1, FLOAT), messageField(2, join(sides))]);
  return join([textField(1, name), messageField(2, messageField(1, tensor))]);
}
