import type { WebSocket } from 'ws';
import type { Detections } from '../../../protocol/detections.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import { sceneOf } from '../../scene-of.ts';
import { FramesConnection } from './connection.ts';
import { FramesOut } from './frames-out.ts';
import type { FramesRequest } from './query.ts';
import { type FramesOptions, MAX_MESSAGE_BYTES } from './route.ts';

/**
 * Sends what goes on in a session to one who watches it, until either ends.
 * @throws SightlineError `session-unknown`, `picture-missing`, `camera-unknown`, and as `JpegFeeds.join()`
 */
export function openWatcher(
  socket: WebSocket,
  { sessionId, mid, annotated, wish }: Extract<FramesRequest, { role: 'watcher' }>,
  { sessions, feeds }: FramesOptions,
): void {
  const session = sessions.get(sessionId);
  const scene = sceneOf(session, mid);
  const frames = new FramesOut({
    socket,
    wish,
    sequenceOf: ({ frame }) => frame,
    join: (reader) => feeds.join(scene, wish, reader),
  });
  if (annotated) frames.start();
  const onResult = (result: Detections) => connection.text.send(result);
  const onSessionClose = () => connection.end('the session ended');
  const connection: FramesConnection = new FramesConnection(socket, {
    onConfigure: ({ id }) => connection.refuse(notTheSender(), id === undefined ? {} : { id }),
    onAck: (frame) => frames.acknowledge(frame),
    onFrame: () => connection.refuse(unexpected()),
    stats: () => ({ in: NOTHING_IN, out: { ...frames.stats(), ...connection.text.stats() } }),
    onClose: () => {
      frames.stop();
      scene.off('result', onResult);
      session.off('close', onSessionClose);
    },
  });
  scene.on('result', onResult);
  session.once('close', onSessionClose);
  connection.text.send({
    type: 'session',
    v: 1,
    sessionId,
    role: 'watcher',
    credits: 0,
    maxMessageBytes: MAX_MESSAGE_BYTES,
  });
}

const NOTHING_IN = { frames: 0, dropped: 0, refused: 0, bytes: 0 };

function notTheSender(): SightlineError {
  const message =
    'Cannot change settings: expected the connection that sends the frames, found one that watches';
  return new SightlineError('frame-message-invalid', message);
}

function unexpected(): SightlineError {
  const message = 'Cannot take a frame: expected none of a connection that watches a session, found one';
  return new SightlineError('frame-unexpected', message);
}
