import { fileURLToPath } from 'node:url';
import { SightlineError } from '../protocol/errors.ts';
import { loadCodecs } from './codec/load-codecs.ts';
import { readConfig } from './config.ts';
import { addFrames } from './door/frames/route.ts';
import { addInfer } from './door/infer/route.ts';
import { addPictures } from './door/pictures.ts';
import { addRecordings } from './door/recordings/routes.ts';
import { Door } from './door/server.ts';
import { addSources } from './door/sources.ts';
import { Engines } from './engines.ts';
import { IdleCollector } from './idle-collector.ts';
import { LoadMeter } from './load-meter.ts';
import { createLogger } from './log.ts';
import { Recordings } from './recordings/recordings.ts';
import { Sessions } from './sessions.ts';
import { SignalingLink } from './signaling-link.ts';
import { JpegFeeds } from './sinks/jpeg-feeds.ts';
import { expectBindable } from './transport/media-ports.ts';

/** EX_CONFIG of sysexits.h: starting again would fail in the same way. */
const EXIT_CONFIG = 78;
/** Stopping takes no longer than this; what hangs then ends with the process. */
const STOP_LIMIT_MS = 4_000;
/** Whether signaling started this process: then there is a channel to it. */
const isLocal = process.connected;

async function main(): Promise<void> {
  const config = readConfig(process.env, fileURLToPath(new URL('../.cache/models', import.meta.url)));
  await expectBindable(config.ice.addresses);
  const log = createLogger(config.logLevel, config.peerId);
  const codecs = await loadCodecs(config.codec, log);
  const engines = await Engines.open(config, log);
  const load = new LoadMeter(
    () => codecs.live,
    () => engines.remoteRuns,
  );
  const sessions = new Sessions({ ...config, codecs, engines, load, log });
  const idle = new IdleCollector();
  sessions.on('opened', () => idle.onSessions(sessions.size));
  sessions.on('closed', () => idle.onSessions(sessions.size));
  const door = await Door.open({ ...config.door, log });
  addInfer(door, { codecs, models: engines, log });
  const feeds = new JpegFeeds({ codecs, maxReaders: config.maxViewers, log });
  addPictures({ door, sessions, feeds });
  addFrames({ ...config, door, sessions, feeds, engines, codecs, log });
  addSources(door, { ...config, rules: config.sources, sessions, engines, codecs, log });
  const recordings = await Recordings.open({ ...config, ...config.recordings, sessions, codecs, log });
  addRecordings(door, recordings);
  const registration = () => ({
    models: engines.summaries(),
    maxSessions: config.maxSessions,
    codec: codecs.info,
    door: door.address,
  });
  const link = new SignalingLink({ config, registration, sessions, load, log });
  engines.on('loaded', () => link.register());
  engines.on('placed', () => link.register());

  const stop = async (reason: string): Promise<void> => {
    await Promise.all([sessions.close(reason), door.close()]);
    await recordings.close();
    link.close();
    idle.close();
    load.close();
    await engines.close();
  };
  let stopping: Promise<void> | undefined;
  // One Ctrl-C comes as SIGINT from the terminal, as SIGTERM from signaling and as its end: the first of them counts.
  const stopAndExit = (reason: string, status = 0) => {
    if (stopping) return;
    setTimeout(() => process.exit(status), STOP_LIMIT_MS).unref();
    stopping = stop(reason).then(
      () => process.exit(status),
      (error: unknown) => {
        log.error({ error }, 'Not stopped cleanly');
        process.exit(1);
      },
    );
  };
  engines.on('lost', (id, reason) => {
    link.register();
    if (id !== engines.defaultId) return;
    log.error({ reason }, 'The default model is lost; this media peer gives way to a new one');
    stopAndExit('the model failed', 1);
  });
  // A promise of the WebRTC library that nobody awaits must not end the calls of everybody.
  process.on('unhandledRejection', (error) => log.error({ error }, 'A rejection that nobody handled'));
  process.on('SIGTERM', () => stopAndExit('the media peer is stopping'));
  process.on('SIGINT', () => stopAndExit('the media peer is stopping'));
  // A local peer must not outlive the signaling process that started it.
  process.once('disconnect', () => stopAndExit('signaling went away'));
  if (isLocal && !process.connected) stopAndExit('signaling went away');
}

main().catch((error: unknown) => {
  const known = error instanceof SightlineError;
  process.stderr.write(
    `${known ? `${error.code}: ${error.message}` : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exit(known ? EXIT_CONFIG : 1);
});
