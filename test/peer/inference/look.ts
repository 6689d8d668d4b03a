import { fileURLToPath } from 'node:url';
import { isAtHand } from '../../../models/at-hand.ts';
import { findModel } from '../../../models/catalogue.ts';
import type { ResolvedModel } from '../../../models/manifest.ts';
import { resolveModel } from '../../../models/resolve.ts';
import { NativeScaler } from '../../../peer/codec/native/scaler.ts';
import type { NativeVideoFrame } from '../../../peer/codec/native/video-frame.ts';
import { Engine } from '../../../peer/inference/engine.ts';
import type { InferenceResult } from '../../../peer/inference/frame-job.ts';
import type { SharedInput } from '../../../peer/inference/shared-input.ts';
import { readFootage } from '../../support/footage.ts';

const directory = process.env['SIGHTLINE_MODELS_DIR'];
const options = {
  ...(directory !== undefined && { directory }),
  cacheDir: fileURLToPath(new URL('../../../.cache/models', import.meta.url)),
  download: false,
};

/** Whether the weights of a model are on this machine; tests that need absent ones skip, and say so. */
export function hasModel(id: string): Promise<boolean> {
  return isAtHand(findModel(id), options);
}

/** The weights of a model, from this machine. */
export function resolve(id: string): Promise<ResolvedModel> {
  return resolveModel(id, options);
}

/** An engine with one worker. */
export async function open(id: string): Promise<Engine> {
  return Engine.open({ model: await resolve(id), workers: 1, threads: 1 });
}

interface Frame {
  readonly width: number;
  readonly height: number;
}

/** What an engine finds in a frame whose pixels `prepare` writes, down to the threshold of the model. */
export async function look(
  engine: Engine,
  { width, height }: Frame,
  prepare: (input: SharedInput) => void | Promise<void>,
): Promise<InferenceResult> {
  const source = engine.addSource();
  try {
    const result = await source.offer({
      width,
      height,
      threshold: engine.manifest.threshold,
      prepare: async (input) => prepare(input),
      release: () => {},
    });
    if (!result) throw new Error('The source was closed');
    return result;
  } finally {
    source.close();
  }
}

/** What an engine finds in one picture of a film, by its index, at 640×480. */
export async function lookAtFilm(engine: Engine, path: string, index = 0): Promise<InferenceResult> {
  using frame = await pictureOf(path, index);
  using scaler = new NativeScaler();
  return await look(engine, frame, ({ width, height, pixels, stride }) =>
    scaler.scale(frame, width, height, pixels, stride),
  );
}

async function pictureOf(path: string, index: number): Promise<NativeVideoFrame> {
  let at = 0;
  for await (const frame of readFootage(path, { width: 640, height: 480 })) {
    if (at++ === index) return frame;
    frame.close();
  }
  throw new Error(`${path} has no picture ${index}`);
}
