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

/** Far fewer than fit into the buffer of a socket. */
const AT_ONCE = 20;

/** Sends numbered datagrams, and waits until each has come or was dropped. */
async function sendAll({ link, client, server, relay }: Awaited<ReturnType<typeof open>>, count: number) {
  for (let sent = 0; sent < count; ) {
    const end = Math.min(count, sent + AT_ONCE);
    for (; sent < end; sent++) await client.send(numbered(sent), relay);
    const { up } = await eventually(
      () => link.stats(),
      ({ up: { packetsOut, dropped } }) => packetsOut + dropped.loss + dropped.queue === end,
      { intervalMs: 5 },
    );
    await server.received(up.packetsOut);
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
    const perDatagram = ((1000 + 28) * 8) / 1000;
    for (const rate of [2_000_000, 500_000]) {
      await path.link.set('up', { rate });
      path.server.arrivals.length = 0;
      const sentAt = now();
      for (let number = 0; number < 20; number++) await path.client.send(numbered(number), path.relay);
      const arrivals = await path.server.received(20);
      expect(numbers(arrivals)).toEqual(Array.from({ length: 20 }, (_, number) => number));
      expect((arrivals.at(-1)?.at ?? 0) - sentAt).toBeGreaterThanOrEqual((20 * perDatagram * 1e6) / rate);
    }
  });

  it('carries nothing during an outage, and tells when it was', async () => {
    await using path = await open({});
    const over = path.link.outage(500, { directions: ['up'] });
    await path.link.stats(); // answered after the outage has begun
    await path.client.send(numbered(1), path.relay);
    const { from, to } = await over;
    expect(to - from).toBeCloseTo(500, 1);
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
