import { isLive, type MediaSource } from '../media-source.ts';

/**
 * Protocols that a source may lead to, by its own. A playlist names further addresses: one from the network must not
 * name files of this machine, and one of this machine nothing of the network.
 */
const protocols = {
  file: 'file',
  stream: 'data',
  rtsp: 'rtsp,rtsps,rtp,srtp,udp,tcp,tls,http,https',
  rtmp: 'rtmp,rtmps,tcp,tls',
  http: 'http,https,tcp,tls,crypto',
} as const;

/** Microseconds that a live source is listened to, at most, to find out what it sends. */
const LIVE_ANALYSIS_US = 1_000_000;
/** Pictures that are looked at for their rate. */
const LIVE_RATE_PICTURES = 3;

/** How FFmpeg is told of a source. @returns the address that it opens, and options under its names */
export function inputOptions(
  source: MediaSource,
  timeoutMs: number | undefined,
): { address: string; options: Record<string, string> } {
  // Neither `%d` nor `*` in the name of a picture stands for a series of them.
  if (source.kind === 'file') {
    return {
      address: `file:${source.path}`,
      options: { protocol_whitelist: protocols.file, pattern_type: 'none' },
    };
  }
  if (source.kind === 'stream') return { address: '', options: { protocol_whitelist: protocols.stream } };
  const family = source.scheme.startsWith('rtsp')
    ? 'rtsp'
    : source.scheme.startsWith('rtmp')
      ? 'rtmp'
      : 'http';
  return {
    address: source.url,
    options: {
      protocol_whitelist: protocols[family],
      // Over UDP a camera's key frames lose packets on every busy network.
      ...(family === 'rtsp' && { rtsp_transport: 'tcp' }),
      ...(isLive(source) && {
        analyzeduration: String(LIVE_ANALYSIS_US),
        fpsprobesize: String(LIVE_RATE_PICTURES),
      }),
      // Beside our own time-out: it also ends a connection that hangs half open.
      ...(timeoutMs !== undefined && family !== 'rtmp' && { timeout: String(timeoutMs * 1000) }),
    },
  };
}
