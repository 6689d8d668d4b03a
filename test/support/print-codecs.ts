/** Loads all that a media peer loads, and prints which codec it would use. */
import '../../peer/sessions.ts';
import { loadCodecs } from '../../peer/codec/load-codecs.ts';
import { readConfig } from '../../peer/config.ts';
import { createLogger } from '../../peer/log.ts';

const { codec } = readConfig(
  {
    SIGHTLINE_SIGNALING_URL: 'http://127.0.0.1:1',
    SIGHTLINE_PEER_TOKEN: 'none',
    SIGHTLINE_PEER_ID: 'p1',
    FFMPEG_PATH: process.env['FFMPEG_PATH'],
    SIGHTLINE_CODEC: process.argv[2],
  },
  '.',
);
const codecs = await loadCodecs(codec, createLogger('warn', 'test'));
process.stdout.write(codecs.info);
