import type { AccessUnit, IncomingCodec } from '../rtp/packet.ts';
import type { ReportClock } from '../transport/relayed-clock.ts';

/** A camera's own pictures as they came, whole coded frames, for those beside the caller that are to see them. */
export interface CameraFeed {
  readonly mid: string;
  readonly codec: IncomingCodec;
  /** On which its timestamps are told to those who watch. */
  readonly clock: ReportClock;
  /** Hands on each frame as it comes, to be read only. @returns ends it */
  addSink(sink: (unit: AccessUnit) => void): () => void;
  /** Asks the camera for a key frame, now. */
  requestKeyframe(): void;
}
