/**
 * Starts signaling with a local media peer and a fake one, takes a call on each, answers one too late, and closes.
 * Nothing ends this process: it goes on for as long as something is left open.
 */
import { fileURLToPath } from 'node:url';
import { ignoreOffer } from './fake-peer.ts';
import { TestSignaling } from './signaling.ts';

const server = await TestSignaling.start(
  {
    SIGHTLINE_PEERS: '1',
    SIGHTLINE_MAX_SESSIONS: '1',
    SIGHTLINE_OFFER_TIMEOUT_MS: '200',
    CHILD_PEER: 'serve',
  },
  { peerEntry: fileURLToPath(new URL('child-peer.ts', import.meta.url)) },
);
await server.nextRegistration();
const peer = await server.join();
const statuses = [(await server.offer()).status, (await server.offer()).status];
peer.onOffer = ignoreOffer;
statuses.push((await server.offer()).status);
await server[Symbol.asyncDispose]();
process.stdout.write(statuses.join(' '));
