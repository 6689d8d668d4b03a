import type { ModelManifest } from '../../../models/manifest.ts';
import type { ModelSession } from '../../../peer/inference/model-session.ts';
import type { Picture } from '../../../peer/vision/stages/picture.ts';
import { tryOn } from './trial.ts';

type Input = ModelManifest['input'];

/** How the values of a picture enter a model. */
type Normalisation = Pick<Input, 'channels' | 'mean' | 'scale'>;

/** The four that nearly every training uses: 0 to 255, 0 to 1, -1 to 1, and about that of ImageNet. */
const usual = [
  { mean: 0, scale: 1 },
  { mean: 0, scale: 1 / 255 },
  { mean: 127.5, scale: 1 / 127.5 },
  { mean: 115, scale: 1 / 58 },
] as const;

const LEAST_SCORE = 0.1;
/** Better by so much, and so many times, is no chance. */
const MORE = 0.1;
const TIMES = 1.5;

/** One that suits a model much better than its manifest's. */
export interface Better {
  readonly normalisation: Normalisation;
  /** The highest score with it, and with the manifest's. */
  readonly score: number;
  readonly own: number;
}

/**
 * Tries the usual normalisations and orders of channels on a picture. Undefined where none is much better than the
 * manifest's, where a model has no scores to compare, or takes whole numbers.
 */
export async function betterNormalisation(
  session: ModelSession,
  picture: Picture,
): Promise<Better | undefined> {
  const { input, head } = session.manifest;
  if (head === 'mask' || head === 'features' || input.type === 'int32') return undefined;
  const own = await certainty(session, picture, input);
  let best: Better = { normalisation: input, score: own, own };
  for (const normalisation of variantsOf(input)) {
    const score = await certainty(session, picture, { ...input, ...normalisation });
    // Red for blue makes less of a difference than chance: the manifest's order stands unless the other is much better.
    const margin = normalisation.channels === best.normalisation.channels ? 0 : MORE;
    if (score > best.score + margin) best = { normalisation, score, own };
  }
  return best.score > own * TIMES && best.score > own + MORE ? best : undefined;
}

/** The manifest's order of channels first. */
function variantsOf({ channels }: Input): Normalisation[] {
  const orders = { grey: ['grey'], rgb: ['rgb', 'bgr'], bgr: ['bgr', 'rgb'] } as const;
  return orders[channels].flatMap((order) => usual.map((each) => ({ channels: order, ...each })));
}

/** The highest score. More of them say little: a model that is fed what it does not know sees things everywhere. */
async function certainty(session: ModelSession, picture: Picture, input: Input): Promise<number> {
  const { candidates } = await tryOn(session, picture, LEAST_SCORE, input);
  return Math.min(1, Math.max(0, ...candidates.map(({ score }) => score)));
}
