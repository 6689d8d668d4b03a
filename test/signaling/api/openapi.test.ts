import { Validator } from '@seriousme/openapi-schema-validator';
import { Server } from 'socket.io';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorCodes, isErrorCode } from '../../../protocol/errors.ts';
import { PEERS_NAMESPACE } from '../../../protocol/peers.ts';
import { problemSchema } from '../../../protocol/problem.ts';
import { openApi } from '../../../signaling/api/openapi.ts';
import { operations } from '../../../signaling/api/operations/all.ts';
import { createApp } from '../../../signaling/app.ts';
import { createLog } from '../../../signaling/log.ts';
import { PeerHub } from '../../../signaling/peers/peer-hub.ts';
import { type ApiDocument, DescribedApi, type DescribedOperation } from '../../support/described-api.ts';
import { testConfig } from '../../support/signaling.ts';
import { routesOf } from './routes-of.ts';

const document = openApi(true) as ApiDocument;
const api = new DescribedApi(document);

function described({ method, path }: (typeof operations)[number]): DescribedOperation {
  const operation = document.paths?.[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method];
  if (operation === undefined) throw new Error(`Expected ${method} ${path} in the document`);
  return operation;
}

describe('openApi()', () => {
  it('is a document of OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('describes every route that exists, and no other', () => {
    const log = createLog('silent');
    const hub = new PeerHub(new Server().of(PEERS_NAMESPACE), {
      token: 'token',
      callTimeoutMs: 1_000,
      log,
      onRegistered: () => {},
    });
    const app = createApp({ config: testConfig(), hub, log, clientDirectory: '.' });
    const names = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(names.sort()).toEqual(routesOf(app).sort());
  });

  it('names each operation differently', () => {
    const ids = operations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(operations)('$method $path: describes each value in its path', (operation) => {
    const parameters = described(operation).parameters ?? [];
    const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    expect(inPath).toEqual(Array.from(operation.path.matchAll(/:(\w+)/g), ([, name]) => name));
  });

  it.each(operations)('$method $path: its examples are what its schemas ask for', (operation) => {
    const answers = Object.values(operation.answers).flatMap(({ content = {} }) => Object.values(content));
    for (const { schema, example } of [...Object.values(operation.body ?? {}), ...answers])
      if (schema instanceof z.ZodType) expect(schema.safeParse(example).error?.issues ?? []).toEqual([]);

    const { requestBody, responses } = described(operation);
    for (const { content = {} } of [...(requestBody ? [requestBody] : []), ...Object.values(responses)]) {
      for (const { schema, example, examples = {} } of Object.values(content)) {
        if (schema && example !== undefined) api.expectFit(example, schema);
        for (const { value } of Object.values(examples)) {
          api.expectFit(value, schema ?? {});
          problemSchema.parse(value);
        }
      }
    }
  });

  it.each(operations)('$method $path: tells of each error under its status', (operation) => {
    const { responses } = described(operation);
    for (const [status, { content }] of Object.entries(responses)) {
      const codes = Object.keys(content?.['application/problem+json']?.examples ?? {});
      expect(codes.length > 0).toBe(Number(status) >= 400);
      for (const code of codes) expect(isErrorCode(code) && errorCodes[code].status).toBe(Number(status));
    }
    for (const code of operation.errors) expect(JSON.stringify(responses)).toContain(`"${code}"`);
  });

  it('asks for the key where the server has one, and the route is not open to all', () => {
    for (const operation of operations) {
      const locked = operation.open === undefined;
      expect(described(operation).security !== undefined).toBe(locked);
      expect('401' in described(operation).responses).toBe(locked);
    }
    const open = JSON.stringify(openApi(false));
    expect(open).not.toContain('securitySchemes');
    expect(open).not.toContain('"401"');
  });

  it('refuses what the server refuses', () => {
    const { paths = {} } = document;
    const offer = paths['/offer']?.['post']?.requestBody?.content['application/json']?.schema ?? {};
    api.expectFit({ type: 'offer', sdp: 'v=0', zones: [] }, offer);
    for (const wrong of [
      { type: 'answer', sdp: 'v=0' },
      { type: 'offer' },
      { type: 'offer', sdp: 'v=0', zones: 1 },
    ])
      expect(() => api.expectFit(wrong, offer)).toThrow();
  });

  it('is held against answers with no field left over', () => {
    const ready =
      document.paths?.['/readyz']?.['get']?.responses[200]?.content?.['application/json']?.schema ?? {};
    api.expectFit({ status: 'ready' }, ready);
    expect(() => api.expectFit({ status: 'ready', since: 1 }, ready)).toThrow();
  });
});
