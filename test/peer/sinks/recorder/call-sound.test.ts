import { describe, expect, it } from 'vitest';
import type { SenderReportClock } from '../../../../peer/rtp/clock-mapper.ts';
import { CallSound } from '../../../../peer/sinks/recorder/call-sound.ts';
import type { TimedSound } from '../../../../peer/sinks/recorder/session-sound.ts';
import type { SoundPacket } from '../../../../peer/transport/sound-feed.ts';

const PACKET = Uint8Array.of(0xf8, 1);
const SECOND = 1n << 32n;

/** A microphone and a camera, and what their reports say. */
function call({ sound, picture }: { sound?: SenderReportClock; picture?: SenderReportClock } = {}) {
  const heard: TimedSound[] = [];
  const clocks = { sound, picture };
  let hand: (packet: SoundPacket) => void = () => {};
  const callSound = new CallSound({
    sound: {
      clock: { at: () => clocks.sound },
      listen: (listener) => {
        hand = listener;
        return () => {};
      },
    },
    pictureClock: { at: () => clocks.picture },
  });
  callSound.listen((packet) => heard.push(packet));
  const say = (timestamp: number) => hand({ payload: PACKET, timestamp, marker: false });
  const show = (timestamp: number, arrivedAt: number) =>
    callSound.onPicture({ timestamp, arrivedAt, decodedAt: arrivedAt, encodeMs: undefined });
  return { heard, say, show, clocks };
}

describe('CallSound', () => {
  it('hands on nothing before there is a picture', () => {
    const { heard, say } = call();
    say(0);
    expect(heard).toEqual([]);
  });

  it('puts sound where the reports of both streams have it, across the wrap of both clocks', () => {
    const picture = { ntpTimestamp: 100n * SECOND, rtpTimestamp: 0xffff_ff00 };
    const sound = { ntpTimestamp: 101n * SECOND, rtpTimestamp: 0xffff_fc40 };
    const { heard, say, show } = call({ sound, picture });
    show(0xffff_ff00, performance.now() - 1000);
    for (let n = 0; n < 4; n++) say((0xffff_fc40 + n * 960) >>> 0);
    const expected = [0, 1, 2, 3].map((n) => (0xffff_ff00 + 90_000 + n * 1800) >>> 0);
    expect(heard.map(({ timestamp }) => timestamp)).toEqual(expected);
    expect(heard[0]).toMatchObject({ data: PACKET, durationSeconds: 0.02 });
  });

  it('takes the times of arrival before there are reports', () => {
    const { heard, say, show } = call();
    const before = performance.now();
    show(90_000, before - 100);
    say(7);
    const after = performance.now();
    const ticks = (heard[0]?.timestamp ?? 0) - 90_000;
    expect(ticks).toBeGreaterThanOrEqual(100 * 90 - 1);
    expect(ticks).toBeLessThanOrEqual((after - before + 100) * 90 + 1);
  });

  it('does not believe reports that are seconds from when the packets came', () => {
    const picture = { ntpTimestamp: 100n * SECOND, rtpTimestamp: 90_000 };
    const sound = { ntpTimestamp: 900n * SECOND, rtpTimestamp: 0 };
    const { heard, say, show } = call({ sound, picture });
    show(90_000, performance.now());
    say(0);
    expect(Math.abs((heard[0]?.timestamp ?? 0) - 90_000)).toBeLessThan(90_000);
  });
});
