import { SightlineError } from '../protocol/errors.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * GETs a URL, following up to 5 redirects, each of which has to be https, or http on this machine.
 * A redirect is followed with the same headers, so that a range is asked of where the file really lies.
 *
 * @throws `model-download-failed` when an address is not allowed or there are too many of them; what `fetch` throws when
 * there is no answer.
 */
export async function get(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Response> {
  let address = new URL(url);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    assertAllowed(address);
    const response = await fetch(address, { headers, signal, redirect: 'manual' });
    const location = response.headers.get('location');
    if (!REDIRECTS.has(response.status) || location === null) return response;
    await response.body?.cancel();
    address = new URL(location, address);
  }
  throw downloadFailed(url, `expected at most ${MAX_REDIRECTS} redirects, found more`);
}

/** The `model-download-failed` for a URL. */
export function downloadFailed(url: string, reason: string, cause?: unknown): SightlineError {
  const options = cause === undefined ? {} : { cause };
  return new SightlineError('model-download-failed', `Cannot download ${url}: ${reason}`, options);
}

function assertAllowed({ protocol, hostname, href }: URL): void {
  if (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname))) return;
  throw downloadFailed(href, `expected https, found ${protocol.replace(':', '')}`);
}
