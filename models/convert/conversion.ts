import { SightlineError } from '../../protocol/errors.ts';
import type { GraphNode, InputReference } from './graph-node.ts';
import { type OnnxAttribute, OnnxBuilder } from './onnx-builder.ts';
import { type Tensor, toNumbers, transpose } from './tensor.ts';

const TO_CHANNELS_FIRST = [0, 3, 1, 2];
const TO_CHANNELS_LAST = [0, 2, 3, 1];

/**
 * How a computed value lies in memory: as TensorFlow has it (`plain`: NHWC, or any other rank), or as ONNX convolutions
 * take it (`channels-first`: NCHW, rank 4 always).
 */
export type Layout = 'plain' | 'channels-first';

/** What an output of a tfjs node has become: a constant, or a value of the ONNX graph. */
export type Value =
  | { readonly kind: 'constant'; readonly tensor: Tensor }
  | { readonly kind: 'computed'; readonly name: string; readonly layout: Layout };

/** Converts one node: adds to the ONNX graph and returns the node's output, or its outputs. */
export type OpConverter = (node: GraphNode, conversion: Conversion) => Value | readonly Value[];

/**
 * One conversion under way: what every tfjs value has become so far, in which layout.
 * Values stay in the layout that they were computed in until something needs the other, so that a chain of convolutions
 * and elementwise operations needs no transposes between.
 */
export class Conversion {
  readonly builder = new OnnxBuilder();
  readonly #values = new Map<string, readonly Value[]>();
  /** A value's name in one layout → its name in the other. */
  readonly #twins = new Map<string, string>();

  /** Records what the outputs of the tfjs node `name` have become. */
  set(name: string, outputs: Value | readonly Value[]): void {
    this.#values.set(name, Array.isArray(outputs) ? outputs : [outputs as Value]);
  }

  /** What a reference to an output of a tfjs node has become. */
  get({ name, index }: InputReference): Value {
    const value = this.#values.get(name)?.[index];
    if (value === undefined) {
      throw new SightlineError(
        'model-unreadable',
        `Cannot convert the graph: it has no value "${name}:${index}"`,
      );
    }
    return value;
  }

  /** Input `index` of a node. */
  input(node: GraphNode, index: number): Value {
    const reference = node.inputs[index];
    if (reference === undefined)
      throw node.unsupported(`at least ${index + 1} inputs`, `${node.inputs.length}`);
    return this.get(reference);
  }

  /** Input `index` of a node that has to be a constant. */
  constant(node: GraphNode, index: number): Tensor {
    const value = this.input(node, index);
    if (value.kind !== 'constant') throw node.unsupported(`a constant as input ${index}`, 'a computed value');
    return value.tensor;
  }

  /** The elements of input `index`, which has to be a constant of integers. */
  integers(node: GraphNode, index: number): number[] {
    return toNumbers(this.constant(node, index));
  }

  /** Input `index` of a node in TensorFlow's layout, by name. */
  plainInput(node: GraphNode, index: number): string {
    return this.plain(this.input(node, index));
  }

  /** Input `index` of a node, of rank 4, channels first, by name. */
  channelsFirstInput(node: GraphNode, index: number): string {
    return this.channelsFirst(this.input(node, index));
  }

  /** The name of a value in TensorFlow's layout. */
  plain(value: Value): string {
    if (value.kind === 'constant') return this.builder.constant(value.tensor);
    return value.layout === 'plain' ? value.name : this.#twin(value.name, TO_CHANNELS_LAST);
  }

  /** The name of a value of rank 4, channels first. A constant of lower rank is one that is broadcast against it. */
  channelsFirst(value: Value): string {
    if (value.kind === 'constant') return this.builder.constant(toChannelsFirst(value.tensor));
    return value.layout === 'channels-first' ? value.name : this.#twin(value.name, TO_CHANNELS_FIRST);
  }

  /** The layout in which an operation on all of `values` costs no transposes of what is already channels first. */
  commonLayout(values: readonly Value[]): Layout {
    const computed = values.filter((value) => value.kind === 'computed');
    const first = computed.length > 0 && computed.every((value) => value.layout === 'channels-first');
    return first && values.every((value) => value.kind === 'computed' || value.tensor.shape.length <= 4)
      ? 'channels-first'
      : 'plain';
  }

  /** The name of a value in the given layout. */
  inLayout(value: Value, layout: Layout): string {
    return layout === 'plain' ? this.plain(value) : this.channelsFirst(value);
  }

  /** Adds an ONNX node with one output that lies in the given layout. */
  emit(
    layout: Layout,
    op: string,
    inputs: readonly string[],
    attributes?: Record<string, OnnxAttribute>,
  ): Value {
    return { kind: 'computed', name: this.builder.node(op, inputs, attributes), layout };
  }

  #twin(name: string, order: readonly number[]): string {
    const known = this.#twins.get(name);
    if (known !== undefined) return known;
    const twin = this.builder.node('Transpose', [name], { perm: order });
    this.#twins.set(name, twin).set(twin, name);
    return twin;
  }
}

function toChannelsFirst(tensor: Tensor): Tensor {
  if (tensor.data.length === 1) return { ...tensor, shape: [] };
  const missing = Array.from({ length: 4 - tensor.shape.length }, () => 1);
  return transpose({ ...tensor, shape: [...missing, ...tensor.shape] }, TO_CHANNELS_FIRST);
}
