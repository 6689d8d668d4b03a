import { fileURLToPath } from 'node:url';
import { SightlineError } from '../protocol/errors.ts';
import { codecInfo } from './codec/codec-info.ts';
import { liveNatives } from './codec/natives.ts';
import { readConfig } from './config.ts';
import { Engines } from './engines.ts';
import { LoadMeter } from './load-meter.ts';
import { createLogger } from './log.ts';
import { Sessions } from './sessions.ts';
import { SignalingLink } from './signaling-link.ts';

/** EX_CONFIG of sysexits.h: starting again would fail in the same way. */
const EXIT_CONFIG = 78;

async function main(): Promise<void> {
  const config = readConfig(process.env, fileURLToPath(new URL('../.cache/models', import.meta.url)));
  const log = createLogger(config.logLevel, config.peerId);
  const engines = await Engines.open(config, log);
  const sessions = new Sessions({ ...config, engines, log });
  const load = new LoadMeter(liveNatives);
  const registration = { models: engines.summaries(), maxSessions: config.maxSessions, codec: codecInfo() };
  const link = new SignalingLink({ config, registration, sessions, load, log });

  let stopping = false;
  const stop = async (reason: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await sessions.close(reason);
    link.close();
    load.close();
    await engines.close();
  };
  const stopAndExit = (reason: string, status = 0) => {
    stop(reason).then(
      () => process.exit(status),
      (error: unknown) => {
        log.error({ error }, 'Not stopped cleanly');
        process.exit(1);
      },
    );
  };
  void engines.failed.then((reason) => {
    log.error({ reason }, 'A model cannot be run any more; this media peer gives way to a new one');
    stopAndExit('the model failed', 1);
  });
  process.once('SIGTERM', () => stopAndExit('the media peer is stopping'));
  process.once('SIGINT', () => stopAndExit('the media peer is stopping'));
  // A local peer must not outlive the signaling process that started it.
  process.once('disconnect', () => stopAndExit('signaling went away'));
}

main().catch((error: unknown) => {
  const known = error instanceof SightlineError;
  process.stderr.write(
    `${known ? `${error.code}: ${error.message}` : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exit(known ? EXIT_CONFIG : 1);
});
