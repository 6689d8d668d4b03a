import { once } from 'node:events';
import { WebSocket } from 'ws';
import { readFrame } from '../../protocol/frames.ts';

/** Watches a session over a WebSocket and acknowledges each frame as it comes. */
export async function watchDelays(url: string, sessionId: string) {
  const socket = new WebSocket(new URL(`/ws/frames?session=${sessionId}`, url.replace('http', 'ws')));
  const delays: number[] = [];
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) return;
    const { header } = readFrame(data);
    delays.push(performance.timeOrigin + performance.now() - header.captureTime);
    socket.send(JSON.stringify({ type: 'ack', frame: header.sequence }));
  });
  await once(socket, 'open');
  return {
    /** Milliseconds of each frame since the last call. */
    take: () => delays.splice(0),
    close: () => socket.close(),
  };
}
