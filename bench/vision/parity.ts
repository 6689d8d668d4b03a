import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findModel } from '../../models/catalogue.ts';
import { hasModel, resolve } from '../../test/peer/inference/look.ts';
import { type Comparison, compare } from '../../test/support/parity/compare.ts';
import { type Bar, meets, type Pair, SAME_PIXELS, WHOLE_PATH } from '../../test/support/parity/pairs.ts';
import { opencvVersion } from '../../test/support/parity/reference.ts';
import { film, photograph, type Sight } from '../../test/support/parity/sights.ts';
import { atLeast, atMost, type Figure, plain, report } from '../report.ts';
import { DEBIAN_FOLDER, findFilm } from './films.ts';

/** The models that OpenCV 4.6 can load: it knows neither the Clip of the MediaPipe models nor their PRelu. */
const models = ['yolox-nano', 'ultraface-rfb-320'];

/** Pictures that are looked at, and how many of the film lie between two of them. */
const films = [
  { file: 'asl_milk.mkv', count: 8, every: 8 },
  { file: 'asl_book.mkv', count: 8, every: 8 },
  { file: 'asl_help.mkv', count: 8, every: 8 },
  { file: 'vtest.avi', count: 30, every: 25 },
];

/**
 * The boxes of our path beside those of an implementation that shares nothing with it (OpenCV), on photographs and on
 * frames of films.
 */
export async function benchParity(): Promise<void> {
  const version = opencvVersion();
  const figures: Figure[] = [plain('reference', version ? `OpenCV ${version}` : 'left out: python3-opencv')];
  const details: Record<string, readonly Comparison[]> = {};
  for (const id of version ? models : []) {
    if (!(await hasModel(id))) {
      figures.push(plain(id, 'left out: its weights are not at hand'));
      continue;
    }
    const comparisons = await compare(await resolve(id), allSights);
    details[id] = comparisons;
    figures.push(plain(`${findModel(id).title}: pictures`, comparisons.length));
    for (const [label, of, bar] of ways) {
      figures.push(...wayFigures(`${id}, ${label}`, comparisons.flatMap(of), bar));
    }
  }
  report('parity', figures, details);
}

const ways: [label: string, of: (comparison: Comparison) => readonly Pair[], bar: Bar][] = [
  ['same pixels', ({ samePixels }) => samePixels, SAME_PIXELS],
  ['whole path', ({ wholePath }) => wholePath, WHOLE_PATH],
  ['whole path, scaled by sampling', ({ sampled }) => sampled, WHOLE_PATH],
];

function wayFigures(title: string, pairs: readonly Pair[], bar: Bar): Figure[] {
  const both = pairs.filter(({ ours, theirs }) => ours && theirs);
  const alike = pairs.filter((pair) => meets(pair, bar)).length;
  return [
    plain(`${title}: boxes of 0.4 or more`, pairs.length),
    plain(`${title}: found by one alone`, pairs.length - both.length),
    atLeast(`${title}: within the bar`, (alike / pairs.length) * 100, '%', 100),
    atLeast(`${title}: worst IoU`, Math.min(...both.map(({ iou }) => iou)) * 100, '%', bar.iou * 100),
    atMost(
      `${title}: worst score difference`,
      Math.max(...both.map(({ gap }) => gap)) * 100,
      '%',
      bar.gap * 100,
    ),
  ];
}

async function* allSights(folder: string): AsyncGenerator<Sight> {
  for (const name of await readdir(DEBIAN_FOLDER).catch(() => [])) {
    if (/\.(jpg|png)$/.test(name)) yield await photograph(name, join(DEBIAN_FOLDER, name));
  }
  for (const { file, count, every } of films) {
    const path = findFilm(file);
    if (path !== undefined) yield* film({ name: file, path, count, every, folder });
  }
}
