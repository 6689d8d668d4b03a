/** Decodes a frame with an ffmpeg process, says so, and then does nothing until somebody ends it. */
import { openProcessCodecs } from '../../peer/codec/process/codecs.ts';
import { encodeSequence } from '../peer/codec/sequences.ts';

const codecs = await openProcessCodecs(process.env['FFMPEG_PATH']);
const decoder = await codecs.openDecoder('VP8');
const [key] = await encodeSequence({ codec: 'VP8', width: 320, height: 240 }, 1);
if (key) (await decoder.decode(key))?.close();
process.stdout.write('decoded\n');
setInterval(() => {}, 60_000);
