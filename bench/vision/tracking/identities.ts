import { intersectionOverUnion } from '../../../peer/vision/nms.ts';
import { assign } from '../../../peer/vision/tracking/assignment.ts';
import type { Box, DetectedObject } from '../../../protocol/detections.ts';

/** The least overlap of one thing in two neighbouring frames, and of the two ends of a gap. */
const OVERLAP = 0.3;
/** Seconds that a thing may be unseen, behind a tree for one. */
const MAX_GAP_SECONDS = 1;
/** Seconds at the end of a piece that its velocity is taken from. */
const VELOCITY_SECONDS = 1;

/** A thing in frames without a gap. */
interface Piece {
  readonly first: number;
  readonly objects: DetectedObject[];
}

/**
 * Which objects of a film are one thing, found with the whole film at hand and without the tracker's filter: pieces of
 * objects that overlap from frame to frame, joined over gaps where the end of one and the beginning of another, each
 * carried to the middle of the gap, overlap.
 */
export function identify(
  frames: readonly (readonly DetectedObject[])[],
  rate: number,
): Map<DetectedObject, number> {
  const pieces = linkFrames(frames);
  const next = joinGaps(pieces, rate);
  const identities = new Map<DetectedObject, number>();
  const isContinued = new Set(next.filter((piece) => piece >= 0));
  for (let begin = 0; begin < pieces.length; begin++) {
    if (isContinued.has(begin)) continue;
    for (let at = begin; at >= 0; at = next[at] ?? -1) {
      for (const object of pieces[at]?.objects ?? []) identities.set(object, begin);
    }
  }
  return identities;
}

function linkFrames(frames: readonly (readonly DetectedObject[])[]): Piece[] {
  const pieces: Piece[] = [];
  let open: Piece[] = [];
  for (const [first, objects] of frames.entries()) {
    const ends = open.map((piece) => piece.objects.at(-1) as DetectedObject);
    const matched = match(ends, objects, OVERLAP);
    const continued = new Set<DetectedObject>();
    const still: Piece[] = [];
    for (const [index, piece] of open.entries()) {
      const object = objects[matched[index] ?? -1];
      if (!object) continue;
      piece.objects.push(object);
      continued.add(object);
      still.push(piece);
    }
    const fresh = objects
      .filter((object) => !continued.has(object))
      .map((object) => ({ first, objects: [object] }));
    pieces.push(...fresh);
    open = [...still, ...fresh];
  }
  return pieces;
}

/** The piece that continues each piece, -1 for none. */
function joinGaps(pieces: readonly Piece[], rate: number): Int32Array {
  const weights = new Float64Array(pieces.length ** 2);
  for (const [row, before] of pieces.entries()) {
    const end = before.first + before.objects.length - 1;
    for (const [column, after] of pieces.entries()) {
      const gap = after.first - end;
      if (gap < 1 || gap > MAX_GAP_SECONDS * rate) continue;
      if (before.objects[0]?.classId !== after.objects[0]?.classId) continue;
      const window = Math.round(VELOCITY_SECONDS * rate);
      const overlap = intersectionOverUnion(
        carried(before.objects.slice(-window), gap / 2),
        carried(after.objects.slice(0, window).toReversed(), gap / 2),
      );
      if (overlap >= OVERLAP) weights[row * pieces.length + column] = overlap;
    }
  }
  return assign(weights, pieces.length, pieces.length);
}

/** The last box, moved on for so many frames at the mean velocity of all. */
function carried(objects: readonly DetectedObject[], frames: number): Box {
  const first = objects[0]?.box as Box;
  const last = objects.at(-1)?.box as Box;
  const share = frames / Math.max(1, objects.length - 1);
  const dx = last.x + last.width / 2 - first.x - first.width / 2;
  const dy = last.y + last.height / 2 - first.y - first.height / 2;
  return { ...last, x: last.x + dx * share, y: last.y + dy * share };
}

/** Objects of the same class that overlap by at least this much, so that the sum of the overlaps is the largest. */
export function match(
  rows: readonly DetectedObject[],
  columns: readonly DetectedObject[],
  least: number,
): Int32Array {
  const weights = new Float64Array(rows.length * columns.length);
  for (const [row, a] of rows.entries()) {
    for (const [column, b] of columns.entries()) {
      const overlap = a.classId === b.classId ? intersectionOverUnion(a.box, b.box) : 0;
      if (overlap >= least) weights[row * columns.length + column] = overlap;
    }
  }
  return assign(weights, rows.length, columns.length);
}
