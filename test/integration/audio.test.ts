import { parse } from 'sdp-transform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usePCMU } from 'werift';
import { AvClient, type AvClientOptions } from '../support/av-client.ts';
import { eventually } from '../support/eventually.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

describe('sound beside the picture', () => {
  let sightline: Sightline;
  beforeAll(async () => {
    sightline = await startSightline();
  });
  afterAll(() => sightline.close());

  it('comes back untouched and in order, held back by what the picture takes', async () => {
    const client = await AvClient.dial(sightline.url);
    await Promise.all([client.speak(250), client.film(150)]);
    await expect.poll(() => client.audio.length).toBe(250);

    expect(client.audio.map(({ header: { timestamp } }) => timestamp)).toEqual([...client.audioSent.keys()]);
    expect(client.audio.map(({ payload }) => payload[1])).toEqual(client.audio.map((_, i) => i & 0xff));
    const soundTook = took(client.audio.slice(-150), client.audioSent);
    const pictureTook = took(client.video.slice(-client.video.length / 2), client.videoSent);
    expect(median(soundTook)).toBeGreaterThan(median(pictureTook) / 2);
    expect(median(soundTook)).toBeLessThan(median(pictureTook) * 2 + 20);
    await client.close();
  });

  it('comes back in the MediaStream of the picture', async () => {
    const client = await AvClient.dial(sightline.url);
    const streams = parse(client.answer).media.map(({ msid }) => msid?.[0]?.id);
    expect(streams).toEqual(['sightline-0', 'sightline-0']);
    await client.close();
  });

  it('goes on after the microphone was muted, with the gap as it was', async () => {
    const client = await AvClient.dial(sightline.url);
    await Promise.all([client.film(20), client.speak(25)]);
    client.mute(50);
    await client.film(20, 90_000);
    await Promise.all([client.film(20, 180_000), client.speak(25)]);
    await expect.poll(() => client.audio.length).toBe(50);
    expect(client.audio.map(({ header: { timestamp } }) => timestamp)).toEqual([...client.audioSent.keys()]);
    await client.close();
  });

  it.each<[string, AvClientOptions, string]>([
    ['is only to be sent', { audioDirection: 'sendonly' }, 'recvonly'],
    ['is only to be received', { audioDirection: 'recvonly' }, 'inactive'],
    ['is inactive', { audioDirection: 'inactive' }, 'inactive'],
    ['is PCMU alone', { audioCodec: usePCMU() }, 'inactive'],
    [
      'is already rejected',
      { rewriteOffer: (sdp) => sdp.replace(/^m=audio \d+/m, 'm=audio 0').replace('BUNDLE 0 1', 'BUNDLE 1') },
      'inactive',
    ],
  ])('leaves the picture alone where it %s', async (_title, options, direction) => {
    const client = await AvClient.dial(sightline.url, options);
    expect(parse(client.answer).media[0]?.direction).toBe(direction);
    await client.film(20);
    await eventually(
      async () => client.video.length,
      (packets) => packets >= 3,
    );
    await client.close();
  });
});

/** Milliseconds from the last packet of a timestamp sent to the first that came back. */
function took(
  returned: readonly { header: { timestamp: number }; at: number }[],
  sent: ReadonlyMap<number, number>,
): number[] {
  const first = new Map(returned.toReversed().map(({ header, at }) => [header.timestamp, at]));
  return [...first].map(([timestamp, at]) => at - (sent.get(timestamp) ?? Number.NaN));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
