import { z } from 'zod';

/** Execution providers of ONNX Runtime that can be asked for. */
export const executionProviders = ['cpu', 'cuda', 'dml', 'coreml'] as const;
export type ExecutionProvider = (typeof executionProviders)[number];

/** What runs a model: ONNX Runtime in the media peer, or an inference server (Open Inference Protocol v2). */
const runsOnSchema = z.enum([...executionProviders, 'kserve']);
export type RunsOn = z.infer<typeof runsOnSchema>;

/** What `GET /models` says of a model. */
export const modelSummarySchema = z.object({
  id: z.string(),
  task: z.string(),
  title: z.string(),
  licence: z.string(),
  /** Width and height in pixels that the network looks at. */
  inputWidth: z.int().positive(),
  inputHeight: z.int().positive(),
  labels: z.array(z.string()),
  threshold: z.number(),
  /** Whether a media peer of this server can use it, without a download; it is loaded when a call first names it. */
  available: z.boolean(),
  /** Whether a media peer of this server has it loaded. */
  loaded: z.boolean(),
  /** Whether it is what a call gets that names none. */
  default: z.boolean(),
  /** What runs it now, where a media peer has it loaded. */
  runsOn: runsOnSchema.optional(),
});
export type ModelSummary = z.infer<typeof modelSummarySchema>;
