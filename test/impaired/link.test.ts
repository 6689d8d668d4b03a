import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import type { LinkOptions } from '../support/link/commands.ts';
import { Link } from '../support/link/link.ts';
import { type Arrival, UdpEnd } from '../support/link/udp-end.ts';

const now = () => performance.timeOrigin + performance.now();
const numbers = (arrivals: readonly Arrival[]) => arrivals.map(({ data }) => data.readUInt32BE());

function numbered(number: number, bytes = 1000): Buffer {
  const data = Buffer.alloc(bytes);
  data.writeUInt32BE(number);
  return data;
}

/** A client, a server, and a link from the one to the other. */
async function open(options: LinkOptions) {
  const link = await Link.open(options);
  const [client, server] = [await UdpEnd.open(), await UdpEnd.open()];
  const relay = await link.relay(server.endpoint);
  return {
    link,
    client,
    server,
    relay,
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      server[Symbol.dispose]();
      await link.close();
    },
  };
}

/** As many as fit into the buffer of a socket, many times over. */
const AT_ONCE = 30;

/** Sends numbered datagrams and waits until the link has dealt with each. */
async function sendAll({ link, client, relay }: Awaited<ReturnType<typeof open>>, count: number) {
  for (let number = 0; number < count; number++) {
    await client.send(numbered(number), relay);
    const last = number === count - 1;
    if (!last && (number + 1) % AT_ONCE !== 0) continue;
    await eventually(
      () => link.stats(),
      ({ up }) => (last ? up.packetsOut + up.dropped.loss + up.dropped.queue : up.packetsIn) === number + 1,
      { intervalMs: 5 },
    );
  }
}

describe('Link', () => {
  it('leads there and back, each client by a port of its own', async () => {
    await using path = await open({});
    using other = await UdpEnd.open();
    await path.client.send('from the first', path.relay);
    await other.send('from the second', path.relay);
    const [first, second] = await path.server.received(2);
    if (!first || !second) throw new Error('Expected two datagrams');
    expect(first.from.port).not.toBe(second.from.port);
    expect([path.client.endpoint.port, path.relay.port]).not.toContain(first.from.port);

    await path.server.send(`to ${second.data}`, second.from);
    const [back] = await other.received(1);
    expect(String(back?.data)).toBe('to from the second');
    expect(back?.from).toEqual(path.relay);
    expect(path.client.arrivals).toEqual([]);
  });

  it('keeps a datagram on its way for its delay in each direction', async () => {
    await using path = await open({ up: { delay: 60 }, down: { delay: 30 } });
    const sentAt = now();
    await path.client.send('there', path.relay);
    const [there] = await path.server.received(1);
    if (!there) throw new Error('Expected a datagram');
    expect(there.at - sentAt).toBeGreaterThanOrEqual(60);
    const answeredAt = now();
    await path.server.send('back', there.from);
    const [back] = await path.client.received(1);
    expect((back?.at ?? 0) - answeredAt).toBeGreaterThanOrEqual(30);
  });

  it('loses the same datagrams for the same seed', async () => {
    const survivors: number[][] = [];
    for (let run = 0; run < 2; run++) {
      await using path = await open({ up: { loss: 0.2, delay: 1, jitter: 1 }, seed: 11 });
      await sendAll(path, 300);
      survivors.push(numbers(path.server.arrivals));
    }
    expect(survivors[0]?.length).toBeLessThan(300);
    expect(survivors[1]).toEqual(survivors[0]);
  });

  it('obeys the rate, and the rate that it is changed to', async () => {
    await using path = await open({ up: { rate: 2_000_000, queueMs: 10_000 } });
    await sendAll(path, 50);
    expect(bitsPerSecond(path.server.arrivals)).toBeLessThan(2_000_000 * 1.05);
    await path.link.set('up', { rate: 500_000 });
    path.server.arrivals.length = 0;
    for (let number = 0; number < 20; number++) await path.client.send(numbered(number), path.relay);
    expect(numbers(await path.server.received(20))).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(bitsPerSecond(path.server.arrivals)).toBeLessThan(500_000 * 1.05);
    expect(bitsPerSecond(path.server.arrivals)).toBeGreaterThan(500_000 * 0.8);
  });

  it('carries nothing during an outage, and tells when it was', async () => {
    await using path = await open({});
    const over = path.link.outage(150, { directions: ['up'] });
    await path.client.send(numbered(1), path.relay);
    const { from, to } = await over;
    expect(to - from).toBe(150);
    expect(now()).toBeGreaterThanOrEqual(to);
    await path.client.send(numbered(2), path.relay);
    await path.server.received(1);
    expect(numbers(path.server.arrivals)).toEqual([2]);
    expect((await path.link.stats()).up.dropped.outage).toBe(1);
  });

  it('refuses an impairment that makes no sense, when opened and when changed', async () => {
    await expect(Link.open({ up: { loss: 2 } })).rejects.toThrow('expected loss to be');
    await using path = await open({});
    await expect(path.link.set('down', { delay: -1 })).rejects.toThrow('expected delay to be');
  });

  it('closes once, and answers nothing afterwards', async () => {
    const link = await Link.open();
    await Promise.all([link.close(), link.close()]);
    await expect(link.stats()).rejects.toThrow('closed');
  });
});

/** Over the time from the first arrival to the last, headers counted. */
function bitsPerSecond(arrivals: readonly Arrival[]): number {
  const [first, last] = [arrivals[0], arrivals.at(-1)];
  if (!first || !last) return Number.NaN;
  const bytes = arrivals.slice(1).reduce((sum, { data }) => sum + data.length + 28, 0);
  return (bytes * 8 * 1000) / (last.at - first.at);
}
