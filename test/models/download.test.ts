import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type DownloadOptions, download } from '../../models/download.ts';
import { FileServer, interruptAfter, serve } from './file-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

const body = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) >> 3);
const other = body.toReversed();
const half = 150_000;
const expected = { size: body.length, sha256: createHash('sha256').update(body).digest('hex') };

let server: FileServer;
const folder = temporaryFolder();
const target = () => join(folder(), 'file.onnx');
const files = async () => (await readdir(folder())).toSorted();
const fetchIt = (options?: DownloadOptions) => download(server.url, target(), expected, options);

/** Leaves the first half of `body` behind, as an interrupted download does. */
async function interruptedBefore(): Promise<void> {
  server.handler = interruptAfter(body, half);
  await expect(fetchIt()).rejects.toMatchObject({ code: 'model-download-failed' });
}

async function expectWhole(): Promise<void> {
  expect(Buffer.compare(await readFile(target()), body)).toBe(0);
  expect(await files()).toEqual(['file.onnx']);
}

beforeAll(async () => {
  server = await FileServer.open();
});
beforeEach(() => {
  server.requests.length = 0;
});
afterAll(() => server.close());

it('download() leaves the verified file and nothing else', async () => {
  server.handler = serve(body);
  const seen: number[] = [];
  await fetchIt({ onBytes: (bytes) => seen.push(bytes) });
  await expectWhole();
  expect(seen.at(-1)).toBe(body.length);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
});

it('download() keeps what came before an interruption and asks for the rest', async () => {
  await interruptedBefore();
  expect(await files()).toEqual(['file.onnx.part', 'file.onnx.part.json']);
  const kept = (await readFile(`${target()}.part`)).length;
  expect(kept).toBeGreaterThan(0);
  server.handler = serve(body);
  await fetchIt();
  expect(server.requests.at(-1)).toMatchObject({ range: `bytes=${kept}-`, 'if-range': '"one"' });
  await expectWhole();
});

it('download() begins again when the server ignores the range', async () => {
  await interruptedBefore();
  server.handler = (_, response) => response.writeHead(200, { 'content-length': body.length }).end(body);
  await fetchIt();
  expect(server.requests.at(-1)?.range).toMatch(/^bytes=/);
  await expectWhole();
});

it('download() begins again when the file on the server has changed meanwhile', async () => {
  server.handler = interruptAfter(other, half, '"old"');
  await expect(fetchIt()).rejects.toMatchObject({ code: 'model-download-failed' });
  server.handler = serve(body, '"new"');
  await fetchIt();
  await expectWhole();
});

it.each([
  ['416', 416, {}],
  ['a range that it was not asked for', 206, { 'content-range': `bytes 5-299999/300000` }],
])('download() asks for the whole file after %s', async (_, status, headers) => {
  await interruptedBefore();
  server.handler = (request, response) => {
    if (request.headers.range === undefined) serve(body)(request, response);
    else response.writeHead(status, headers).end();
  };
  await fetchIt();
  await expectWhole();
});

it('download() fetches the whole file again when what was kept is damaged', async () => {
  await interruptedBefore();
  await writeFile(`${target()}.part`, other.subarray(0, half));
  server.handler = serve(body);
  await fetchIt();
  await expectWhole();
});

it('download() takes over what a process that is gone left behind', async () => {
  const child = execFile(process.execPath, ['--version']);
  await once(child, 'exit');
  const left = `${target()}.part-${child.pid}-0123abcd`;
  await writeFile(left, body.subarray(0, half));
  await writeFile(`${left}.json`, JSON.stringify({ url: server.url, validator: '"one"' }));
  server.handler = serve(body);
  await fetchIt();
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]?.range).toBe(`bytes=${half}-`);
  await expectWhole();
});

it('download() may run twice at once for the same file', async () => {
  server.handler = serve(body);
  await Promise.all([fetchIt(), fetchIt()]);
  await expectWhole();
});

it.each([
  ['of another hash', serve(other)],
  ['that announces another length', serve(body.subarray(1))],
  [
    'that goes on for longer',
    (_: unknown, response: ServerResponse) => {
      response.write(body);
      response.end('more');
    },
  ],
])('download() refuses and deletes a file %s', async (_, handler) => {
  server.handler = handler;
  await expect(fetchIt()).rejects.toMatchObject({ code: 'model-hash-mismatch' });
  expect(await files()).toEqual([]);
});

it('download() reports a body that ends early as a failed download', async () => {
  server.handler = (_, response) => response.writeHead(200).end(body.subarray(0, half));
  await expect(fetchIt()).rejects.toMatchObject({
    code: 'model-download-failed',
    message: expect.stringContaining(`found the end after ${half}`),
  });
  expect(await files()).toEqual([]);
});

it('download() names the status of an answer that is no file', async () => {
  server.handler = (_, response) => response.writeHead(404).end('no such file');
  await expect(fetchIt()).rejects.toMatchObject({
    code: 'model-download-failed',
    message: `Cannot download ${server.url}: expected status 200, found 404`,
  });
});

it('download() gives up on a server that stops sending, and keeps what came', async () => {
  server.handler = (_, response) => {
    response.writeHead(200, { etag: '"one"', 'content-length': body.length });
    response.write(body.subarray(0, half));
  };
  await expect(fetchIt({ stallTimeoutMs: 100 })).rejects.toMatchObject({
    code: 'model-download-failed',
    message: expect.stringContaining('no bytes for 0.1 s'),
  });
  expect(await files()).toEqual(['file.onnx.part', 'file.onnx.part.json']);
});

it('download() gives up on a server that does not answer', async () => {
  server.handler = () => {};
  await expect(fetchIt({ connectTimeoutMs: 50 })).rejects.toMatchObject({
    code: 'model-download-failed',
    message: expect.stringContaining('no answer within 0.05 s'),
  });
});

it('download() says why a server cannot be reached', async () => {
  const gone = await FileServer.open();
  const { url } = gone;
  await gone.close();
  await expect(download(url, target(), expected)).rejects.toMatchObject({
    code: 'model-download-failed',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});

it('download() follows redirects with its range', async () => {
  await interruptedBefore();
  const kept = (await readFile(`${target()}.part`)).length;
  server.handler = (request, response) => {
    if (request.url === '/elsewhere') serve(body)(request, response);
    else response.writeHead(302, { location: '/elsewhere' }).end();
  };
  await fetchIt();
  expect(server.requests.slice(-2).map(({ range }) => range)).toEqual(Array(2).fill(`bytes=${kept}-`));
  await expectWhole();
});

it.each([
  ['to plain HTTP on another machine', 'http://sightline.invalid/file', 'expected https, found http'],
  ['to a file', 'file:///etc/hostname', 'expected https, found file'],
  ['in a circle', '/file.onnx', 'expected at most 5 redirects, found more'],
])('download() does not follow redirects %s', async (_, location, message) => {
  server.handler = (__, response) => response.writeHead(302, { location }).end();
  await expect(fetchIt()).rejects.toMatchObject({
    code: 'model-download-failed',
    message: expect.stringContaining(message),
  });
});

it('download() stops when its signal aborts, and keeps what came', async () => {
  const controller = new AbortController();
  server.handler = (_, response) => {
    response.writeHead(200, { etag: '"one"', 'content-length': body.length });
    response.write(body.subarray(0, half));
  };
  const onBytes = () => controller.abort(new Error('changed my mind'));
  await expect(fetchIt({ signal: controller.signal, onBytes })).rejects.toThrow('changed my mind');
  expect(await files()).toEqual(['file.onnx.part', 'file.onnx.part.json']);
});
