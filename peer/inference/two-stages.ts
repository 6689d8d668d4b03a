import type { DetectedObject } from '../../protocol/detections.ts';
import { SightlineError } from '../../protocol/errors.ts';
import type { Found } from '../vision/found.ts';
import { type HeadSpec, type HeadTally, heads } from '../vision/heads/index.ts';
import { letterbox } from '../vision/letterbox.ts';
import type { Candidate } from '../vision/nms.ts';
import { distinct, inPicture, together } from '../vision/stages/closer-look.ts';
import { fillCrop } from '../vision/stages/crop.ts';
import type { Picture } from '../vision/stages/picture.ts';
import { regions } from '../vision/stages/regions.ts';
import { shrink } from '../vision/stages/shrink.ts';
import { fillTensor } from '../vision/tensor.ts';
import type { ModelSession } from './model-session.ts';

/** Two models: the first finds things in the whole picture, the second looks at each of them closely. */
export class TwoStages {
  readonly #first: ModelSession;
  readonly #second: ModelSession;

  constructor(first: ModelSession, second: ModelSession) {
    this.#first = first;
    this.#second = second;
  }

  /** @throws {SightlineError} `inference-failed`, `model-contract-mismatch` */
  async run(picture: Picture, threshold: number): Promise<Found> {
    const { second, threshold: usual } = this.#first.manifest;
    const tally: HeadTally = { malformed: 0 };
    // Each closer look costs a run: what is most likely nothing is not worth one, however low the threshold.
    const found = await this.#find(picture, Math.max(threshold, usual / 2), tally);
    const objects: DetectedObject[] = [];
    for (const candidate of found.slice(0, second?.regions)) {
      const object = await this.#lookCloser(picture, candidate, threshold, tally);
      if (object) objects.push(object);
    }
    return { objects: distinct(objects), malformed: tally.malformed };
  }

  /** The first run of a model costs several. */
  async warmUp(): Promise<void> {
    await this.#second.run(() => {});
  }

  /** What the first model finds, in pixels of the picture, by falling score. */
  async #find(picture: Picture, threshold: number, tally: HeadTally): Promise<Candidate[]> {
    const { manifest, values } = this.#first;
    const { input } = manifest;
    const geometry = letterbox(picture, input, input.fit);
    const small = shrink(picture, { width: geometry.scaledWidth, height: geometry.scaledHeight });
    fillTensor(values, { pixels: small.pixels, stride: small.width * 3 }, geometry, input);
    const candidates = await this.#first.run((outputs) =>
      headOf(this.#first)(outputs, specOf(this.#first, threshold), tally),
    );
    return candidates.map((candidate) => inPicture(candidate, geometry));
  }

  async #lookCloser(
    picture: Picture,
    first: Candidate,
    threshold: number,
    tally: HeadTally,
  ): Promise<DetectedObject | undefined> {
    const { second: settings, labels } = this.#first.manifest;
    if (!settings) return undefined;
    const { input, labels: secondLabels } = this.#second.manifest;
    const region = regions[settings.region](first, settings.scale);
    if (!(region.width > 0 && region.height > 0)) return undefined;
    const geometry = letterbox(region, input, input.fit);
    fillCrop(this.#second.values, picture, region, geometry, input);
    const [second] = await this.#second.run((outputs) =>
      headOf(this.#second)(outputs, specOf(this.#second, threshold), tally),
    );
    if (!second) return undefined;
    const naming =
      settings.labels === 'second'
        ? { classId: second.classId, labels: secondLabels }
        : { classId: first.classId, labels };
    return together({ first, second, region, geometry, ...naming }, picture);
  }
}

function headOf({ manifest: { head } }: ModelSession) {
  if (head !== 'mask') return heads[head];
  throw new SightlineError(
    'inference-failed',
    'Cannot use a mask in two stages: expected a head that finds objects',
  );
}

function specOf({ manifest: { input, outputs, labels } }: ModelSession, threshold: number): HeadSpec {
  return { input, outputs, labels, threshold };
}
