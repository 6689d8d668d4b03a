import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A film as RTP packets of VP8 at its own speed: FFmpeg reads, decodes and encodes it, and sends them to us by UDP. */
export class Film {
  /** Told each packet, as bytes. */
  onPacket = () => {};
  /** Resolves at the end of the film. */
  ended;
  #socket = createSocket('udp4');
  #ffmpeg;

  /** @param options `format` of what is no file, as `v4l2` or `lavfi`; `loop` */
  constructor(source, { format, loop }) {
    this.#socket.on('message', (packet) => this.onPacket(packet));
    this.ended = this.#play([
      ...(loop ? ['-stream_loop', '-1'] : []),
      ...(format ? ['-f', format] : []),
      ...['-re', '-i', source],
    ]);
  }

  stop() {
    this.#ffmpeg?.kill();
  }

  async #play(input) {
    this.#socket.bind(0, '127.0.0.1');
    await once(this.#socket, 'listening');
    const { port } = this.#socket.address();
    // FFmpeg cannot be asked for a key frame, so one comes each second.
    const encoder = '-an -c:v libvpx -deadline realtime -cpu-used 8 -b:v 2M -g 30 -pix_fmt yuv420p'.split(
      ' ',
    );
    const output = ['-f', 'rtp', `rtp://127.0.0.1:${port}?pkt_size=1200`];
    const args = ['-nostdin', '-loglevel', 'error', ...input, ...encoder, ...output];
    this.#ffmpeg = spawn(process.env.FFMPEG_PATH ?? 'ffmpeg', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code, signal] = await once(this.#ffmpeg, 'exit');
    this.#socket.close();
    if (code !== 0 && signal === null && code !== 255) throw new Error('FFmpeg cannot read the film');
  }
}
