import type { Box, DetectedObject } from '../../../protocol/detections.ts';
import { intersectionOverUnion } from '../nms.ts';
import { assign } from './assignment.ts';
import type { Track } from './track.ts';

/** The least overlap, intersection over union, of a track and a sure object of its class. */
const LEAST_OVERLAP = 0.1;
/** An unsure object has to lie where something is expected. */
const LEAST_OVERLAP_UNSURE = 0.4;

/** Objects of one result. */
export interface Sighting {
  readonly objects: readonly DetectedObject[];
  /** Seconds. */
  readonly time: number;
  /** Below this score an object is unsure: it keeps a track alive, but begins none. */
  readonly threshold: number;
}

/**
 * Finds out which objects are things that are followed already, class by class, by how much they overlap where each
 * track is expected: first those that are drawn, with sure objects and then with unsure ones, then those that were lost,
 * so that nobody who walks by takes the place of somebody in plain view, and at last those that have no id yet.
 * Source: Zhang et al., "ByteTrack: Multi-Object Tracking by Associating Every Detection Box" (2022), algorithm 1.
 *
 * @param resultBefore seconds, when the result before this one was taken.
 * @returns the track of each object that has one
 */
export function associate(
  tracks: readonly Track[],
  { objects, time, threshold }: Sighting,
  resultBefore: number,
): Map<DetectedObject, Track> {
  const sure = objects.filter(({ score }) => score >= threshold);
  const unsure = objects.filter(({ score }) => score < threshold);
  const known = tracks.filter(({ id }) => id !== undefined);
  const drawn = known.filter((track) => track.isDrawn(resultBefore));
  const lost = known.filter((track) => !track.isDrawn(resultBefore));
  const tentative = tracks.filter(({ id }) => id === undefined);
  const rounds = [
    { among: drawn, seen: sure, least: LEAST_OVERLAP },
    { among: drawn, seen: unsure, least: LEAST_OVERLAP_UNSURE },
    { among: lost, seen: sure, least: LEAST_OVERLAP },
    { among: tentative, seen: sure, least: LEAST_OVERLAP },
  ];
  const expected = new Map(tracks.map((track) => [track, track.boxAt(time)]));
  const found = new Map<DetectedObject, Track>();
  for (const { among, seen, least } of rounds) {
    const taken = new Set(found.values());
    const tracksLeft = among.filter((track) => !taken.has(track));
    const objectsLeft = seen.filter((object) => !found.has(object));
    for (const [object, track] of match(tracksLeft, objectsLeft, expected, least)) found.set(object, track);
  }
  return found;
}

function match(
  tracks: readonly Track[],
  objects: readonly DetectedObject[],
  expected: ReadonlyMap<Track, Box>,
  least: number,
): [DetectedObject, Track][] {
  const weights = new Float64Array(tracks.length * objects.length);
  for (const [row, track] of tracks.entries()) {
    const box = expected.get(track);
    for (const [column, object] of objects.entries()) {
      if (!box || object.classId !== track.classId) continue;
      const overlap = intersectionOverUnion(box, object.box);
      if (overlap >= least) weights[row * objects.length + column] = overlap;
    }
  }
  const columns = assign(weights, tracks.length, objects.length);
  return tracks.flatMap((track, row) => {
    const object = objects[columns[row] ?? -1];
    return object ? [[object, track]] : [];
  });
}
