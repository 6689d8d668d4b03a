import {
  fileSource,
  isLive,
  type MediaSource,
  type RandomAccess,
  streamSource,
  urlSource,
} from '../codec/media-source.ts';
import { guardedGet } from './guarded-get.ts';
import { HttpBody } from './http-body.ts';
import { Relay } from './relay.ts';
import { type AllowedSource, allowSource, type Resolve, type SourceRules } from './source-policy.ts';

export interface OpenSourceOptions {
  readonly rules: SourceRules;
  readonly resolveHost?: Resolve | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** A source that the operator lets be read, ready for a reader. */
export interface OpenSource {
  readonly media: MediaSource;
  /** Pictures come when they are taken, and their end is a fault. */
  readonly isLive: boolean;
  /** Why a connection ended, where more is known of it than the reader says. */
  readonly failure: Error | undefined;
  /** Idempotent. */
  close(): void;
}

const defaultPorts: Readonly<Record<string, number>> = { rtsp: 554, rtsps: 322, rtmp: 1935, rtmps: 443 };

type Stream = Extract<AllowedSource, { kind: 'stream' }>;

/**
 * Finds what a caller names, at the address that was looked at and no other. Playlists (HLS, DASH) lead to further
 * addresses: they are not followed.
 * @throws SightlineError `source-invalid`, `source-refused`, `source-unreadable`, `source-timeout`
 */
export async function openSource(named: string, options: OpenSourceOptions): Promise<OpenSource> {
  const allowed = await allowSource(named, options.rules, options.resolveHost);
  if (allowed.kind === 'file') {
    return { media: fileSource(allowed.path), isLive: false, failure: undefined, close: () => {} };
  }
  return allowed.url.protocol.startsWith('http') ? openHttp(allowed, options) : openRelayed(allowed);
}

/** An answer that does not say how long it is has no end: a camera that sends JPEG after JPEG. */
async function openHttp(target: Stream, options: OpenSourceOptions): Promise<OpenSource> {
  const { label } = urlSource(target.url.href);
  const open = { ...options, label };
  const answer = await guardedGet(target, open);
  const body = new HttpBody(answer, open);
  const { headers } = answer;
  const size = headers['content-length'];
  const version = headers.etag?.startsWith('"') ? headers.etag : headers['last-modified'];
  const random: RandomAccess | undefined =
    size === undefined || headers['accept-ranges'] !== 'bytes'
      ? undefined
      : {
          size: Number(size),
          open: async (offset, signal) =>
            new HttpBody(await guardedGet(target, { ...open, signal, from: { offset, version } }), open),
        };
  return {
    media: streamSource(body, label, random),
    isLive: size === undefined,
    failure: undefined,
    close: () => void body.destroy(),
  };
}

async function openRelayed({ url, address }: Stream): Promise<OpenSource> {
  const named = urlSource(url.href);
  const scheme = url.protocol.slice(0, -1);
  const relay = await Relay.open({
    address,
    port: Number(url.port) || (defaultPorts[scheme] ?? 0),
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    secure: scheme.endsWith('s'),
    isRtsp: scheme.startsWith('rtsp'),
    label: named.label,
  });
  const plain = scheme.replace(/s$/, '');
  const relayed = new URL(url.href.replace(/^[^:]+:/, `${plain}:`));
  relayed.hostname = '127.0.0.1';
  relayed.port = String(relay.port);
  return {
    media: { ...urlSource(relayed.href), label: named.label },
    isLive: isLive(named),
    get failure() {
      return relay.failure;
    },
    close: () => relay.close(),
  };
}
