import { blurBackground, replaceBackground } from '../peer/vision/effects/background.ts';
import { Privacy } from '../peer/vision/effects/privacy.ts';
import type { Mask } from '../peer/vision/found.ts';
import type { I420Picture } from '../peer/vision/i420.ts';
import { drawFound, type Overlay } from '../peer/vision/overlay.ts';
import type { DetectedObject, Keypoint } from '../protocol/detections.ts';
import { atMost, plain, report } from './report.ts';

const width = 1280;
const height = 720;
const rounds = 60;
const turns = 10;

/** Milliseconds of drawing and of effects on one picture of 1280 × 720. */
export async function benchDrawing(): Promise<void> {
  const person = personMask();
  const backdrop = newPicture(width, height);
  const privacy = new Privacy({ effect: { kind: 'blur-faces' }, maxAgeTicks: 22_500, growth: 0.25 });
  privacy.update(
    [0.1, 0.4, 0.7].map((x) => ({ x, y: 0.3, width: 0.12, height: 0.28 })),
    0,
  );
  report('drawing', [
    atMost('20 boxes with labels', measure(draw(() => ({ objects: boxes(1, 0) }))), 'ms', 1),
    atMost('20 boxes, each score another', measure(draw((turn) => ({ objects: boxes(turn, 0) }))), 'ms', 1),
    atMost(
      '20 boxes, each id and score new',
      measure(draw((turn) => ({ objects: boxes(turn, turn * 20) }))),
      'ms',
      1,
    ),
    plain('4 poses of 17 points', measure(draw(() => ({ objects: withPoints(4, 17) }))), 'ms'),
    plain('4 hands of 21 points', measure(draw(() => ({ objects: withPoints(4, 21) }))), 'ms'),
    plain('1 face mesh of 468 points', measure(draw(() => ({ objects: withPoints(1, 468) }))), 'ms'),
    plain('tint of a person mask', measure(draw(() => ({ objects: [], mask: person }))), 'ms'),
    plain('4 zones with labels', measure(draw(() => ({ objects: [], zones: zones() }))), 'ms'),
    atMost(
      'background blurred, radius 36',
      measure((picture) => blurBackground(picture, person, 36)),
      'ms',
      4,
    ),
    atMost(
      'background blurred, radius 12',
      measure((picture) => blurBackground(picture, person, 12)),
      'ms',
      4,
    ),
    plain(
      'background replaced by a picture',
      measure((picture) => replaceBackground(picture, person, backdrop)),
      'ms',
    ),
    plain(
      '3 faces blurred',
      measure((picture) => privacy.apply(picture, 0)),
      'ms',
    ),
    plain(
      'whole picture blurred',
      measure((picture) => privacy.apply(picture, 1_000_000)),
      'ms',
    ),
  ]);
}

function draw(overlay: (turn: number) => Overlay): (picture: I420Picture, turn: number) => void {
  return (picture, turn) => drawFound(picture, overlay(turn));
}

/** Milliseconds for a turn: the least of some rounds, for what else runs on the machine only adds. */
function measure(work: (picture: I420Picture, turn: number) => void): number {
  const picture = newPicture(width, height);
  const costs: number[] = [];
  for (let round = -20; round < rounds; round++) {
    const started = performance.now();
    for (let turn = 0; turn < turns; turn++) work(picture, round * turns + turn);
    if (round >= 0) costs.push((performance.now() - started) / turns);
  }
  return Math.min(...costs);
}

function newPicture(columns: number, rows: number): I420Picture {
  const plane = (length: number) => Uint8Array.from({ length }, (_, at) => 16 + ((at * 89) % 219));
  const chroma = (columns / 2) * (rows / 2);
  return {
    width: columns,
    height: rows,
    planes: [plane(columns * rows), plane(chroma), plane(chroma)],
    strides: [columns, columns / 2, columns / 2],
  };
}

function boxes(turn: number, firstId: number): DetectedObject[] {
  return Array.from({ length: 20 }, (_, at) => ({
    label: ['person', 'car', 'bicycle', 'dog', 'chair'][at % 5] ?? '',
    classId: at % 5,
    score: (Math.abs(turn * 7 + at * 13) % 100) / 100,
    trackId: Math.abs(firstId) + at + 1,
    box: { x: (at % 5) / 5 + 0.01, y: Math.floor(at / 5) / 4 + 0.06, width: 0.15, height: 0.18 },
  }));
}

/** Objects as tall as half the picture whose points lie on spirals, so that lines have every direction. */
function withPoints(objects: number, points: number): DetectedObject[] {
  return Array.from({ length: objects }, (_, object) => {
    const middle = (object + 0.5) / objects;
    const keypoints = Array.from({ length: points }, (_, at): Keypoint => {
      const away = 0.05 + (0.2 * at) / points;
      return { x: middle + (Math.cos(at) * away * height) / width, y: 0.5 + Math.sin(at) * away, score: 0.9 };
    });
    const box = { x: middle - 0.1, y: 0.25, width: 0.2, height: 0.5 };
    return { label: 'person', classId: 0, score: 0.9, trackId: object + 1, box, keypoints };
  });
}

function zones() {
  return [0, 1, 2, 3].map((at) => {
    const [left, right] = [at / 4 + 0.02, at / 4 + 0.22];
    const points = [
      { x: left, y: 0.2 },
      { x: right, y: 0.3 },
      { x: right, y: 0.8 },
      { x: left, y: 0.7 },
    ];
    return { name: `zone ${at}`, count: at, points };
  });
}

/** Head and shoulders in the resolution of a common segmenter, soft at the edge. */
function personMask(): Mask {
  const size = 256;
  const data = Uint8Array.from({ length: size * size }, (_, at) => {
    const [x, y] = [(at % size) / size - 0.5, Math.floor(at / size) / size];
    const head = 0.15 - Math.hypot(x, (y - 0.35) * 0.7);
    const body = 0.32 - Math.hypot(x, y - 0.95);
    return Math.min(255, Math.max(0, 128 + Math.max(head, body) * 8000));
  });
  return { width: size, height: size, data };
}
