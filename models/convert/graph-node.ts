import { z } from 'zod';
import { SightlineError } from '../../protocol/errors.ts';

const integer = z.union([z.int(), z.string().regex(/^-?\d+$/)]);

const attributeSchema = z
  .object({
    s: z.string(),
    i: integer,
    b: z.boolean(),
    f: z.number(),
    type: z.string(),
    list: z.object({ i: z.array(integer), s: z.array(z.string()) }).partial(),
    shape: z.object({ dim: z.array(z.object({ size: integer })).optional() }),
  })
  .partial();

/** One node of `modelTopology.node` as tfjs-converter writes it: int64 as strings, byte strings in base64. */
export const graphNodeSchema = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), attributeSchema).default({}),
});

/** Where an input of a node comes from: output number `index` of the node `name`. */
export interface InputReference {
  readonly name: string;
  readonly index: number;
}

/** Splits `name` or `name:index`. */
export function parseReference(text: string): InputReference {
  const [, name = text, index = '0'] = /^(.*?)(?::(\d+))?$/.exec(text) ?? [];
  return { name, index: Number(index) };
}

/** An operation of a tfjs graph, with typed access to its attributes. */
export class GraphNode {
  readonly name: string;
  readonly op: string;
  /** Data inputs in order; control dependencies (`^name`) are left out. */
  readonly inputs: readonly InputReference[];
  readonly #attributes: z.infer<typeof graphNodeSchema>['attr'];

  constructor({ name, op, input, attr }: z.infer<typeof graphNodeSchema>) {
    this.name = name;
    this.op = op;
    this.inputs = input.filter((text) => !text.startsWith('^')).map(parseReference);
    this.#attributes = attr;
  }

  /** The list of integers `key`, such as strides; `[]` where there is none. */
  integers(key: string): number[] {
    return (this.#attributes[key]?.list?.i ?? []).map(Number);
  }

  /** The integer `key`; 0 where there is none, as protobuf leaves zeros out. */
  integer(key: string): number {
    return Number(this.#attributes[key]?.i ?? 0);
  }

  /** The number `key`, or `fallback`. */
  float(key: string, fallback: number): number {
    return this.#attributes[key]?.f ?? fallback;
  }

  /** The truth value `key`; false where there is none. */
  flag(key: string): boolean {
    return this.#attributes[key]?.b ?? false;
  }

  /** The text `key`, or `fallback`. */
  text(key: string, fallback = ''): string {
    const encoded = this.#attributes[key]?.s;
    return encoded === undefined ? fallback : decodeText(encoded);
  }

  /** The list of texts `key`, such as `fused_ops`. */
  texts(key: string): string[] {
    return (this.#attributes[key]?.list?.s ?? []).map(decodeText);
  }

  /** The dimensions of the shape `key`; -1 where one is left open. */
  dimensions(key: string): number[] {
    return (this.#attributes[key]?.shape?.dim ?? []).map(({ size }) => Number(size));
  }

  /** The TensorFlow type `key`, such as `DT_FLOAT`; empty where there is none. */
  type(key: string): string {
    return this.#attributes[key]?.type ?? '';
  }

  /** The error to throw for something that the converter does not do, naming the node. */
  unsupported(expected: string, found: string): SightlineError {
    return new SightlineError(
      'model-unreadable',
      `Cannot convert the node "${this.name}" (${this.op}): expected ${expected}, found ${found}`,
    );
  }
}

function decodeText(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}
