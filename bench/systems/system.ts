import type { SessionDescription } from '../../protocol/session.ts';

/** What takes a camera track and sends it back decoded and encoded anew. */
export interface System {
  /** Short, unique in a run. */
  readonly name: string;
  /** In words, for tables and plots. */
  readonly label: string;
  /** MIME subtype that is offered to it. */
  readonly codec: string;
  /** The process whose cost is its cost; undefined where it cannot be told from the measuring browser's. */
  readonly pid: number | undefined;
  answer(offer: RTCSessionDescriptionInit, maxBitrate: number): Promise<RTCSessionDescriptionInit>;
  /** What the server says of the call, where it says anything. */
  describe(): Promise<SessionDescription | undefined>;
  /** Milliseconds, of the last second, where the server tells. */
  eventLoopDelayP99(): Promise<number | undefined>;
  hangUp(): Promise<void>;
  close(): Promise<void>;
}
