import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { SightlineError } from '../../../protocol/errors.ts';

/** One request to an inference server. */
export interface HttpCall {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string | number>>;
  /** Sent one after the other, without a copy: not to be written to before the call is over. */
  readonly body?: readonly Uint8Array[];
  /** Milliseconds for all of it, to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Bytes of the longest answer that is taken. */
  readonly maxBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

const agents = {
  'http:': new PlainAgent({ keepAlive: true }),
  'https:': new TlsAgent({ keepAlive: true }),
};

/**
 * Calls an inference server; follows no redirect.
 *
 * @throws {SightlineError} `backend-timeout`, also when an answer has begun but is not over in time; `backend-failed`
 * where there is no connection or it breaks; `backend-invalid` where the answer is too long
 */
export async function httpCall(call: HttpCall): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(call.timeoutMs);
  try {
    const response = await send(call, signal);
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: await readBody(response, call),
    };
  } catch (cause) {
    if (cause instanceof SightlineError) throw cause;
    if (signal.aborted) {
      const limit = `expected an answer within ${call.timeoutMs} ms, found none or a part`;
      throw new SightlineError('backend-timeout', `Cannot call ${call.url}: ${limit}`, { cause });
    }
    const found = cause instanceof Error ? cause.message || cause.name : String(cause);
    const message = `Cannot call ${call.url}: expected an inference server, found: ${found}`;
    throw new SightlineError('backend-failed', message, { cause });
  }
}

function send({ url, method, headers, body = [] }: HttpCall, signal: AbortSignal): Promise<IncomingMessage> {
  const isTls = url.startsWith('https:');
  const length = body.reduce((sum, part) => sum + part.byteLength, 0);
  return new Promise((resolve, reject) => {
    const outgoing = (isTls ? tlsRequest : plainRequest)(url, {
      method,
      headers: { ...headers, ...(length > 0 && { 'Content-Length': length }) },
      agent: agents[isTls ? 'https:' : 'http:'],
      signal,
    });
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    for (const part of body) outgoing.write(part);
    outgoing.end();
  });
}

async function readBody(response: IncomingMessage, { url, maxBytes }: HttpCall): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  // Leaving the loop early destroys the connection.
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > maxBytes) {
      const limit = `expected an answer of at most ${maxBytes} bytes, found a longer one`;
      throw new SightlineError('backend-invalid', `Cannot read what ${url} answers: ${limit}`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts, length);
}
