/** Coded sound that is passed on as it is: the codecs that an MP4 file takes. */
export type AudioCodec = 'aac' | 'opus' | 'mp3' | 'ac3' | 'eac3' | 'flac' | 'alac';

/** What must be known of coded sound to write it into a file. */
export interface AudioFormat {
  readonly codec: AudioCodec;
  /** Hertz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** What the decoder is set up with: AudioSpecificConfig of AAC, the OpusHead of Opus (RFC 7845, section 5.1). */
  readonly config: Uint8Array;
  /** Samples of a packet, where all have the same number. */
  readonly frameSize: number | undefined;
}

/** One packet of coded sound. */
export interface AudioPacket {
  /** The caller's own. */
  readonly data: Uint8Array;
  /** From the start of the recording or file, on the clock of the pictures. */
  readonly seconds: number;
  readonly durationSeconds: number;
}

/** Samples at 48 kHz that a decoder throws away at the start; libopus at its default. */
const PRE_SKIP = 312;

/** Opus as it comes in RTP (RFC 7587): always a clock of 48 kHz, packets of 20 ms unless agreed otherwise. */
export function opusFormat(channels: 1 | 2 = 2): AudioFormat {
  const head = new Uint8Array(19);
  const view = new DataView(head.buffer);
  head.set(new TextEncoder().encode('OpusHead'));
  head[8] = 1;
  head[9] = channels;
  view.setUint16(10, PRE_SKIP, true);
  view.setUint32(12, 48_000, true);
  return { codec: 'opus', sampleRate: 48_000, channels, config: head, frameSize: 960 };
}
