import { mean, quantile } from '../numbers.ts';
import { atLeast, atMost, type Figure, median, plain, report } from '../report.ts';
import { findFilm } from './films.ts';
import { measureTrackerCosts } from './tracking/costs.ts';
import { LagMeter } from './tracking/lag.ts';
import { type LiveOptions, playLive } from './tracking/live-path.ts';
import { type Fit, FitMeter, SwitchMeter } from './tracking/score.ts';
import { findTruth, type Truth } from './tracking/truth.ts';

/** Of Debian's package opencv-doc: a street with five to seven people and parked cars. */
const street = { name: 'street', file: 'vtest.avi', width: 768, height: 576, rate: 10 };
const webcams = ['milk', 'book', 'help'].map((name) => {
  return { name, file: `asl_${name}.mkv`, width: 640, height: 480, rate: 30 };
});

/** Ways to play a film. */
interface Case extends LiveOptions {
  /** Whether the overlap has a bound. */
  readonly bound: boolean;
}
/** At 10 frames a second every delay up to 100 ms means the frame after. */
const streetCases: Case[] = [
  { inferences: 10, delay: 0.1, bound: true },
  { inferences: 5, delay: 0.1, bound: false },
  { inferences: 10, delay: 0.06, speed: 3, bound: false },
  { inferences: 10, delay: 0.1, speed: 3, bound: false },
];
const webcamCases: Case[] = [
  { inferences: 10, delay: 0.06, bound: true },
  { inferences: 10, delay: 0.1, bound: true },
];

/**
 * Boxes that the tracker carries to each frame of a film, beside those that the model finds in that very frame: how well
 * they fit, how late they are, and whether ids stay. Beside them the boxes of the newest result, left where they were.
 */
export async function benchTracking(): Promise<void> {
  const figures: Figure[] = [];
  for (const { file, ...film } of [street, ...webcams]) {
    const path = findFilm(file);
    if (path === undefined) {
      figures.push(plain(film.name, `left out: ${file} is not at hand`));
      continue;
    }
    const truth = await findTruth({ ...film, path });
    const cases = film.name === street.name ? streetCases : webcamCases;
    figures.push(...truthFigures(truth), ...cases.flatMap((way) => caseFigures(truth, way)));
  }
  report('tracking', [...figures, ...costFigures()]);
}

function truthFigures({ film, frames, identities }: Truth): Figure[] {
  return [
    plain(`${film.name}: objects in ${frames.length} frames`, identities.size),
    plain(`${film.name}: things, associated with the whole film at hand`, new Set(identities.values()).size),
  ];
}

function caseFigures(truth: Truth, way: Case): Figure[] {
  const { name, rate } = truth.film;
  const { inferences, delay, speed = 1, bound } = way;
  const { carried, held, people, heldPeople, switches, lengths, lag, heldLag } = measure(truth, way);
  const title = `${name}${speed === 1 ? '' : ` × ${speed}`}, ${inferences}/s, ${delay * 1000} ms`;
  const fits = (label: string, fit: Fit) => plain(`${title}: ${label}`, fitInWords(fit));
  const overlap = `${title}: mean IoU of the carried boxes`;
  return [
    bound ? atLeast(overlap, carried.iou * 100, '%', 85) : plain(overlap, carried.iou * 100, '%'),
    fits('carried', carried),
    fits('held', held),
    ...(name === street.name
      ? [fits('carried, people alone', people), fits('held, people alone', heldPeople)]
      : []),
    plain(`${title}: id switches`, switches),
    plain(`${title}: tracks`, lengths.length),
    plain(`${title}: mean length of a track`, mean(lengths) / (rate * speed), 's'),
    ...(lag.length === 0
      ? []
      : [
          atMost(`${title}: lag on fast things, median`, median(lag), 'frames', 1),
          plain(`${title}: lag on fast things, p95`, quantile(lag, 0.95), 'frames'),
          plain(`${title}: lag of held boxes, median`, median(heldLag), 'frames'),
        ]),
  ];
}

function fitInWords({ iou, missed, extra }: Fit): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  return `IoU ${percent(iou)}, missed ${percent(missed)}, extra ${percent(extra)}`;
}

function measure(truth: Truth, way: LiveOptions) {
  const fits = { carried: new FitMeter(), held: new FitMeter() };
  const ofPeople = { carried: new FitMeter(), held: new FitMeter() };
  const lags = { carried: new LagMeter(truth), held: new LagMeter(truth) };
  const switches = new SwitchMeter();
  for (const [index, frame] of [...playLive(truth, way)].entries()) {
    for (const kind of ['carried', 'held'] as const) {
      fits[kind].add(frame[kind], frame.sure, frame.all);
      const [boxes, sure, all] = [frame[kind], frame.sure, frame.all].map((objects) =>
        objects.filter(({ label }) => label === 'person'),
      );
      ofPeople[kind].add(boxes ?? [], sure ?? [], all ?? []);
    }
    switches.add(frame.carried, frame.sure, truth.identities);
    for (const object of frame.carried)
      lags.carried.add(index, object, frame.identityOf.get(object.trackId ?? 0));
    for (const object of frame.held) lags.held.add(index, object, truth.identities.get(object));
  }
  return {
    carried: fits.carried.fit,
    held: fits.held.fit,
    people: ofPeople.carried.fit,
    heldPeople: ofPeople.held.fit,
    switches: switches.switches,
    lengths: switches.lengths,
    lag: lags.carried.frames,
    heldLag: lags.held.frames,
  };
}

function costFigures(): Figure[] {
  const few = measureTrackerCosts(20);
  const many = measureTrackerCosts(100);
  return [
    atMost('cost of a result with 20 objects', few.update, 'ms', 0.3),
    atMost('cost of carrying 20 objects to a frame', few.at, 'ms', 0.05),
    plain('cost of a result with 100 objects', many.update, 'ms'),
    plain('cost of carrying 100 objects to a frame', many.at, 'ms'),
  ];
}
