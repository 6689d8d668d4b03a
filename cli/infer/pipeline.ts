import { MediaQueue } from '../../peer/codec/media-queue.ts';
import type { InferenceResult } from '../../peer/inference/frame-job.ts';
import type { Known } from '../../peer/pipeline/task-overlay.ts';
import { drawFound } from '../../peer/vision/overlay.ts';
import type { Task } from '../../protocol/tasks.ts';
import type { Follower } from './follower.ts';
import type { Pictures, Refused, Shot, Sound } from './inputs/pictures.ts';
import type { Looker } from './looker.ts';
import type { Sink, View } from './outputs/sink.ts';

/** Pictures that are drawn on and wait to be written. */
const COMPOSED = 3;

export interface PipelineOptions {
  readonly pictures: Pictures;
  readonly looker: Looker;
  readonly follower: Follower;
  readonly task: Task;
  readonly every: number;
  readonly sinks: readonly Sink[];
  /** Pictures that wait for their result: as many as the workers hold, and some. */
  readonly ahead: number;
  /** Told of each picture before it is written. */
  readonly onView: (view: View) => void;
  readonly onRefused: (refused: Refused) => void;
}

type Looked =
  | Sound
  | Refused
  | { readonly type: 'looked'; readonly shot: Shot; readonly result: Promise<InferenceResult> | undefined };
type Composed = Sound | { readonly type: 'view'; readonly view: View };

/**
 * Read and look → draw → write, each step a loop of its own: while the model looks at one picture the next are decoded
 * and the ones before are drawn on and encoded. Each hand-over is bounded and waits, so that no picture is left out.
 * What fails at one end ends the other, after the pictures that are on their way.
 */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #looked: MediaQueue<Looked>;
  readonly #composed: MediaQueue<Composed>;
  readonly #shows: boolean;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#looked = new MediaQueue(options.ahead, (item) => item.type === 'looked' && item.shot.frame.close());
    this.#composed = new MediaQueue(COMPOSED, (item) => item.type === 'view' && item.view.shot.frame.close());
    this.#shows = options.sinks.some(({ shows }) => shows);
  }

  /** Resolves when all is written. @throws SightlineError: the first error, in the order of the data */
  async run(): Promise<void> {
    const stages = [this.#look(), this.#compose(), this.#write()];
    try {
      await stages.at(-1);
    } finally {
      this.#composed.close();
      this.#looked.close();
      await this.#options.pictures.close();
      await Promise.all(stages.slice(0, -1));
    }
  }

  /** Never rejects: what goes wrong is for the next step, after the pictures before it. */
  async #look(): Promise<void> {
    const { pictures, looker, follower, every } = this.#options;
    try {
      for await (const item of pictures.items()) {
        if (item.type !== 'shot') {
          if (!(await this.#looked.put(item))) return;
          continue;
        }
        const isDue = item.index % every === 0;
        const { result } = isDue ? await looker.look(item.frame, follower.threshold) : { result: undefined };
        if (!(await this.#looked.put({ type: 'looked', shot: item, result }))) return;
      }
      this.#looked.end();
    } catch (error) {
      this.#looked.fail(error);
    }
  }

  /** Never rejects, likewise. */
  async #compose(): Promise<void> {
    const { onRefused } = this.#options;
    try {
      for await (const item of this.#looked) {
        if (item.type === 'refused') onRefused(item);
        else if (item.type === 'audio') await this.#composed.put(item);
        else await this.#composed.put({ type: 'view', view: await this.#viewOf(item.shot, item.result) });
      }
      this.#composed.end();
    } catch (error) {
      this.#composed.fail(error);
      this.#looked.close();
    }
  }

  async #viewOf(shot: Shot, result: Promise<InferenceResult> | undefined): Promise<View> {
    const { follower, onView } = this.#options;
    const { frame } = shot;
    try {
      const found = await result;
      const known = found ? follower.update(frame, found) : follower.at(frame);
      const view = { shot, known, looked: found !== undefined };
      if (this.#shows) this.#draw(shot, known);
      onView(view);
      return view;
    } catch (error) {
      frame.close();
      throw error;
    }
  }

  #draw({ frame }: Shot, { objects, mask }: Known): void {
    if (objects.length === 0 && mask === undefined) return;
    frame.makeWritable();
    const isOfFrame = this.#options.task === 'classify';
    drawFound(frame.picture, {
      objects: isOfFrame ? [] : objects,
      ...(isOfFrame && { classes: objects }),
      ...(mask && { mask }),
    });
  }

  async #write(): Promise<void> {
    const { sinks } = this.#options;
    for await (const item of this.#composed) {
      if (item.type === 'audio') {
        for (const sink of sinks) await sink.hear?.(item);
        continue;
      }
      using _frame = item.view.shot.frame;
      for (const sink of sinks) await sink.take(item.view);
    }
  }
}
