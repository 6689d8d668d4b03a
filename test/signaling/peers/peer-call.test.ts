import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SightlineError } from '../../../protocol/errors.ts';
import { replySchema } from '../../../protocol/peers.ts';
import { toProblem } from '../../../protocol/problem.ts';
import { PeerCalls } from '../../../signaling/peers/peer-call.ts';

const reply = replySchema(z.object({ answer: z.int() }));
const what = 'compute';

describe('PeerCalls', () => {
  it('resolves with the value of the reply', async () => {
    const calls = new PeerCalls('p1', 1000);
    await expect(
      calls.call({ what, reply, send: (ack) => ack({ ok: true, value: { answer: 42 } }) }),
    ).resolves.toEqual({
      answer: 42,
    });
  });

  it('rejects with the problem that the peer answered', async () => {
    const problem = toProblem(new SightlineError('no-video', 'Cannot answer the offer'));
    const calls = new PeerCalls('p1', 1000);
    await expect(
      calls.call({ what, reply, send: (ack) => ack({ ok: false, problem }) }),
    ).rejects.toMatchObject({
      code: 'no-video',
      message: 'Cannot answer the offer',
    });
  });

  it.each([
    undefined,
    null,
    'yes',
    { ok: true },
    { ok: true, value: { answer: '42' } },
    { ok: false, problem: {} },
  ])('rejects with internal when the reply is %j', async (raw) => {
    const calls = new PeerCalls('p1', 1000);
    await expect(calls.call({ what, reply, send: (ack) => ack(raw) })).rejects.toMatchObject({
      code: 'internal',
    });
  });

  it('rejects with peer-timeout when there is no reply, and tells of one that comes late', async () => {
    let acknowledge: (raw: unknown) => void = () => {};
    let late = 0;
    const call = new PeerCalls('p1', 5).call({
      what,
      reply,
      send: (ack) => {
        acknowledge = ack;
      },
      onLateReply: () => {
        late += 1;
      },
    });
    await expect(call).rejects.toMatchObject({
      code: 'peer-timeout',
      message: expect.stringContaining('5 ms'),
    });
    expect(late).toBe(0);
    acknowledge({ ok: true, value: { answer: 42 } });
    expect(late).toBe(1);
  });

  it('rejects every waiting and every later call with peer-lost once closed', async () => {
    const calls = new PeerCalls('p1', 60_000);
    const waiting = [1, 2].map(() => calls.call({ what, reply, send: () => {} }));
    calls.close('transport close');
    calls.close('a second reason');
    for (const call of [...waiting, calls.call({ what, reply, send: () => {} })]) {
      await expect(call).rejects.toMatchObject({
        code: 'peer-lost',
        message: expect.stringContaining('transport close'),
      });
    }
  });
});
