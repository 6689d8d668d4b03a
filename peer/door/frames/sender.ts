import type { WebSocket } from 'ws';
import type { Detections } from '../../../protocol/detections.ts';
import { FRAME_CREDITS, type FrameConfigure } from '../../../protocol/frame-messages.ts';
import { newSessionId } from '../../new-session-id.ts';
import { ModelNotices } from '../../pipeline/model-notices.ts';
import { FeedSession } from '../../sources/feed-session.ts';
import { FrameIntake } from '../../sources/websocket/frame-intake.ts';
import { FramesConnection } from './connection.ts';
import { FramesOut } from './frames-out.ts';
import type { FramesRequest } from './query.ts';
import { type FramesOptions, MAX_MESSAGE_BYTES } from './route.ts';

type SenderRequest = Extract<FramesRequest, { role: 'sender' }>;

/**
 * Opens a session for one who sends frames, and ends it with the connection.
 * @throws SightlineError `sessions-exhausted`, and what `FeedSession.open()` and `JpegFeeds.join()` throw
 */
export async function openSender(
  socket: WebSocket,
  request: SenderRequest,
  options: FramesOptions,
): Promise<void> {
  const { sessions, engines, codecs, log, peerId } = options;
  const sessionId = newSessionId(peerId);
  const intake: FrameIntake = new FrameIntake({
    codecs,
    onFrame: (frame, record, { format }) => {
      session.connected(format);
      session.push(frame, record);
    },
    onDone: (frame) => sender.acknowledge(frame),
    onRefused: (error, frame) => sender.refuse(error, frame),
  });
  const session = await sessions.admit(sessionId, () =>
    FeedSession.open({
      sessionId,
      settings: request.settings,
      via: 'websocket',
      engines,
      codecs,
      log,
      captureTime: ({ timestamp }) => intake.times.find(timestamp)?.captureTime ?? Date.now(),
      onClosing: () => intake.close(),
    }),
  );
  if (socket.readyState !== socket.OPEN) {
    await session.close('the sender went away');
    return;
  }
  let sender: Sender;
  try {
    sender = new Sender(socket, { request, session, sessionId, intake, feeds: options.feeds });
  } catch (error) {
    await session.close('the sender was turned away');
    throw error;
  }
}

interface SenderOptions extends Pick<FramesOptions, 'feeds'> {
  readonly request: SenderRequest;
  readonly session: FeedSession;
  readonly sessionId: string;
  readonly intake: FrameIntake;
}

/** The connection of one who sends frames. */
class Sender {
  readonly #options: SenderOptions;
  readonly #connection: FramesConnection;
  readonly #frames: FramesOut;

  constructor(socket: WebSocket, options: SenderOptions) {
    this.#options = options;
    const { request, session, intake, feeds } = options;
    const { wish } = request;
    this.#frames = new FramesOut({
      socket,
      wish,
      sequenceOf: ({ timestamp }) => intake.times.find(timestamp)?.sequence ?? 0,
      join: (reader) => feeds.join(session.scene, wish, reader),
    });
    if (request.annotated) this.#frames.start();
    this.#connection = new FramesConnection(socket, {
      onConfigure: (message) => void this.#configure(message),
      onAck: (frame) => this.#frames.acknowledge(frame),
      onFrame: (message) => intake.push(message),
      stats: () => ({
        in: intake.stats(),
        out: { ...this.#frames.stats(), ...this.#connection.text.stats() },
      }),
      onClose: () => {
        this.#frames.stop();
        void session.close('the sender went away');
      },
    });
    session.scene.on('result', (result) => this.#tell(result));
    const notices = new ModelNotices((notice) => this.#connection.text.send(notice));
    session.scene.on('model', (...change) => notices.update(...change));
    session.once('close', (reason) => {
      this.#frames.stop();
      this.#connection.end(reason);
    });
    this.#greet();
  }

  acknowledge(frame: number): void {
    const { dropped } = this.#options.intake.stats();
    this.#connection.text.send({ type: 'ack', frame, dropped });
  }

  refuse(error: unknown, frame: number | undefined): void {
    this.#connection.refuse(error, frame === undefined ? {} : { frame });
  }

  #greet(): void {
    this.#connection.text.send({
      type: 'session',
      v: 1,
      sessionId: this.#options.sessionId,
      role: 'sender',
      credits: FRAME_CREDITS,
      maxMessageBytes: MAX_MESSAGE_BYTES,
    });
  }

  #tell(result: Detections): void {
    const sent = this.#options.intake.times.find(result.rtpTimestamp);
    this.#connection.text.send({ ...result, ...(sent && { frame: sent.sequence }) });
  }

  async #configure({ type: _, id, annotated, ...changes }: FrameConfigure): Promise<void> {
    const about = id === undefined ? {} : { id };
    try {
      if (annotated === true) this.#frames.start();
      const settings = await this.#options.session.configure(changes);
      if (annotated === false) this.#frames.stop();
      this.#connection.text.send({ type: 'configured', ...about, ...settings, annotated: this.#frames.isOn });
    } catch (error) {
      this.#connection.refuse(error, about);
    }
  }
}
