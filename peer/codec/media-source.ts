import type { Readable } from 'node:stream';
import { SightlineError } from '../../protocol/errors.ts';

/** Where pictures come from. */
export type MediaSource =
  | { readonly kind: 'file'; readonly path: string; readonly label: string }
  | { readonly kind: 'url'; readonly url: string; readonly scheme: Scheme; readonly label: string }
  | {
      readonly kind: 'stream';
      readonly stream: Readable;
      readonly label: string;
      readonly random?: RandomAccess | undefined;
    };

/** How a stream of bytes is begun anew at any place of it. */
export interface RandomAccess {
  /** Bytes in all. */
  readonly size: number;
  /** The bytes from there on. @throws SightlineError `source-unreadable`, and then it may be tried once more */
  open(offset: number, signal: AbortSignal): Promise<Readable>;
}

const schemes = ['rtsp', 'rtsps', 'rtmp', 'rtmps', 'http', 'https'] as const;
type Scheme = (typeof schemes)[number];

/** What looks like an address: a scheme of two letters or more, since a single one is a drive of Windows. */
const ADDRESS = /^([a-z][a-z0-9+.-]+):\/\//i;

/** A file of this machine. Nothing in its name is taken for an address or a pattern. */
export function fileSource(path: string): MediaSource {
  return { kind: 'file', path, label: path.split(/[/\\]/).at(-1) || path };
}

/**
 * Bytes of a file as they come, such as standard input.
 * @param label names it in messages @param random for films whose index stands at the end, and what breaks off
 */
export function streamSource(stream: Readable, label: string, random?: RandomAccess): MediaSource {
  return { kind: 'stream', stream, label, random };
}

/**
 * A camera or a file on a server. Its label shows neither a password nor what stands behind the question mark.
 * @throws SightlineError `source-unreadable` for an address of another kind
 */
export function urlSource(url: string): MediaSource {
  const found = ADDRESS.exec(url)?.[1]?.toLowerCase();
  const scheme = schemes.find((known) => known === found);
  const { host, pathname } = URL.canParse(url) ? new URL(url) : { host: '', pathname: '' };
  if (scheme !== undefined && host !== '') {
    return { kind: 'url', url, scheme, label: `${scheme}://${host}${pathname}` };
  }
  const expected = `expected an address of ${schemes.join(', ')}`;
  const message = `Cannot open the source: ${expected}, found ${found ?? 'none'}${host === '' ? ' without a host' : ''}`;
  throw new SightlineError('source-unreadable', message);
}

/** What a person names: an address, or else a file. @throws SightlineError `source-unreadable` */
export function toMediaSource(named: string): MediaSource {
  return ADDRESS.test(named) ? urlSource(named) : fileSource(named);
}

/** Whether pictures come when they are taken, not when they are asked for. */
export function isLive(source: MediaSource): boolean {
  return source.kind === 'url' && source.scheme.startsWith('rt');
}
