import { performance } from 'node:perf_hooks';
import type { ModelManifest } from '../../../models/manifest.ts';
import type { ModelSession } from '../../../peer/inference/model-session.ts';
import type { Found } from '../../../peer/vision/found.ts';
import { heads } from '../../../peer/vision/heads/index.ts';
import { letterbox } from '../../../peer/vision/letterbox.ts';
import type { Candidate } from '../../../peer/vision/nms.ts';
import type { Picture } from '../../../peer/vision/stages/picture.ts';
import { readFound } from '../../../peer/vision/stages/read-found.ts';
import { shrink } from '../../../peer/vision/stages/shrink.ts';
import { fillTensor } from '../../../peer/vision/tensor.ts';

/** An output as a run gave it. */
export interface RawOutput {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** What a run on a picture gave. */
export interface Trial {
  readonly outputs: readonly RawOutput[];
  /** In pixels of the input; none of a mask. */
  readonly candidates: readonly Candidate[];
  readonly found: Found;
  readonly milliseconds: number;
}

/**
 * Runs a model on a picture, as a media peer would.
 *
 * @param input the manifest's, or another to try instead
 * @throws SightlineError `model-contract-mismatch` where the head cannot read the outputs; what the library throws
 */
export async function tryOn(
  session: ModelSession,
  picture: Picture,
  threshold: number,
  input: ModelManifest['input'] = session.manifest.input,
): Promise<Trial> {
  const { manifest } = session;
  const geometry = letterbox(picture, input, input.fit);
  const small = shrink(picture, { width: geometry.scaledWidth, height: geometry.scaledHeight });
  fillTensor(session.values, { pixels: small.pixels, stride: small.width * 3 }, geometry, input);
  const start = performance.now();
  return session.run((outputs) => {
    const milliseconds = performance.now() - start;
    const raw = manifest.outputs.flatMap(({ name }) => {
      const output = outputs[name];
      return output ? { name, dims: output.dims, data: output.data.slice() } : [];
    });
    const spec = { ...manifest, threshold };
    const candidates = manifest.head === 'mask' ? [] : heads[manifest.head](outputs, spec);
    return {
      outputs: raw,
      candidates,
      found: readFound(manifest, outputs, geometry, threshold),
      milliseconds,
    };
  });
}

/** A picture of one colour. */
export function plainPicture({ width, height }: ModelManifest['input'], level: number): Picture {
  return { width, height, pixels: new Uint8Array(width * height * 3).fill(level) };
}

/** Stripes of two colours: whatever a model looks for, it differs from one colour. */
export function stripedPicture({ width, height }: ModelManifest['input']): Picture {
  const stripe = Math.max(1, Math.floor(height / 8));
  const pixels = new Uint8Array(width * height * 3);
  for (let at = 0; at < pixels.length; at++) {
    const row = Math.floor(at / (width * 3));
    pixels[at] = Math.floor(row / stripe) % 2 === 0 ? 40 : 90 + 60 * (at % 3);
  }
  return { width, height, pixels };
}
