import type { ModelManifest } from '../../../models/manifest.ts';
import type { DetectedObject } from '../../../protocol/detections.ts';
import { failed, type ModelFinding, ok, warning } from './finding.ts';
import type { Trial } from './trial.ts';

/** Objects that are told of, the surest first. */
const SHOWN = 8;
/** Sides below this, in pixels of the input, are no things that a detector finds. */
const TINY = 2;

/** Looks at what the head made of the outputs of a picture. */
export function foundFindings(manifest: ModelManifest, trial: Trial): ModelFinding[] {
  const { found, candidates } = trial;
  const boxes = boxProblems(manifest, trial);
  if (boxes.length > 0) return boxes;
  const things = candidates.length > 0 ? found.objects.length : Number(found.mask !== undefined);
  if (found.objects.length === 0) {
    const words = `Nothing is found above the threshold of ${manifest.threshold}`;
    return [warning('found', 'nothing-found', words)];
  }
  const shown = found.objects.slice(0, SHOWN).map(describe);
  const rest = things > SHOWN ? ` and ${things - SHOWN} more` : '';
  return [ok('found', `${shown.join('; ')}${rest}`, { found: found.objects.map(describe) })];
}

function boxProblems({ input }: ModelManifest, { candidates, found }: Trial): ModelFinding[] {
  const { width, height } = input;
  const outside = candidates.filter(({ box }) => {
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    return x < 0 || y < 0 || x > width || y > height || box.width > 2 * width || box.height > 2 * height;
  });
  // The outputs are finite by now: what is no number came of a box.
  const wrong = outside.length + found.malformed;
  const all = candidates.length + found.malformed;
  if (wrong > 0 && wrong * 2 >= all) {
    const words = `${wrong} of ${all} boxes lie outside the picture or are larger than it`;
    return [failed('found', 'boxes-outside', words)];
  }
  if (candidates.length > 0 && candidates.every(({ box }) => box.width < TINY && box.height < TINY)) {
    const words = `All of ${candidates.length} boxes are smaller than ${TINY} pixels`;
    return [failed('found', 'boxes-tiny', words)];
  }
  return [];
}

/** `person 0.94 at 31 %, 12 %, 40 % × 83 %` */
function describe({ label, score, box, text }: DetectedObject): string {
  const [x, y, width, height] = [box.x, box.y, box.width, box.height].map(
    (side) => `${Math.round(side * 100)} %`,
  );
  const words = text === undefined ? '' : ` “${text}”`;
  return `${label}${words} ${score.toFixed(2)} at ${x}, ${y}, ${width} × ${height}`;
}
