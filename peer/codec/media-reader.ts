import type { AudioFormat, AudioPacket } from './media-audio.ts';
import type { VideoFrame } from './video-frame.ts';

/** Options of `Codecs.openReader()`. */
export interface ReaderOptions {
  /** Threads of the decoder; for a file as many as help where left out, for a live source one, without delay. */
  readonly threads?: number;
  /** Whether packets of sound come between the pictures. They do not where left out. */
  readonly audio?: boolean;
  /** Pictures (and packets of sound) that are got ready before they are asked for; at least 1, and 4 where left out. */
  readonly readAhead?: number;
  /** For a source of the network: how long opening, and how long the wait for the next packet, may take. */
  readonly timeoutMs?: number;
  /** Seconds that the beginning is told as: of a source that goes on where it was open before. 0 where left out. */
  readonly firstSeconds?: number;
  /** Larger pictures are refused. 8K UHD where left out. */
  readonly maxPixels?: number;
  /** Ends the opening, with its reason, and the reading, as `close()` does. */
  readonly signal?: AbortSignal;
}

/** What is known of a source before its first picture. */
export interface MediaInfo {
  /** Names the source for a person, without secrets. */
  readonly label: string;
  /** As FFmpeg calls it: `mov,mp4,m4a,3gp,3g2,mj2`, `rtsp`. */
  readonly container: string;
  /** As FFmpeg calls it: `h264`, `mpeg4`. */
  readonly codec: string;
  /** Pixels, upright; it may change on the way. */
  readonly width: number;
  readonly height: number;
  /** Pictures a second on the average, where the container knows. */
  readonly frameRate: number | undefined;
  readonly durationSeconds: number | undefined;
  /** Pictures there will be: the container's own figure, or what duration and rate make; not exact. */
  readonly frameCount: number | undefined;
  /** One picture, not a film. */
  readonly isStill: boolean;
  /** Pictures come when they are taken, not when they are asked for. */
  readonly isLive: boolean;
  /** Of the best sound, where there is one that a file can take as it is. */
  readonly audio: AudioFormat | undefined;
}

/** A picture, to be closed by who reads it. */
export interface MediaPicture {
  readonly type: 'picture';
  /** Its timestamp is `seconds` in 90 kHz, 32 bits. */
  readonly frame: VideoFrame;
  /** From the start of the source, ever growing. */
  readonly seconds: number;
}

/** What a reader gives, in the order of the container. */
export type MediaItem = MediaPicture | ({ readonly type: 'audio' } & AudioPacket);

/**
 * Reads pictures (I420, limited range, upright) of a file, a stream of bytes or a network source, and packets of its
 * sound. It decodes a few pictures ahead and then waits for its reader: nothing is dropped. Live sources are read as
 * fast as they send; who cannot keep up with them drops pictures behind this.
 */
export interface MediaReader extends AsyncDisposable {
  readonly info: MediaInfo;
  /** Packets that could not be decoded; the pictures after the next key frame are right again. */
  readonly damaged: number;
  /**
   * The next item; undefined at the end, and once closed. One call at a time.
   * @throws SightlineError `source-unreadable`, `source-timeout`, `source-codec-unsupported`
   */
  read(): Promise<MediaItem | undefined>;
  /** Idempotent. Ends a `read()` that waits; resolves when everything native is freed. Pictures given stay valid. */
  close(): Promise<void>;
}
