import { type Leg, legAt, type Place, placeAt } from './lap.ts';
import type { ReadFrame } from './reader.ts';

/** Frames around that of the picture whose place a box is compared with: earlier ones, and later ones. */
const EARLIER = 20;
const LATER = 8;
/** Parts of a frame that a box is placed to. */
const PARTS = 8;
/** Frames around a corner of the lap that are left out where turns are. */
const CORNER = 8;

/** The frame of what is drawn beside the frame that it is drawn on. */
export interface OverlayErrors {
  /** Frames shown that carry a number. */
  readonly numbered: number;
  /** Frames that the number of what is drawn is behind that of the picture; negative where it is ahead. */
  readonly lags: readonly number[];
  /** The same, away from the corners: a box that is carried on goes round none of them. */
  readonly straightLags: readonly number[];
}

/**
 * Tells from where each box is which frame it is of. The box is a little larger than the man, by as much on the way to
 * the right as on that to the left, where a lag has opposite signs: so the two are told apart.
 */
export function overlayErrors(frames: readonly ReadFrame[]): OverlayErrors {
  // A page that waits for results may show a picture for longer than a frame: it counts once.
  const numbered = frames.flatMap(({ number, box }, index) =>
    number === null || number === frames[index - 1]?.number ? [] : [{ number, box }],
  );
  const boxed = numbered.flatMap(({ number, box }) =>
    box === null ? [] : [{ number, x: (box.left + box.right) / 2, y: box.bottom }],
  );
  const shift = shiftOf(boxed);
  const lagged = boxed.map(({ number, x, y }) => ({
    number,
    lag: lagOf(number, { x: x - shift.x, y: y - shift.y }),
  }));
  return {
    numbered: numbered.length,
    lags: lagged.map(({ lag }) => lag),
    straightLags: lagged.filter(({ number }) => isStraight(number)).map(({ lag }) => lag),
  };
}

/** Share of the boxes that are of the very frame that they are drawn on. */
export function shareExact({ lags }: OverlayErrors): number {
  return lags.filter((lag) => Math.round(lag) === 0).length / lags.length;
}

type Boxed = Place & { readonly number: number };

function shiftOf(boxed: readonly Boxed[]): Place {
  const off = (axis: 'x' | 'y', leg: Leg) =>
    median(
      boxed
        .filter(({ number }) => legAt(number) === leg && isStraight(number))
        .map((box) => box[axis] - placeAt(box.number)[axis]),
    );
  return { x: (off('x', 'right') + off('x', 'left')) / 2, y: (off('y', 'right') + off('y', 'left')) / 2 };
}

function lagOf(number: number, box: Place): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let step = -LATER * PARTS; step <= EARLIER * PARTS; step++) {
    const place = placeAt(number - step / PARTS);
    const distance = Math.hypot(place.x - box.x, place.y - box.y);
    if (distance < least) [least, best] = [distance, step / PARTS];
  }
  return best;
}

function isStraight(number: number): boolean {
  return legAt(number - CORNER) === legAt(number) && legAt(number + 1) === legAt(number);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
