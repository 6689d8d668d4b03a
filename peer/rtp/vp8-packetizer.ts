import type { OutgoingPayload } from './packet.ts';
import type { Packetizer } from './packetizer.ts';
import { splitEvenly } from './split-evenly.ts';

export interface Vp8PacketizerOptions {
  maxPayloadBytes: number;
  /** Picture id of the first frame, 15 bits. */
  firstPictureId?: number;
}

const DESCRIPTOR_BYTES = 4;
const EXTENDED = 0x80;
const START_OF_PARTITION = 0x10;
const HAS_PICTURE_ID = 0x80;
const LONG_PICTURE_ID = 0x80;

/**
 * Splits VP8 frames (RFC 7741) with a picture id of 15 bits. The whole frame counts as partition 0: where partitions
 * lie is known to the encoder alone, and receivers need only where the frame begins.
 */
export class Vp8Packetizer implements Packetizer {
  readonly #maxDataBytes: number;
  #pictureId: number;

  constructor({ maxPayloadBytes, firstPictureId = 0 }: Vp8PacketizerOptions) {
    this.#maxDataBytes = maxPayloadBytes - DESCRIPTOR_BYTES;
    this.#pictureId = firstPictureId;
  }

  packetize(frame: Uint8Array): OutgoingPayload[] {
    const parts = splitEvenly(frame, this.#maxDataBytes);
    const payloads = parts.map((part, index) => ({
      payload: this.#payload(part, index === 0),
      marker: index === parts.length - 1,
    }));
    this.#pictureId = (this.#pictureId + 1) & 0x7fff;
    return payloads;
  }

  #payload(data: Uint8Array, first: boolean): Uint8Array {
    const payload = new Uint8Array(DESCRIPTOR_BYTES + data.length);
    payload[0] = EXTENDED | (first ? START_OF_PARTITION : 0);
    payload[1] = HAS_PICTURE_ID;
    payload[2] = LONG_PICTURE_ID | (this.#pictureId >> 8);
    payload[3] = this.#pictureId & 0xff;
    payload.set(data, DESCRIPTOR_BYTES);
    return payload;
  }
}
