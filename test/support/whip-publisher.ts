/**
 * The program of a WHIP client: FFmpeg's own `whip` muxer, in the library that node-av brings, sends a test picture of
 * 640×480 to the address that is its argument, until it is killed.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Decoder, Demuxer, Encoder, Muxer } from 'node-av';
import { FF_ENCODER_LIBX264 } from 'node-av/constants';

const FRAME_MS = 1000 / 30;

const [url = ''] = process.argv.slice(2);
const input = await Demuxer.open('testsrc2=size=640x480:rate=30', { format: 'lavfi' });
const stream = input.video();
if (!stream) throw new Error('Expected a test picture');
const decoder = await Decoder.create(stream);
const encoder = await Encoder.create(FF_ENCODER_LIBX264, {
  decoder,
  bitrate: '1M',
  gopSize: 30,
  options: { preset: 'ultrafast', tune: 'zerolatency', profile: 'baseline', bf: 0 },
});
const muxer = await Muxer.open(url, { format: 'whip' });
const out = muxer.addStream(encoder);
const started = performance.now();
let sent = 0;
for await (const frame of decoder.frames(input.packets(stream.index))) {
  if (!frame) continue;
  for await (const packet of encoder.packets(frame)) if (packet) await muxer.writePacket(packet, out);
  await delay(Math.max(0, started + ++sent * FRAME_MS - performance.now()));
}
