import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Vp8RtpPayload } from 'werift';

const CLOCK_RATE = 90_000;
/** Frames that may wait for a packet that was lost and is sent again; more, and the oldest is given up. */
const MAX_WAITING = 15;

/** Puts RTP packets of VP8 together to frames, and has FFmpeg write them to a file at the times that they carry. */
export class Recording {
  /** Told that a frame is missing: what follows cannot be decoded before the next key frame. */
  onLoss = () => {};
  #path;
  #ffmpeg;
  /** By RTP timestamp: the packets of the frames that are not written yet. */
  #waiting = new Map();
  #time = 0;
  #timestamp;
  #broken = true;

  /** @param path the format is what its ending says; VP8 goes as it is into .webm and .mkv, and is encoded for others */
  constructor(path) {
    this.#path = path;
  }

  push({ header: { sequenceNumber, timestamp, marker }, payload }) {
    if (payload.length === 0) return;
    const { payload: data, isPartitionHead, isKeyframe } = Vp8RtpPayload.deSerialize(payload);
    const packets = this.#waiting.get(timestamp) ?? new Map();
    this.#waiting.set(timestamp, packets);
    packets.set(sequenceNumber, { data, marker, isFirst: isPartitionHead, isKeyframe });
    this.#write();
  }

  /** Resolves once the file is whole. */
  async close() {
    if (!this.#ffmpeg || this.#ffmpeg.exitCode !== null) return;
    const exit = once(this.#ffmpeg, 'exit');
    this.#ffmpeg.stdin.end();
    await exit;
  }

  /** Writes what is whole, oldest first. */
  #write() {
    for (;;) {
      const [timestamp] = [...this.#waiting.keys()].sort((a, b) => (a - b) | 0);
      const frame = timestamp === undefined ? undefined : whole(this.#waiting.get(timestamp));
      if (!frame && this.#waiting.size <= MAX_WAITING) return;
      this.#waiting.delete(timestamp);
      if (!frame) this.onLoss();
      this.#broken = frame ? this.#broken && !frame.isKeyframe : true;
      if (!this.#broken) this.#append(frame.data, this.#advance(timestamp));
    }
  }

  #append(data, time) {
    this.#ffmpeg ??= startWriter(this.#path);
    this.#ffmpeg.stdin.write(ivfFrame(data, time));
  }

  /** RTP timestamps have 32 bits and begin anywhere. @returns the time since the first frame */
  #advance(timestamp) {
    this.#time += this.#timestamp === undefined ? 0 : (timestamp - this.#timestamp) >>> 0;
    this.#timestamp = timestamp;
    return this.#time;
  }
}

function startWriter(path) {
  const codec = /\.(webm|mkv)$/i.test(path) ? ['-c:v', 'copy'] : ['-fps_mode', 'vfr', '-pix_fmt', 'yuv420p'];
  const args = ['-y', '-loglevel', 'error', '-f', 'ivf', '-i', 'pipe:0', ...codec, path];
  const ffmpeg = spawn(process.env.FFMPEG_PATH ?? 'ffmpeg', args, { stdio: ['pipe', 'ignore', 'inherit'] });
  ffmpeg.stdin.on('error', () => {}); // FFmpeg ended, and has said why
  ffmpeg.stdin.write(ivfHeader());
  return ffmpeg;
}

/** The frame that some packets make; undefined while one of them is missing. */
function whole(packets) {
  const [firstNumber, first] = [...packets].find(([, { isFirst }]) => isFirst) ?? [];
  const parts = [];
  for (let number = firstNumber; packets.has(number); number = (number + 1) & 0xffff) {
    const { data, marker } = packets.get(number);
    parts.push(data);
    if (marker) return { data: Buffer.concat(parts), isKeyframe: first.isKeyframe };
  }
  return undefined;
}

/** Sizes are in the key frames. */
function ivfHeader() {
  const header = Buffer.alloc(32);
  header.write('DKIF');
  header.writeUInt16LE(header.length, 6);
  header.write('VP80', 8);
  header.writeUInt32LE(CLOCK_RATE, 16);
  header.writeUInt32LE(1, 20);
  return header;
}

function ivfFrame(data, time) {
  const header = Buffer.alloc(12);
  header.writeUInt32LE(data.length);
  header.writeBigUInt64LE(BigInt(time), 4);
  return Buffer.concat([header, data]);
}
