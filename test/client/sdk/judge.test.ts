import { describe, expect, it } from 'vitest';
import { looksWrong, type Signs, verdict } from '../../../client/sdk/judge.ts';
import { Stall } from '../../../client/sdk/stall.ts';

const well: Signs = { connection: 'connected', connectingMs: 0, stalledMs: 0, channelClosed: false };

describe('looksWrong()', () => {
  it.each<[string, Partial<Signs>, boolean]>([
    ['a call that runs', {}, false],
    ['a short stall', { stalledMs: 1_900 }, false],
    ['a stall', { stalledMs: 2_000 }, true],
    ['a broken path', { connection: 'disconnected' }, true],
    ['a path given up by ICE', { connection: 'failed' }, true],
    ['a young attempt', { connection: 'connecting', connectingMs: 14_000 }, false],
    ['an old attempt', { connection: 'connecting', connectingMs: 15_000 }, true],
    ['a channel that the server closed', { channelClosed: true }, true],
  ])('for %s %o is %s', (_what, signs, expected) => {
    expect(looksWrong({ ...well, ...signs })).toBe(expected);
  });
});

describe('verdict()', () => {
  it.each<[Partial<Signs>, Parameters<typeof verdict>[1], ReturnType<typeof verdict>]>([
    [{ stalledMs: 2_000 }, 'server-gone', 'server-unreachable'],
    [{ connection: 'failed' }, 'server-gone', 'server-unreachable'],
    [{ connection: 'disconnected' }, 'ended', 'session-unknown'],
    [{ connection: 'failed' }, 'there', 'ice-failed'],
    [{ connection: 'connecting', connectingMs: 15_000 }, 'there', 'ice-failed'],
    [{ connection: 'disconnected' }, 'there', null],
    [{ stalledMs: 9_900 }, 'there', null],
    [{ stalledMs: 10_000 }, 'there', 'media-timeout'],
  ])('for %o while the session is %s is %s', (signs, standing, expected) => {
    expect(verdict({ ...well, ...signs }, standing)).toBe(expected);
  });
});

describe('Stall', () => {
  it('push() counts the time in which packets go out and none comes back', () => {
    const stall = new Stall();
    expect(stall.push({ packetsIn: 5, packetsOut: 5 }, 1_000)).toBe(0);
    expect(stall.push({ packetsIn: 5, packetsOut: 50 }, 2_000)).toBe(1_000);
    expect(stall.push({ packetsIn: 5, packetsOut: 90 }, 3_500)).toBe(2_500);
  });

  it('push() starts again with each packet that comes', () => {
    const stall = new Stall();
    stall.push({ packetsIn: 5, packetsOut: 5 }, 0);
    stall.push({ packetsIn: 5, packetsOut: 9 }, 1_000);
    expect(stall.push({ packetsIn: 6, packetsOut: 12 }, 2_000)).toBe(0);
  });

  it('push() blames nobody while nothing is sent, as when the camera is covered by the system', () => {
    const stall = new Stall();
    stall.push({ packetsIn: 5, packetsOut: 5 }, 0);
    expect(stall.push({ packetsIn: 5, packetsOut: 5 }, 60_000)).toBe(0);
  });
});
