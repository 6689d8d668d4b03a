import type { IncomingCodec, OutgoingPayload } from '../../peer/rtp/packet.ts';
import { createPacketizer, type Packetizer } from '../../peer/rtp/packetizer.ts';

/** Splits frames of every codec that Sightline takes in; of the ones that it never sends as Chromium does. */
export function packetizerOf(codec: IncomingCodec, maxPayloadBytes: number): Packetizer {
  if (codec === 'VP9') return new Vp9Packetizer(maxPayloadBytes);
  if (codec === 'AV1') return new Av1Packetizer(maxPayloadBytes);
  return createPacketizer(codec, { maxPayloadBytes });
}

/** RFC 9628, non-flexible mode, one layer: picture id, TL0PICIDX, and the size of the picture with key frames. */
class Vp9Packetizer implements Packetizer {
  readonly #maxPayloadBytes: number;
  #pictureId = 0x7ffe;

  constructor(maxPayloadBytes: number) {
    this.#maxPayloadBytes = maxPayloadBytes;
  }

  packetize(frame: Uint8Array): OutgoingPayload[] {
    const keyframe = ((frame[0] ?? 0) & 0x0c) === 0;
    const structure = keyframe ? [0x18, 0x02, 0x80, 0x01, 0xe0, 1, 0x04, 1] : [];
    const payloads: OutgoingPayload[] = [];
    for (let offset = 0; offset < frame.length; ) {
      const first = offset === 0;
      const room = this.#maxPayloadBytes - 5 - (first ? structure.length : 0);
      const data = frame.subarray(offset, offset + room);
      offset += data.length;
      const last = offset === frame.length;
      const flags =
        0xa0 |
        (keyframe ? 0 : 0x40) |
        (first ? 0x08 : 0) |
        (last ? 0x04 : 0) |
        (first && keyframe ? 0x02 : 0);
      const id = [0x80 | (this.#pictureId >> 8), this.#pictureId & 0xff];
      const payload = Uint8Array.of(flags, ...id, 0, 0, ...(first ? structure : []), ...data);
      payloads.push({ payload, marker: last });
    }
    this.#pictureId = (this.#pictureId + 1) & 0x7fff;
    return payloads;
  }
}

/** AV1 payload format 1.0: no temporal delimiters, no sizes inside the OBUs, as much in each packet as fits. */
class Av1Packetizer implements Packetizer {
  readonly #maxPayloadBytes: number;

  constructor(maxPayloadBytes: number) {
    this.#maxPayloadBytes = maxPayloadBytes;
  }

  packetize(unit: Uint8Array): OutgoingPayload[] {
    const obus = splitObus(unit);
    const packets: { elements: Uint8Array[]; continues: boolean; open: boolean }[] = [];
    let packet = { elements: [] as Uint8Array[], continues: false, open: false };
    let room = this.#maxPayloadBytes - 1;
    const flush = (open: boolean) => {
      packets.push({ ...packet, open });
      packet = { elements: [], continues: open, open: false };
      room = this.#maxPayloadBytes - 1;
    };
    for (const obu of obus) {
      if (room < 5) flush(false);
      for (let offset = 0; offset < obu.length; ) {
        const element = obu.subarray(offset, offset + room - 2);
        packet.elements.push(element);
        offset += element.length;
        room -= element.length + 2;
        if (offset < obu.length) flush(true);
      }
    }
    flush(false);
    const keyframe = obus.some(([first = 0]) => first >> 3 === 1);
    return packets.map(({ elements, continues, open }, index) => {
      const count = elements.length <= 3 ? elements.length : 0;
      const flags =
        (continues ? 0x80 : 0) | (open ? 0x40 : 0) | (count << 4) | (keyframe && index === 0 ? 8 : 0);
      const body = elements.flatMap((element, at) => [
        ...(at + 1 === count ? [] : leb(element.length)),
        ...element,
      ]);
      return { payload: Uint8Array.of(flags, ...body), marker: index === packets.length - 1 };
    });
  }
}

/** The OBUs of a temporal unit in the low-overhead format, without sizes and without temporal delimiters. */
function splitObus(unit: Uint8Array): Uint8Array[] {
  const obus: Uint8Array[] = [];
  for (let offset = 0; offset < unit.length; ) {
    const header = unit[offset] ?? 0;
    let size = 0;
    let shift = 0;
    let at = offset + 1;
    for (let more = true; more; at += 1, shift += 7) {
      const byte = unit[at] ?? 0;
      size |= (byte & 0x7f) << shift;
      more = byte >= 0x80;
    }
    if (header >> 3 !== 2) obus.push(Uint8Array.of(header & ~2, ...unit.subarray(at, at + size)));
    offset = at + size;
  }
  return obus;
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7];
}
