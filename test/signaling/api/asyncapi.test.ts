import specifications from '@asyncapi/specs';
import { Ajv } from 'ajv';
import { io } from 'socket.io-client';
import { describe, expect, it } from 'vitest';
import { CALLS_NAMESPACE } from '../../../protocol/ice.ts';
import { asyncApi } from '../../../signaling/api/asyncapi.ts';
import { channels } from '../../../signaling/api/channels/all.ts';
import { type ApiDocument, DescribedApi } from '../../support/described-api.ts';
import { TestSignaling } from '../../support/signaling.ts';

const FRAGMENT = 'm=video 9 X 1\r\na=mid:0\r\na=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n';

const document = asyncApi() as ApiDocument;
const api = new DescribedApi(document);

describe('asyncApi()', () => {
  it('is a document of AsyncAPI 3.0', () => {
    // The schema carries the one that it is written in, which has to stay the only one of its name
    const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false });
    const validate = ajv.compile(specifications.schemas['3.0.0'] as object);
    validate(document);
    expect(validate.errors).toBeNull();
    expect(validate({ ...document, channels: { calls: { address: 1 } } })).toBe(false);
  });

  it.each(channels)('$id: its examples are what its schemas ask for', ({ id, messages }) => {
    for (const { name, schema, example, reply } of messages) {
      schema.parse(example);
      api.expectMessage(id, name, example);
      if (reply === undefined) continue;
      reply.schema.parse(reply.example);
      api.expectMessage(id, `${name}-reply`, reply.example);
    }
  });

  it('points only to what it holds', () => {
    const held = (path: string) =>
      path.split('/').reduce<unknown>((part, key) => (part as Record<string, unknown>)?.[key], document);
    const references = Array.from(
      JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g),
      ([, path = '']) => path,
    );
    expect(references.length).toBeGreaterThan(20);
    expect(references.filter((path) => held(path) === undefined)).toEqual([]);
  });

  it('has the server receive what others send, and send the rest', () => {
    const { operations } = document as unknown as { operations: Record<string, { action: string }> };
    expect(operations['control.configure']?.action).toBe('receive');
    expect(operations['detections.detections']?.action).toBe('send');
    expect(operations['peers.offer']?.action).toBe('send');
  });

  it('says what the namespace /calls answers', async () => {
    await using server = await TestSignaling.start();
    const peer = await server.join();
    const sessionId = `fake-${'A'.repeat(22)}`;
    peer.sessions.set(sessionId, 0);
    const client = io(new URL(CALLS_NAMESPACE, server.url).href, {
      transports: ['websocket'],
      forceNew: true,
    });
    for (const [ifMatch, fragment, ok] of [
      ['first', FRAGMENT, true],
      ['first', 'v=0', false],
    ] as const) {
      const call = { sessionId, ifMatch, fragment };
      api.expectMessage('calls', 'ice', call);
      const reply: unknown = await client.emitWithAck('ice', call);
      expect(reply).toMatchObject({ ok });
      api.expectMessage('calls', 'ice-reply', reply);
    }
    client.disconnect();
  });
});
