import type { ControlNotice } from '../../protocol/control.ts';
import type { Detections } from '../../protocol/detections.ts';
import type { SceneEvent } from '../../protocol/events.ts';
import type { CurrentSettings } from '../../protocol/session.ts';
import type { CallError } from './call-error.ts';

/**
 * `connecting`: answered, the video path is being found. `connected`: video flows. `reconnecting`: the path was
 * interrupted and may come back by itself. `failed` and `closed` are final.
 */
type CallState = 'connecting' | 'connected' | 'reconnecting' | 'failed' | 'closed';

/** A video track that came back, with what is seen drawn on it. */
export interface AnnotatedTrack {
  /** Holds the one track; to be given to `video.srcObject`. */
  stream: MediaStream;
  track: MediaStreamTrack;
  /** The media section; names the track in {@link Detections}. */
  mid: string;
}

/** How a call stands, and why, in words. */
export interface CallStanding {
  state: CallState;
  reason: string;
  /** Set where the state is `failed`. */
  error?: CallError;
}

/** What a call tells, each fact once. */
export interface CallEvents {
  /** Once for each camera track. */
  track: [AnnotatedTrack];
  /** One result of one frame. */
  detections: [Detections];
  /** Something that happened in front of the camera; after the `detections` that it came with. */
  event: [SceneEvent];
  /** The settings as the server has them from now on: a change was taken. */
  settings: [CurrentSettings];
  /** The server says something unasked, such as that a model fails. */
  notice: [ControlNotice];
  state: [CallStanding];
  /** Last of all, once: the call is over and everything of it released. */
  close: [CallStanding];
}
