/** Runs signaling as main.ts does, with the program in PEER_ENTRY as the media peer. */
import { serve } from '../../signaling/serve.ts';

const { PEER_ENTRY } = process.env;
await serve(PEER_ENTRY === undefined ? {} : { peerEntry: PEER_ENTRY });
