import { toRuns } from '../../../peer/vision/mask-runs.ts';
import type { FilmDetections } from '../../../protocol/film-detections.ts';
import { ByteOutput } from './byte-output.ts';
import type { Sink, View } from './sink.ts';

/** What each line says beside its picture. */
export interface LinesOf {
  readonly task: string;
  readonly model: string;
}

/** The results as JSON, a line for each picture that was looked at. */
export class Lines implements Sink {
  readonly shows = false;
  readonly #output: ByteOutput;
  readonly #of: LinesOf;

  private constructor(output: ByteOutput, of: LinesOf) {
    this.#output = output;
    this.#of = of;
  }

  static async open(path: string, of: LinesOf): Promise<Lines> {
    return new Lines(await ByteOutput.open(path), of);
  }

  async take({ shot, known, looked }: View): Promise<void> {
    if (!looked) return;
    const { width, height } = shot.frame;
    const line: FilmDetections = {
      type: 'detections',
      v: 1,
      ...(shot.file !== undefined && { file: shot.file }),
      frame: shot.index,
      time: Math.round(shot.seconds * 1e6) / 1e6,
      width,
      height,
      ...this.#of,
      objects: [...known.objects],
      ...(known.mask && { mask: toRuns(known.mask) }),
    };
    await this.#output.write(`${JSON.stringify(line)}\n`);
  }

  async finish(): Promise<void> {
    await this.#output.close();
  }

  close(): Promise<void> {
    return this.#output.close();
  }
}
