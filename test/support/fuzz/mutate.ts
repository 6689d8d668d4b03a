/** Numbers in [0, 1). */
export type Random = () => number;

/** One way to spoil a message. The corpus has valid messages of the same kind. */
type Mutation = (message: Buffer, random: Random, corpus: readonly Buffer[]) => Buffer;

/** Values that lengths, counts and types are wrong at. */
const EDGES = [0, 1, 2, 3, 4, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xfffe, 0xffff];
const MAX_BYTES = 1400;
const MAX_MUTATIONS = 3;

const mutations: readonly Mutation[] = [
  function flipBits(message, random) {
    const spoilt = Buffer.from(message);
    for (let flips = below(random, 4); flips >= 0 && spoilt.length > 0; flips--) {
      const at = below(random, spoilt.length);
      spoilt[at] = (spoilt[at] ?? 0) ^ (1 << below(random, 8));
    }
    return spoilt;
  },
  function truncate(message, random) {
    return message.subarray(0, below(random, message.length + 1));
  },
  function extend(message, random) {
    return Buffer.concat([message, randomBytes(random, below(random, 64))]);
  },
  function cutOut(message, random) {
    const from = below(random, message.length + 1);
    return Buffer.concat([message.subarray(0, from), message.subarray(from + below(random, 16))]);
  },
  function setByte(message, random) {
    const spoilt = Buffer.from(message);
    if (spoilt.length > 0) spoilt[below(random, spoilt.length)] = edge(random) & 0xff;
    return spoilt;
  },
  function setWord(message, random) {
    const spoilt = Buffer.from(message);
    if (spoilt.length > 1) spoilt.writeUInt16BE(edge(random), below(random, spoilt.length >> 1) * 2);
    return spoilt;
  },
  function splice(message, random, corpus) {
    const other = pick(random, corpus);
    return Buffer.concat([
      message.subarray(0, below(random, message.length + 1)),
      other.subarray(below(random, other.length + 1)),
    ]);
  },
  function join(message, random, corpus) {
    return Buffer.concat([message, pick(random, corpus)]);
  },
  function replaceEnd(message, random) {
    const from = below(random, message.length + 1);
    return Buffer.concat([message.subarray(0, from), randomBytes(random, message.length - from)]);
  },
];

/**
 * A message that is wrong in one to three ways, or no message at all. The same numbers give the same message.
 * @param corpus valid messages of the kind, at least one
 */
export function mutate(corpus: readonly Buffer[], random: Random): Buffer {
  if (random() < 0.03) return randomBytes(random, below(random, 200));
  let message = pick(random, corpus);
  for (let rounds = below(random, MAX_MUTATIONS); rounds >= 0; rounds--) {
    message = pick(random, mutations)(message, random, corpus).subarray(0, MAX_BYTES);
  }
  return message;
}

/** A whole number from 0 to below the limit. */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

/** @throws Error where there is nothing to choose from */
export function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[below(random, values.length)];
  if (value === undefined) throw new Error('Expected something to choose from');
  return value;
}

function edge(random: Random): number {
  return random() < 0.7 ? pick(random, EDGES) : below(random, 0x10000);
}

function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => below(random, 256)));
}
