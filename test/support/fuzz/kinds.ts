import type { EncodedFrame } from '../../../peer/codec/encoder.ts';
import type { Attacker } from './attacker.ts';
import { dataCorpus, dtlsCorpus, rtcpCorpus, rtpCorpus, sctpCorpus, stunCorpus } from './corpus.ts';
import { below, mutate, type Random } from './mutate.ts';

/** Makes a message of the corpus and sends it. @returns what was made, before it was wrapped */
type Shot = (attacker: Attacker, corpus: readonly Buffer[], random: Random) => Promise<Buffer>;

interface Kind {
  readonly corpus: (attacker: Attacker, film: readonly EncodedFrame[]) => Buffer[];
  readonly shoot: Shot;
}

const rtp: Kind['corpus'] = (attacker, film) => rtpCorpus('VP8', film, attacker.names);
const rtcp: Kind['corpus'] = (attacker) => rtcpCorpus(attacker.names);

/** The layers of a call that are fuzzed. `srtp` is what is damaged after it was protected; the rest before. */
export const kinds = {
  rtp: {
    corpus: rtp,
    shoot: (attacker, corpus, random) =>
      made(mutate(corpus, random), (packet) => {
        // In its place behind the last, most get as far as the decoder.
        const placed = random() < 0.7 ? attacker.placeRtp(packet) : packet;
        return attacker.sendDatagram(attacker.protectRtp(placed));
      }),
  },
  rtcp: {
    corpus: rtcp,
    shoot: (attacker, corpus, random) =>
      made(mutate(corpus, random), (packet) => attacker.sendDatagram(attacker.protectRtcp(packet))),
  },
  srtp: {
    corpus: (attacker, film) => [
      ...rtp(attacker, film).map((packet) => attacker.protectRtp(packet)),
      ...rtcp(attacker, film).map((packet) => attacker.protectRtcp(packet)),
    ],
    shoot: (attacker, corpus, random) => made(mutate(corpus, random), fromEither(attacker, random)),
  },
  stun: {
    corpus: (attacker) => stunCorpus(attacker.userName),
    shoot: (attacker, corpus, random) => {
      const message = mutate(corpus, random);
      return made(random() < 0.5 ? attacker.signStun(message) : message, fromEither(attacker, random));
    },
  },
  dtls: {
    corpus: () => dtlsCorpus(),
    shoot: (attacker, corpus, random) => made(mutate(corpus, random), fromEither(attacker, random)),
  },
  sctp: {
    corpus: () => sctpCorpus(),
    shoot: (attacker, corpus, random) =>
      made(mutate(corpus, random), (chunks) =>
        attacker.sendChunks(random() < 0.5 ? withRightLength(chunks) : chunks),
      ),
  },
  data: {
    corpus: () => dataCorpus(),
    shoot: (attacker, corpus, random) =>
      made(mutate(corpus, random), (message) => {
        const anywhere = random() < 0.3;
        const stream = below(random, 40);
        const protocol = 50 + below(random, 10);
        // The library would wait for ever to send nothing.
        const bytes = anywhere && message.length === 0 ? Buffer.from([2]) : message;
        return attacker.sendMessage(bytes, anywhere ? { stream, protocol } : { channel: stream });
      }),
  },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof kinds;

function fromEither(attacker: Attacker, random: Random): (datagram: Buffer) => Promise<void> {
  return async (datagram) => {
    if (random() < 0.5) attacker.sendFromOutside(datagram);
    else await attacker.sendDatagram(datagram);
  };
}

/** One chunk with the length that it has. */
function withRightLength(chunk: Buffer): Buffer {
  if (chunk.length < 4) return chunk;
  const right = Buffer.from(chunk);
  right.writeUInt16BE(chunk.length, 2);
  return right;
}

async function made(message: Buffer, send: (message: Buffer) => Promise<void>): Promise<Buffer> {
  await send(message);
  return message;
}
