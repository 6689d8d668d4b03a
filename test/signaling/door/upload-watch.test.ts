import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { watchUpload } from '../../../signaling/door/upload-watch.ts';
import { FakeDoor } from './fake-door.ts';

const STALL_MS = 20;

it('watchUpload() hangs up on a caller that sends nothing more of its body', async () => {
  await using server = await FakeDoor.open((req) => {
    watchUpload(req, { stallMs: STALL_MS });
    req.resume();
  });
  const sending = request(server.address.url, { method: 'POST' });
  sending.write('the beginning');
  const [error] = await once(sending, 'error').catch((reason: unknown) => [reason]);
  expect(error).toMatchObject({ code: 'ECONNRESET' });
});

it('watchUpload() leaves alone who waits for the answer to a whole body', async () => {
  await using server = await FakeDoor.open((req, res) => {
    watchUpload(req, { stallMs: STALL_MS });
    req.resume();
    // Three times as long as it would wait for a body.
    req.once('end', () => setTimeout(() => res.end('answered'), 3 * STALL_MS));
  });
  const sending = request(server.address.url, { method: 'POST' });
  sending.end('all of it');
  const [response] = await once(sending, 'response');
  expect(await text(response)).toBe('answered');
});

it('watchUpload() leaves alone who is held back', async () => {
  const looked = Promise.withResolvers<void>();
  let looks = 0;
  await using server = await FakeDoor.open((req, res) => {
    const isHeldBack = () => {
      looks += 1;
      if (looks === 3) looked.resolve();
      return true;
    };
    watchUpload(req, { isHeldBack, stallMs: STALL_MS });
    void looked.promise.then(() => res.end('answered'));
    req.resume();
  });
  const sending = request(server.address.url, { method: 'POST' });
  sending.write('the beginning');
  const [response] = await once(sending, 'response');
  expect(await text(response)).toBe('answered');
  sending.destroy();
});
