import { z } from 'zod';
import { SightlineError } from '../../protocol/errors.ts';
import { GraphNode, graphNodeSchema, parseReference } from './graph-node.ts';
import { type WeightGroup, weightGroupSchema } from './weights.ts';

const signatureSchema = z.object({ outputs: z.record(z.string(), z.object({ name: z.string() })) });

const graphModelSchema = z.object({
  format: z.literal('graph-model'),
  signature: signatureSchema.optional(),
  userDefinedMetadata: z.object({ signature: signatureSchema.optional() }).optional(),
  modelTopology: z.object({ node: z.array(graphNodeSchema) }),
  weightsManifest: z.array(weightGroupSchema),
});

/** A tfjs graph model (`model.json`), without its weights. */
export interface GraphModel {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly weightGroups: readonly WeightGroup[];
  /** Names of the outputs that the signature declares, `name` or `name:index`, in its order. */
  readonly outputs: readonly string[];
}

/** Reads the text of a `model.json`. Throws `model-unreadable` when it is not a tfjs graph model. */
export function parseGraphModel(text: string): GraphModel {
  const { modelTopology, weightsManifest, ...rest } = parse(text);
  const signature = rest.signature ?? rest.userDefinedMetadata?.signature;
  return {
    nodes: new Map(modelTopology.node.map((node) => [node.name, new GraphNode(node)])),
    weightGroups: weightsManifest,
    outputs: Object.values(signature?.outputs ?? {}).map((output) => canonical(output.name)),
  };
}

function parse(text: string): z.infer<typeof graphModelSchema> {
  try {
    return graphModelSchema.parse(JSON.parse(text));
  } catch (cause) {
    const found = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new SightlineError('model-unreadable', `Cannot read the tfjs graph model: ${found}`, { cause });
  }
}

/** `name:0` and `name` are the same output. */
function canonical(text: string): string {
  const { name, index } = parseReference(text);
  return index === 0 ? name : text;
}
