import { describe, expect, it } from 'vitest';
import { callStats } from '../../../client/sdk/call-stats.ts';
import { type StatsEntry, statsSample } from '../../../client/sdk/stats-sample.ts';

const report = (out: Partial<StatsEntry> = {}, back: Partial<StatsEntry> = {}): StatsEntry[] => [
  { id: 'T', type: 'transport', selectedCandidatePairId: 'P2' },
  { id: 'P1', type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.9 },
  { id: 'P2', type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.004 },
  { id: 'C1', type: 'codec', mimeType: 'video/H264' },
  { id: 'C2', type: 'codec', mimeType: 'video/VP8' },
  { id: 'A', type: 'outbound-rtp', kind: 'audio', bytesSent: 999_999 },
  { id: 'O', type: 'outbound-rtp', kind: 'video', codecId: 'C1', frameWidth: 640, frameHeight: 480, ...out },
  { id: 'I', type: 'inbound-rtp', kind: 'video', codecId: 'C2', frameWidth: 320, frameHeight: 240, ...back },
];

describe('statsSample()', () => {
  it('reads the codec and size of each direction, and leaves audio out', () => {
    const sample = statsSample(report({ bytesSent: 5 }), 0);
    expect(sample.out).toMatchObject({ codec: 'H264', width: 640, height: 480, bytes: 5, tracks: 1 });
    expect(sample.in).toMatchObject({ codec: 'VP8', width: 320, height: 240 });
  });

  it('takes the round trip of the selected pair, not of another nominated one', () => {
    expect(statsSample(report(), 0).roundTripMs).toBe(4);
  });

  it('falls back on the receiver reports for the round trip', () => {
    const remote: StatsEntry = { id: 'R', type: 'remote-inbound-rtp', kind: 'video', roundTripTime: 0.05 };
    expect(statsSample([remote], 0).roundTripMs).toBe(50);
  });

  it('is empty for an empty report', () => {
    const sample = statsSample([], 0);
    expect(sample).toMatchObject({
      roundTripMs: null,
      qualityLimitation: null,
      in: { codec: null, width: 0, frames: 0 },
    });
  });
});

describe('callStats()', () => {
  it('has no rates at the first look', () => {
    const stats = callStats(null, statsSample(report({ framesSent: 300, bytesSent: 1_000_000 }), 5_000));
    expect(stats).toMatchObject({ overMs: 0, out: { fps: 0, kbitPerSecond: 0, codec: 'H264' } });
  });

  it('takes frames and kilobits a second over the time between two looks', () => {
    const before = statsSample(
      report({ framesSent: 100, bytesSent: 50_000 }, { framesDecoded: 90, bytesReceived: 0 }),
      1_000,
    );
    const now = statsSample(
      report(
        { framesSent: 160, bytesSent: 425_000, qualityLimitationReason: 'cpu' },
        { framesDecoded: 140, bytesReceived: 250_000 },
      ),
      3_000,
    );
    const stats = callStats(before, now);
    expect(stats.out).toMatchObject({ fps: 30, kbitPerSecond: 1_500 });
    expect(stats.in).toMatchObject({ fps: 25, kbitPerSecond: 1_000 });
    expect(stats).toMatchObject({ overMs: 2_000, qualityLimitation: 'cpu' });
  });

  it('takes loss and buffering from what came since the last look', () => {
    const before = statsSample(
      report(
        {},
        { packetsReceived: 1_000, packetsLost: 500, jitterBufferDelay: 40, jitterBufferEmittedCount: 100 },
      ),
      0,
    );
    const now = statsSample(
      report(
        {},
        { packetsReceived: 1_090, packetsLost: 510, jitterBufferDelay: 42, jitterBufferEmittedCount: 140 },
      ),
      1_000,
    );
    const stats = callStats(before, now);
    expect(stats.lossIn).toBeCloseTo(0.1);
    expect(stats.bufferedMs).toBeCloseTo(50);
  });

  it('knows no buffering where no frame came', () => {
    expect(callStats(null, statsSample(report(), 0)).bufferedMs).toBeNull();
  });

  it('is never negative where a counter starts again', () => {
    const before = statsSample(report({ framesSent: 900, bytesSent: 9_000 }), 0);
    const stats = callStats(before, statsSample(report({ framesSent: 1, bytesSent: 10 }), 1_000));
    expect(stats.out).toMatchObject({ fps: 0, kbitPerSecond: 0 });
  });

  it('takes the mean of the frames and the sum of the bytes over two tracks', () => {
    const two = (frames: number, bytes: number): StatsEntry[] =>
      ['O1', 'O2'].map((id) => ({
        id,
        type: 'outbound-rtp',
        kind: 'video',
        framesSent: frames,
        bytesSent: bytes,
      }));
    const stats = callStats(statsSample(two(0, 0), 0), statsSample(two(30, 125), 1_000));
    expect(stats.out).toMatchObject({ fps: 30, kbitPerSecond: 2 });
  });
});
