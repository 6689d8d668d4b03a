import type { DetectedObject } from '../../protocol/detections.ts';
import type { Refused } from './inputs/pictures.ts';
import type { View } from './outputs/sink.ts';

/** What the whole run has come to. */
export interface Summary {
  readonly input: string;
  readonly task: string;
  readonly model: string;
  /** Pictures, and those of them that were looked at. */
  readonly frames: number;
  readonly looked: number;
  /** Pictures of a folder that could not be read. */
  readonly refused: readonly { readonly file: string; readonly code: string; readonly message: string }[];
  /** Objects by label, over all pictures that were looked at. */
  readonly objects: Readonly<Record<string, number>>;
  /** How many different things were followed. */
  readonly tracks: number;
  /** From the first picture to the end of the last file. */
  readonly seconds: number;
  readonly interrupted: boolean;
}

/** Counts what goes by. */
export class Tally {
  #frames = 0;
  #looked = 0;
  readonly #objects = new Map<string, number>();
  readonly #tracks = new Set<number>();
  readonly #refused: Summary['refused'][number][] = [];
  #last: readonly DetectedObject[] = [];

  get frames(): number {
    return this.#frames;
  }

  get refused(): number {
    return this.#refused.length;
  }

  /** Of the newest picture. */
  get last(): readonly DetectedObject[] {
    return this.#last;
  }

  add({ looked, known: { objects } }: View): void {
    this.#frames += 1;
    if (!looked) return;
    this.#looked += 1;
    this.#last = objects;
    for (const { label, trackId } of objects) {
      this.#objects.set(label, (this.#objects.get(label) ?? 0) + 1);
      if (trackId !== undefined) this.#tracks.add(trackId);
    }
  }

  refuse({ file, error: { code, message } }: Refused): void {
    this.#refused.push({ file, code, message });
  }

  summary(of: Pick<Summary, 'input' | 'task' | 'model' | 'seconds' | 'interrupted'>): Summary {
    const byCount = [...this.#objects].sort(([, one], [, other]) => other - one);
    return {
      ...of,
      frames: this.#frames,
      looked: this.#looked,
      refused: this.#refused,
      objects: Object.fromEntries(byCount),
      tracks: this.#tracks.size,
    };
  }
}

/** For a person, with its line feed. @param last the objects of a picture that stands alone */
export function summaryInWords(summary: Summary, last: readonly DetectedObject[] | undefined): string {
  const { input, frames, looked, objects, tracks, seconds, model } = summary;
  const counts = Object.entries(objects).map(([label, count]) => `${label} ${count}`);
  const found = counts.length === 0 ? 'nothing found' : counts.join(', ');
  const followed = tracks === 0 ? '' : ` (${tracks} followed)`;
  const pictures = frames === 1 ? '1 picture' : `${frames} pictures`;
  const part = looked === frames ? '' : `, ${looked} of them looked at`;
  const speed = frames > 1 && seconds > 0 ? `, ${(frames / seconds).toFixed(1)}/s` : '';
  const head = `${input}: ${pictures}${part}${speed}, ${model}: ${found}${followed}\n`;
  return head + (last ?? []).map(inWords).join('');
}

function inWords({ label, score, box, text }: DetectedObject): string {
  const [x, y, width, height] = [box.x, box.y, box.width, box.height].map((side) => side.toFixed(3));
  return `  ${text ?? label} ${Math.round(score * 100)}% at ${x},${y} ${width}×${height}\n`;
}
