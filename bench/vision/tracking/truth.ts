import { NativeScaler } from '../../../peer/codec/native/scaler.ts';
import { Network } from '../../../peer/inference/network.ts';
import { letterbox } from '../../../peer/vision/letterbox.ts';
import type { DetectedObject } from '../../../protocol/detections.ts';
import { yoloxNano } from '../../../test/peer/inference/yolox-nano.ts';
import { readFootage } from '../../../test/support/footage.ts';
import { identify } from './identities.ts';

/** What is sure enough to be drawn: the model's own threshold. */
export const THRESHOLD = yoloxNano.manifest.threshold;
/** What the model is asked for, so that unsure objects can keep a track alive. */
const LOWEST = 0.1;

interface Film {
  readonly name: string;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** Frames a second. */
  readonly rate: number;
}

/** What the model finds in every frame of a film, when it has all the time in the world. */
export interface Truth {
  readonly film: Film;
  /** For each frame all that was found, sure or not. */
  readonly frames: readonly (readonly DetectedObject[])[];
  /** Which sure objects are one thing, by an association that sees the whole film at once. */
  readonly identities: ReadonlyMap<DetectedObject, number>;
}

/** Runs the model on every frame. */
export async function findTruth(film: Film): Promise<Truth> {
  const { manifest, path } = yoloxNano;
  const network = await Network.load({ manifest, path, threads: 1 });
  const { scaledWidth, scaledHeight } = letterbox(film, manifest.input, manifest.input.fit);
  const pixels = new Uint8Array(scaledWidth * scaledHeight * 3);
  const frames: DetectedObject[][] = [];
  using scaler = new NativeScaler();
  for await (using frame of readFootage(film.path, film)) {
    await scaler.scale(frame, scaledWidth, scaledHeight, pixels, scaledWidth * 3);
    frames.push((await network.run(pixels, film, LOWEST)).objects);
  }
  const sure = frames.map((objects) => objects.filter(({ score }) => score >= THRESHOLD));
  return { film, frames, identities: identify(sure, film.rate) };
}
