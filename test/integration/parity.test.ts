import { describe, expect, it } from 'vitest';
import { hasModel, resolve } from '../peer/inference/look.ts';
import { footagePath } from '../support/footage.ts';
import { compare } from '../support/parity/compare.ts';
import { meets, type Pair, SAME_PIXELS, WHOLE_PATH } from '../support/parity/pairs.ts';
import { opencvVersion } from '../support/parity/reference.ts';
import { film } from '../support/parity/sights.ts';

const path = footagePath('asl_milk.mkv');
/** Most of it is the networks in Python, where many tests want two cores. */
const LIMIT_MS = 60_000;
const hasOpencv = opencvVersion() !== undefined;

/** The boxes that OpenCV finds when it decodes, scales, runs and reads for itself; `npm run bench -- vision` has more. */
describe.skipIf(!hasOpencv || !path)(
  'boxes beside those of OpenCV (skipped where python3-opencv or asl_milk.mkv is not there)',
  async () => {
    for (const [id, least] of [
      ['yolox-nano', 2],
      ['ultraface-rfb-320', 2],
    ] as const) {
      it.skipIf(!(await hasModel(id)))(
        `${id} finds the same (needs its weights)`,
        { timeout: LIMIT_MS },
        async () => {
          const comparisons = await compare(await resolve(id), (folder) =>
            film({ name: 'milk', path: path ?? '', count: 2, every: 20, folder }),
          );
          expect(comparisons).toHaveLength(2);
          const same = comparisons.flatMap(({ samePixels }) => samePixels);
          const whole = comparisons.flatMap(({ wholePath }) => wholePath);
          expect(same.length).toBeGreaterThanOrEqual(least);
          expect(same.filter((pair: Pair) => !meets(pair, SAME_PIXELS))).toEqual([]);
          expect(whole.length).toBeGreaterThanOrEqual(least);
          expect(whole.filter((pair: Pair) => !meets(pair, WHOLE_PATH))).toEqual([]);
        },
      );
    }
  },
);
