import {
  AV_CODEC_ID_AAC,
  AV_CODEC_ID_AC3,
  AV_CODEC_ID_ALAC,
  AV_CODEC_ID_EAC3,
  AV_CODEC_ID_FLAC,
  AV_CODEC_ID_MP3,
  AV_CODEC_ID_OPUS,
  type AVCodecID,
} from 'node-av/constants';
import type { IRational, Stream } from 'node-av/lib';
import type { AudioCodec, AudioFormat } from '../media-audio.ts';
import type { MediaInfo } from '../media-reader.ts';
import { isLive, type MediaSource } from '../media-source.ts';
import type { Demuxer } from './media-demuxer.ts';
import { quarterOf } from './media-turn.ts';

/** FFmpeg's numbers of the codecs that are passed on. */
export const audioCodecIds: Readonly<Record<AudioCodec, AVCodecID>> = {
  aac: AV_CODEC_ID_AAC,
  opus: AV_CODEC_ID_OPUS,
  mp3: AV_CODEC_ID_MP3,
  ac3: AV_CODEC_ID_AC3,
  eac3: AV_CODEC_ID_EAC3,
  flac: AV_CODEC_ID_FLAC,
  alac: AV_CODEC_ID_ALAC,
};

/** More pictures a second than this are not a rate but the tick of a clock. */
const HIGHEST_FRAME_RATE = 1000;

/** What FFmpeg has found out of a source. */
export function infoOf(
  demuxer: Demuxer,
  video: Stream,
  { source, codec, audio }: { source: MediaSource; codec: string; audio: AudioFormat | undefined },
): MediaInfo {
  const { width, height } = video.codecpar;
  const lying = quarterOf(video) % 180 === 90;
  const container = demuxer.format.iformat?.name ?? 'unknown';
  const isStill = container === 'image2' || container.endsWith('_pipe');
  const frameRate = isStill ? undefined : frameRateOf(video);
  const durationSeconds = isStill ? undefined : demuxer.durationSeconds;
  return {
    label: source.label,
    container,
    codec,
    width: lying ? height : width,
    height: lying ? width : height,
    frameRate,
    durationSeconds,
    frameCount: isStill ? 1 : countOf(video, frameRate, durationSeconds),
    isStill,
    isLive: isLive(source),
    audio,
  };
}

/** Pictures a second; undefined where the container does not say. */
export function frameRateOf({ avgFrameRate, rFrameRate }: Stream): number | undefined {
  return [avgFrameRate, rFrameRate].map(toRate).find((rate) => rate > 0 && rate <= HIGHEST_FRAME_RATE);
}

/** How sound is coded; undefined where it cannot be passed on into a file. */
export function audioFormatOf({ codecpar }: Stream): AudioFormat | undefined {
  const { codecId, sampleRate, channels, extradata, frameSize } = codecpar;
  const found = Object.entries(audioCodecIds).find(([, id]) => id === codecId);
  if (!found || sampleRate <= 0 || channels <= 0) return undefined;
  return {
    codec: found[0] as AudioCodec,
    sampleRate,
    channels,
    config: new Uint8Array(extradata ?? []),
    frameSize: frameSize > 0 ? frameSize : undefined,
  };
}

function countOf(
  { nbFrames }: Stream,
  frameRate: number | undefined,
  durationSeconds: number | undefined,
): number | undefined {
  if (nbFrames > 0n) return Number(nbFrames);
  if (frameRate === undefined || durationSeconds === undefined) return undefined;
  return Math.round(frameRate * durationSeconds);
}

function toRate({ num, den }: IRational): number {
  return num > 0 && den > 0 ? num / den : 0;
}
