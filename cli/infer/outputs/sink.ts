import type { Known } from '../../../peer/pipeline/task-overlay.ts';
import type { Shot, Sound } from '../inputs/pictures.ts';

/** One picture with what is known of it. */
export interface View {
  readonly shot: Shot;
  readonly known: Known;
  /** Whether the model looked at this very picture. */
  readonly looked: boolean;
}

/** Where results go. Calls come one after the other. */
export interface Sink {
  /** Whether it shows pictures: then results are drawn into them. */
  readonly shows: boolean;
  /** The frame is valid until this resolves. @throws SightlineError `output-failed` */
  take(view: View): Promise<void>;
  /** Takes sound, where it takes some. */
  hear?(sound: Sound): Promise<void>;
  /** Ends what was begun. @throws SightlineError `output-failed` */
  finish(): Promise<void>;
  /** Idempotent. Frees everything, whether it was finished or not. */
  close(): Promise<void>;
}
