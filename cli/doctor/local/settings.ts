import { fileURLToPath } from 'node:url';
import { type PeerConfig, readConfig as readPeerConfig } from '../../../peer/config.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import { readConfig as readSignalingConfig, type SignalingConfig } from '../../../signaling/config.ts';

/** The settings of both kinds of processes, as `npm start` would read them. */
export interface Settings {
  readonly signaling: SignalingConfig;
  readonly peer: PeerConfig;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @returns the settings, or what is wrong with them */
export function readSettings(environment: Environment): Settings | readonly string[] {
  const faults: string[] = [];
  const signaling = orFault(faults, () => readSignalingConfig(environment));
  const peer = orFault(faults, () => readPeerSettings(signaling?.peerEnvironment ?? environment));
  return signaling && peer ? { signaling, peer } : faults;
}

/** With stand-ins for what signaling tells each media peer when it starts it. */
function readPeerSettings(environment: Environment): PeerConfig {
  const told = {
    SIGHTLINE_SIGNALING_URL: 'http://127.0.0.1',
    SIGHTLINE_PEER_TOKEN: 'none',
    SIGHTLINE_PEER_ID: 'doctor',
  };
  const cache = fileURLToPath(new URL('../../../.cache/models', import.meta.url));
  return readPeerConfig({ ...environment, ...told }, cache);
}

function orFault<T>(faults: string[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SightlineError)) throw error;
    faults.push(error.message.replace(/\n\s*/g, ' '));
    return undefined;
  }
}
