import type { CallStats, DirectionStats } from '../sdk/call-stats.ts';

/** Shown where there is nothing to show. */
export const NONE = '–';

/** Milliseconds for a tile: one decimal below 10, none above. */
export function milliseconds(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  return value < 9.95 ? value.toFixed(1) : value.toFixed(0);
}

/** `0.5 frames`, with one decimal where there is a part. */
export function frames(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  const rounded = Math.round(value * 10) / 10;
  return `${rounded} ${rounded === 1 ? 'frame' : 'frames'}`;
}

/** A rate for a tile, without decimals from 10 on. */
export function perSecond(value: number): string {
  if (!(value > 0)) return NONE;
  return value < 9.95 ? value.toFixed(1) : value.toFixed(0);
}

/** `1.52 Mbit/s`, `840 kbit/s`. */
export function bitrate(kbitPerSecond: number): string {
  if (!(kbitPerSecond > 0)) return NONE;
  if (kbitPerSecond < 1000) return `${kbitPerSecond.toFixed(0)} kbit/s`;
  return `${(kbitPerSecond / 1000).toFixed(2)} Mbit/s`;
}

/** `H264 640 × 480`. */
export function format({ codec, width, height }: DirectionStats): string {
  const size = width > 0 ? `${width} × ${height}` : '';
  return [codec, size].filter(Boolean).join(' ') || NONE;
}

/** What the server decodes and encodes with: `node-av 6.1.1`, or `ffmpeg process 7.0.2, slower`. */
export function serverCodec(info: string | undefined): string {
  const name = info?.replace(/ \(.*\)$/, '');
  if (!name) return NONE;
  return name.startsWith('ffmpeg process') ? `${name}, slower` : name;
}

/** Why the browser holds back, for people. */
export function limitation({ qualityLimitation }: Pick<CallStats, 'qualityLimitation'>): string {
  switch (qualityLimitation) {
    case null:
      return NONE;
    case 'none':
      return 'Nothing';
    case 'cpu':
      return 'This device';
    case 'bandwidth':
      return 'The network';
    default:
      return 'Other';
  }
}
