/** Loads the codec that is chosen, encodes a film of a second, and writes both as JSON. */
import { z } from 'zod';
import { loadCodecs } from '../../../peer/codec/load-codecs.ts';
import { createLogger } from '../../../peer/log.ts';
import { syntheticFilm } from './synthetic-film.ts';

const [wanted, ffmpegPath] = process.argv.slice(2);
const preference = z.enum(['auto', 'node-av', 'ffmpeg']).default('auto').parse(wanted);
const codecs = await loadCodecs({ preference, ffmpegPath }, createLogger('silent', 'doctor'));
const film = await syntheticFilm(codecs);
process.stdout.write(
  JSON.stringify({ codec: codecs.info, film: film.map((data) => Buffer.from(data).toString('base64')) }),
);
