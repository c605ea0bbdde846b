import { WeightsError } from '../../errors.js';
import { resolveGlobal } from './globals.js';
import { PickleCursor } from './pickle-cursor.js';
import { damagedPickle } from './pickle-error.js';
import { isKind, isSize, type PickleValue, type StorageRef } from './pickle-values.js';

/** Far above any checkpoint's (Inf-Net's with its optimiser's state: 60,000); bounds time and memory of hostile ones. */
const MOST_STEPS = 4_000_000;
/** A persistent id is a tuple of few items; a number of more bytes than this is none that PyTorch writes. */
const LONGEST_NUMBER = 255;

/** What a pickle holds, and where the byte after it lies. */
export interface Unpickled {
  readonly value: PickleValue;
  readonly end: number;
}

/**
 * Reads one pickle of those that `torch.save` writes, protocols 2 to 5. Not Python's machine: it knows the opcodes that
 * build plain data, and of classes and functions those of {@link resolveGlobal}, which are entries of a table. There is
 * nothing in it that could run what a file names.
 *
 * @param start where the pickle begins in `bytes`
 * @throws {WeightsError} `forbidden-global`, `damaged-pickle`, `oversized`, `unsupported-dtype`
 */
export function unpickle(bytes: Uint8Array, start = 0): Unpickled {
  const machine = new PickleMachine(bytes, start);
  for (let step = 0; step < MOST_STEPS; step++) {
    if (machine.step()) return { value: machine.result(), end: machine.cursor.at };
  }
  throw new WeightsError(
    'oversized',
    `PyTorch checkpoint: its description takes more than ${MOST_STEPS} steps, weights take thousands`,
    'Save the weights alone, in PyTorch: torch.save(model.state_dict(), path).',
  );
}

class PickleMachine {
  readonly cursor: PickleCursor;
  readonly #stack: PickleValue[] = [];
  /** Heights of the stack at the open marks. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();

  constructor(bytes: Uint8Array, start: number) {
    this.cursor = new PickleCursor(bytes, start);
  }

  /** Runs one opcode. @returns true at the end of the pickle */
  step(): boolean {
    const opcode = this.cursor.uint8();
    if (opcode === STOP) return true;
    const run = OPCODES.get(opcode);
    if (run === undefined) {
      throw damagedPickle(`opcode 0x${opcode.toString(16)} is none that torch.save writes`);
    }
    run(this, this.cursor);
    return false;
  }

  result(): PickleValue {
    const value = this.pop();
    if (this.#stack.length > 0) throw damagedPickle('a pickle leaves values over');
    return value;
  }

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  pop(): PickleValue {
    const floor = this.#marks.at(-1) ?? 0;
    if (this.#stack.length <= floor) throw damagedPickle('a pickle takes a value that is not there');
    return this.#stack.pop()!;
  }

  top(): PickleValue {
    const value = this.pop();
    this.#stack.push(value);
    return value;
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** Everything since the last mark. */
  popMarked(): PickleValue[] {
    const floor = this.#marks.pop();
    if (floor === undefined) throw damagedPickle('a pickle closes a group that it did not open');
    return this.#stack.splice(floor);
  }

  popMany(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).toReversed();
  }

  remember(index: number): void {
    this.#memo.set(index, this.top());
  }

  rememberNext(): void {
    this.remember(this.#memo.size);
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw damagedPickle('a pickle recalls a value that it never noted');
    this.push(value);
  }
}

type Operation = (machine: PickleMachine, cursor: PickleCursor) => void;

const STOP = 0x2e;

const OPCODES: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  // Frame: protocol, and the length of a frame, which is only a hint.
  [0x80, (_, cursor) => void cursor.uint8()],
  [0x95, (_, cursor) => void cursor.uint64()],
  // Constants and numbers.
  [0x4e, (machine) => machine.push(null)],
  [0x88, (machine) => machine.push(true)],
  [0x89, (machine) => machine.push(false)],
  [0x4a, (machine, cursor) => machine.push(cursor.int32())],
  [0x4b, (machine, cursor) => machine.push(cursor.uint8())],
  [0x4d, (machine, cursor) => machine.push(cursor.uint16())],
  [0x47, (machine, cursor) => machine.push(cursor.float64())],
  [0x8a, (machine, cursor) => machine.push(cursor.long(cursor.uint8()))],
  [0x8b, (machine, cursor) => machine.push(cursor.long(boundedNumber(cursor.uint32())))],
  // Texts and bytes; those of Python 2 are both.
  [0x8c, (machine, cursor) => machine.push(cursor.text(cursor.uint8()))],
  [0x58, (machine, cursor) => machine.push(cursor.text(cursor.uint32()))],
  [0x8d, (machine, cursor) => machine.push(cursor.text(cursor.uint64()))],
  [0x55, (machine, cursor) => machine.push(cursor.text(cursor.uint8()))],
  [0x54, (machine, cursor) => machine.push(cursor.text(cursor.uint32()))],
  [0x43, (machine, cursor) => machine.push(cursor.bytes(cursor.uint8()))],
  [0x42, (machine, cursor) => machine.push(cursor.bytes(cursor.uint32()))],
  [0x8e, (machine, cursor) => machine.push(cursor.bytes(cursor.uint64()))],
  // The stack and the memo.
  [0x28, (machine) => machine.mark()],
  [0x30, (machine) => void machine.pop()],
  [0x31, (machine) => void machine.popMarked()],
  [0x32, (machine) => machine.push(machine.top())],
  [0x71, (machine, cursor) => machine.remember(cursor.uint8())],
  [0x72, (machine, cursor) => machine.remember(cursor.uint32())],
  [0x94, (machine) => machine.rememberNext()],
  [0x68, (machine, cursor) => machine.recall(cursor.uint8())],
  [0x6a, (machine, cursor) => machine.recall(cursor.uint32())],
  // Lists, tuples and sets, which are arrays here.
  [0x5d, (machine) => machine.push([])],
  [0x29, (machine) => machine.push([])],
  [0x8f, (machine) => machine.push([])],
  [0x61, (machine) => append(machine, [machine.pop()])],
  [0x65, (machine) => append(machine, machine.popMarked())],
  [0x90, (machine) => append(machine, machine.popMarked())],
  [0x6c, (machine) => machine.push(machine.popMarked())],
  [0x74, (machine) => machine.push(machine.popMarked())],
  [0x91, (machine) => machine.push(machine.popMarked())],
  [0x85, (machine) => machine.push(machine.popMany(1))],
  [0x86, (machine) => machine.push(machine.popMany(2))],
  [0x87, (machine) => machine.push(machine.popMany(3))],
  // Dicts.
  [0x7d, (machine) => machine.push(new Map())],
  [0x64, (machine) => machine.push(setItems(new Map(), machine.popMarked()))],
  [0x73, (machine) => void setItems(undefined, machine.popMany(2), machine)],
  [0x75, (machine) => void setItems(undefined, machine.popMarked(), machine)],
  // Names, and objects made by what they stand for.
  [0x63, (machine, cursor) => machine.push(resolveGlobal(cursor.line(), cursor.line()))],
  [0x93, stackGlobal],
  [0x52, construct],
  [0x81, construct],
  [0x62, (machine) => void machine.pop()], // BUILD: attributes of an object, such as a state dict's version
  [0x51, persistentLoad],
]);

function boundedNumber(length: number): number {
  if (length > LONGEST_NUMBER) throw damagedPickle(`a number takes ${length} bytes`);
  return length;
}

function append(machine: PickleMachine, items: readonly PickleValue[]): void {
  const list = machine.top();
  if (isKind(list, 'ignored')) return;
  if (!Array.isArray(list)) throw damagedPickle('a pickle appends to what is no list');
  for (const item of items) list.push(item);
}

/** Puts keys and values, one after the other, into a dict: the given one, or the one on top of the stack. */
function setItems(
  given: Map<PickleValue, PickleValue> | undefined,
  items: readonly PickleValue[],
  machine?: PickleMachine,
): Map<PickleValue, PickleValue> {
  const dict = given ?? machine?.top();
  if (isKind(dict, 'ignored')) return new Map();
  if (!(dict instanceof Map)) throw damagedPickle('a pickle sets items of what is no dict');
  if (items.length % 2 !== 0) throw damagedPickle('a key of a dict has no value');
  for (let i = 0; i < items.length; i += 2) dict.set(items[i]!, items[i + 1]!);
  return dict;
}

function stackGlobal(machine: PickleMachine): void {
  const [module, name] = machine.popMany(2);
  if (typeof module !== 'string' || typeof name !== 'string') throw damagedPickle('a name is no text');
  machine.push(resolveGlobal(module, name));
}

/** REDUCE and NEWOBJ: a callable and its arguments. */
function construct(machine: PickleMachine): void {
  const [callable, args] = machine.popMany(2);
  if (!isKind(callable, 'function') || !Array.isArray(args)) {
    throw damagedPickle('a pickle builds an object from what is no class');
  }
  machine.push(callable.call(args));
}

/** BINPERSID: the tuple ('storage', type, key, device, length), and in old files a view of it. */
function persistentLoad(machine: PickleMachine): void {
  const id = machine.pop();
  if (!Array.isArray(id)) throw damagedPickle('a storage is not described by a tuple');
  const [tag, type, key, , length, view] = id;
  if (tag === 'module') {
    throw new WeightsError(
      'forbidden-global',
      'PyTorch checkpoint: it holds a whole network as Python objects; nothing was run',
      'Save the weights alone, in PyTorch: torch.save(model.state_dict(), path).',
    );
  }
  if (tag !== 'storage' || !isKind(type, 'storage-type') || typeof key !== 'string' || !isSize(length)) {
    throw damagedPickle('a storage is not described as PyTorch does');
  }
  if (type.dtype === 'unsupported') {
    throw new WeightsError(
      'unsupported-dtype',
      'PyTorch checkpoint: it holds complex or quantised numbers',
      'Convert the weights to float32 before saving them, with `.float()` in PyTorch.',
    );
  }
  const dtype = type.dtype === 'untyped' ? undefined : type.dtype;
  machine.push({ kind: 'storage', key, dtype, length, start: startOf(view) } satisfies StorageRef);
}

/** (key, offset, length) of a view, or nothing. */
function startOf(view: PickleValue | undefined): number {
  if (view === undefined || view === null) return 0;
  const start = Array.isArray(view) ? view[1] : undefined;
  if (!isSize(start)) throw damagedPickle('a view of a storage has no start');
  return start;
}
