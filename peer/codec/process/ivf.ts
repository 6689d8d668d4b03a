/**
 * IVF, the container that goes into ffmpeg: a header, then each packet after its size and its time. ffmpeg takes it for
 * every codec that it has a four-character code of, raw pictures too, and needs to see nothing of the next packet.
 */

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 12;

export interface IvfStream {
  /** Four characters: VP80, H264, I420 … */
  readonly code: string;
  /** Pixels; 0 where the packets tell. */
  readonly width: number;
  readonly height: number;
  /** Ticks a second of the packets' times. */
  readonly rate: number;
}

export function ivfHeader({ code, width, height, rate }: IvfStream): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('DKIF', 0, 'latin1');
  header.writeUInt16LE(HEADER_BYTES, 6);
  header.write(code, 8, 'latin1');
  header.writeUInt16LE(width, 12);
  header.writeUInt16LE(height, 14);
  header.writeUInt32LE(rate, 16);
  header.writeUInt32LE(1, 20);
  return header;
}

/**
 * What goes before a packet.
 * @param time ticks
 */
export function ivfFrameHeader(bytes: number, time: number): Uint8Array {
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUInt32LE(bytes, 0);
  header.writeBigUInt64LE(BigInt(time), 4);
  return header;
}
