import type { AudioFormat, AudioPacket } from '../../../peer/codec/media-audio.ts';
import type { VideoFrame } from '../../../peer/codec/video-frame.ts';
import type { SightlineError } from '../../../protocol/errors.ts';

/** One picture on its way; whoever holds it closes its frame. */
export interface Shot {
  readonly type: 'shot';
  readonly frame: VideoFrame;
  /** Counts from 0. */
  readonly index: number;
  /** From the start of the film; 0 for a still picture. */
  readonly seconds: number;
  /** Name of the file, where there are several. */
  readonly file?: string;
}

/** A file of several that is no picture. */
export interface Refused {
  readonly type: 'refused';
  readonly file: string;
  readonly error: SightlineError;
}

export type Sound = { readonly type: 'audio' } & AudioPacket;

/** What is looked at, picture by picture. */
export interface Pictures extends AsyncDisposable {
  /** `film`: pictures of one scene, one after the other. `still`: one picture. `album`: pictures without a connection. */
  readonly kind: 'film' | 'still' | 'album';
  readonly label: string;
  /** How many there will be, where that is known; for a film not exactly. */
  readonly count: number | undefined;
  readonly frameRate: number | undefined;
  readonly audio: AudioFormat | undefined;
  /** @throws SightlineError */
  items(): AsyncGenerator<Shot | Sound | Refused, void, undefined>;
  /** Idempotent. Ends `items()` with the picture in work. */
  close(): Promise<void>;
}
