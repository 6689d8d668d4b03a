import type { CodedCamera } from './coded-camera.ts';
import type { WayFigures } from './way-figures.ts';

/** One way for the picture to come back. */
export interface Way {
  readonly figures: WayFigures;
  /** Shows the picture, or stops asking for it. */
  turn(on: boolean): Promise<void>;
  close(): void;
}

/** What each way is given. */
export interface WaySetup {
  readonly camera: CodedCamera;
  readonly sessionId: string;
  /** Where the server is. */
  readonly url: URL;
  readonly key: string | undefined;
}
