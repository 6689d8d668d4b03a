import { type Region, toPicture } from '../region.ts';
import { around } from './around.ts';
import { type Component, components } from './components.ts';
import { type Head, readOutput } from './head.ts';
import { smallestRectangle } from './smallest-rectangle.ts';

/** A pixel more likely than this belongs to a line of text. */
const TEXT = 0.3;
/** Smaller groups are specks. */
const LEAST_PIXELS = 12;
/** The network marks lines shrunk by area × (1 - 0.4²) / perimeter; this undoes it. */
const UNCLIP = 1.6;
/** No more lines are reported of one frame. */
const MOST_LINES = 100;

/** The corners of a rectangle in its own measure: top left, top right, bottom right, bottom left. */
const unitCorners = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];
const unit = { scaledWidth: 1, scaledHeight: 1, scaleX: 1, scaleY: 1 };

/**
 * A text detector by differentiable binarization: float32 [1, 1, height, width], how likely each pixel belongs to the
 * middle of a line of text. Gives a candidate for each line, its keypoints being the four corners, the top left first.
 * Source: Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", 2020.
 */
export const textAreas: Head = (outputs, spec, tally = { malformed: 0 }) => {
  const { width, height } = spec.input;
  const { data } = readOutput(outputs, spec, [1, 1, height, width]);
  if (!data.every(Number.isFinite)) {
    tally.malformed++;
    return [];
  }
  return components(data, width, height, TEXT)
    .filter((component) => component.pixels >= LEAST_PIXELS && scoreOf(component) >= spec.threshold)
    .sort((a, b) => scoreOf(b) - scoreOf(a))
    .slice(0, MOST_LINES)
    .map((component) => {
      const area = unclip(smallestRectangle(component.outline));
      const keypoints = unitCorners.map((corner) => toPicture(corner, area, unit));
      return { box: around(keypoints), classId: 0, score: scoreOf(component), keypoints };
    });
};

function scoreOf({ sum, pixels }: Component): number {
  return sum / pixels;
}

function unclip(area: Region): Region {
  const { width, height } = area;
  const margin = (UNCLIP * width * height) / (2 * (width + height));
  return { ...area, width: width + 2 * margin, height: height + 2 * margin };
}
