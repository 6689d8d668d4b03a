import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type PeerConfig, readConfig } from '../../peer/config.ts';
import type { CommandContext } from '../command.ts';

/** More workers than this gain little and take memory. */
const MOST_WORKERS = 4;

/** What only a peer of a server has. */
const NO_SERVER = {
  SIGHTLINE_SIGNALING_URL: 'http://127.0.0.1',
  SIGHTLINE_PEER_TOKEN: '-',
  SIGHTLINE_PEER_ID: 'infer',
} as const;

/**
 * The settings of a media peer, as far as they concern models and codecs. Nothing here has to answer in time, so the
 * model has a worker on every processor.
 * @throws SightlineError `config-invalid`
 */
export function readSettings(environment: CommandContext['environment']): PeerConfig {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const workers = String(Math.min(MOST_WORKERS, availableParallelism()));
  const variables = { SIGHTLINE_INFERENCE_WORKERS: workers, ...set, ...NO_SERVER };
  return readConfig(variables, fileURLToPath(new URL('../../.cache/models', import.meta.url)));
}
