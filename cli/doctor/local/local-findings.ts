import { type Findings, failed, guarded, ok } from '../finding.ts';
import { addressFindings } from './address-findings.ts';
import { modelFindings } from './model-findings.ts';
import { httpPortFindings, mediaPortFindings, udpLoopbackFindings } from './port-findings.ts';
import { clockFindings, codecFindings, nodeFindings } from './program-findings.ts';
import { relayFindings } from './relay-findings.ts';
import { readSettings } from './settings.ts';

/** Looks at this machine, with the settings that `npm start` would have here. Asks no server that they do not name. */
export async function* localFindings(environment: Readonly<Record<string, string | undefined>>): Findings {
  const settings = readSettings(environment);
  const codec =
    'peer' in settings ? settings.peer.codec : { preference: 'auto' as const, ffmpegPath: undefined };
  yield* guarded('node', nodeFindings());
  yield* guarded('clock', clockFindings());
  yield* guarded('codec', codecFindings(codec));
  yield* guarded('udp', udpLoopbackFindings());
  if (!('signaling' in settings)) {
    for (const fault of settings) yield failed('settings', 'settings-invalid', fault);
    return;
  }
  yield ok('settings', 'The settings are valid');
  yield* guarded('model', modelFindings(settings));
  yield* guarded('http-port', httpPortFindings(settings));
  if (settings.signaling.localPeers > 0) {
    yield* guarded('media-ports', mediaPortFindings(settings));
    yield* guarded('addresses', addressFindings(settings));
  }
  yield* guarded('turn', relayFindings(settings));
}
