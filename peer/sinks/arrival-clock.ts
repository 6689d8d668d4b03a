import type { VideoFrame } from '../codec/video-frame.ts';
import type { FrameRecord } from '../pipeline/frame-record.ts';
import type { FrameSink, Scene } from '../pipeline/scene.ts';
import type { SenderReportClock } from '../rtp/clock-mapper.ts';
import { OutgoingClock } from '../rtp/outgoing-clock.ts';
import type { ReportClock } from '../transport/relayed-clock.ts';

/** The clock of a picture whose sender tells none: its frames were captured when they arrived. */
export class ArrivalClock implements ReportClock, FrameSink {
  readonly #clock = new OutgoingClock({ clockRate: 90_000, graceMs: 0 });
  readonly #unhook: () => void;

  constructor(scene: Scene) {
    this.#unhook = scene.addSink(this);
  }

  push(frame: VideoFrame, { timestamp, arrivedAt }: FrameRecord): void {
    frame.close();
    this.#clock.onPacket(timestamp, arrivedAt);
  }

  at(nowMs: number, unixMs: number): SenderReportClock | undefined {
    return this.#clock.at(nowMs, unixMs);
  }

  close(): void {
    this.#unhook();
  }
}
