import { SightlineError } from '../../protocol/errors.ts';
import { NalType, nalFlags, nalType, splitAnnexB } from './nal-unit.ts';
import type { OutgoingPayload } from './packet.ts';
import type { Packetizer, PacketizerOptions } from './packetizer.ts';
import { splitEvenly } from './split-evenly.ts';

/**
 * Splits H.264 access units in Annex B form (RFC 6184). Packetization mode 1: neighbours that fit together share a
 * STAP-A (the parameter sets before a key frame), a unit that does not fit goes in FU-As, any other one by itself.
 * Mode 0: each unit by itself, which the encoder must have made small enough.
 */
export class H264Packetizer implements Packetizer {
  readonly #maxPayloadBytes: number;
  readonly #singleUnits: boolean;

  constructor({ maxPayloadBytes, packetizationMode }: Required<PacketizerOptions>) {
    this.#maxPayloadBytes = maxPayloadBytes;
    this.#singleUnits = packetizationMode === 0;
  }

  /**
   * Payloads of single units are views of the access unit.
   * @throws SightlineError `codec-failed` when it is not Annex B, and where a unit is too large for mode 0
   */
  packetize(accessUnit: Uint8Array): OutgoingPayload[] {
    const units = splitAnnexB(accessUnit);
    if (units === undefined) {
      const found = accessUnit.subarray(0, 4).join(' ');
      throw new SightlineError(
        'codec-failed',
        `Cannot packetize an H.264 access unit: expected an Annex B start code, found ${found || 'nothing'}`,
      );
    }
    const payloads = this.#singleUnits
      ? units.map((unit) => this.#expectFit(unit))
      : this.#group(units).flatMap((group) => this.#toPayloads(group));
    return payloads.map((payload, index) => ({ payload, marker: index === payloads.length - 1 }));
  }

  #expectFit(unit: Uint8Array): Uint8Array {
    if (unit.length <= this.#maxPayloadBytes) return unit;
    const expected = `expected NAL units of ${this.#maxPayloadBytes} bytes at most, found one of ${unit.length}`;
    throw new SightlineError('codec-failed', `Cannot packetize H.264 in packetization mode 0: ${expected}`);
  }

  /** Neighbours that fit into one STAP-A together. */
  #group(units: readonly Uint8Array[]): Uint8Array[][] {
    const groups: Uint8Array[][] = [];
    let bytes = Number.POSITIVE_INFINITY;
    for (const unit of units) {
      bytes += 2 + unit.length;
      if (bytes <= this.#maxPayloadBytes) groups.at(-1)?.push(unit);
      else {
        groups.push([unit]);
        bytes = 1 + 2 + unit.length;
      }
    }
    return groups;
  }

  #toPayloads(group: readonly Uint8Array[]): Uint8Array[] {
    const [unit] = group;
    if (unit === undefined) return [];
    if (group.length > 1) return [aggregate(group)];
    return unit.length <= this.#maxPayloadBytes ? [unit] : fragment(unit, this.#maxPayloadBytes);
  }
}

/** STAP-A (section 5.7.1): its importance is that of the most important unit in it. */
function aggregate(units: readonly Uint8Array[]): Uint8Array {
  const payload = new Uint8Array(units.reduce((bytes, unit) => bytes + 2 + unit.length, 1));
  payload[0] = Math.max(...units.map((unit) => nalFlags(unit[0] ?? 0))) | NalType.STAP_A;
  let offset = 1;
  for (const unit of units) {
    payload[offset] = unit.length >> 8;
    payload[offset + 1] = unit.length & 0xff;
    payload.set(unit, offset + 2);
    offset += 2 + unit.length;
  }
  return payload;
}

/** FU-A (section 5.8): the unit's first byte is told by the two bytes that each fragment begins with. */
function fragment(unit: Uint8Array, maxPayloadBytes: number): Uint8Array[] {
  const header = unit[0] ?? 0;
  const parts = splitEvenly(unit.subarray(1), maxPayloadBytes - 2);
  return parts.map((part, index) => {
    const start = index === 0 ? 0x80 : 0;
    const end = index === parts.length - 1 ? 0x40 : 0;
    const payload = new Uint8Array(2 + part.length);
    payload[0] = nalFlags(header) | NalType.FU_A;
    payload[1] = start | end | nalType(header);
    payload.set(part, 2);
    return payload;
  });
}
