/** One acknowledged packet: milliseconds of the sender's clock and of the receiver's. */
export interface PacketTiming {
  readonly sentMs: number;
  readonly arrivalMs: number;
}

/** How two consecutive groups of packets lie apart where they were sent and where they arrived. */
export interface GroupDelta {
  readonly sentMs: number;
  readonly arrivedMs: number;
  /** When the later group arrived, on the receiver's clock. */
  readonly arrivalMs: number;
}

interface Group {
  readonly firstSent: number;
  readonly firstArrival: number;
  lastSent: number;
  lastArrival: number;
}

/** Packets sent within this of the first are one group. */
const GROUP_MS = 5;
/** A link that has become slow shows before a whole large frame has arrived: groups do not take longer than this. */
const MAX_ARRIVAL_MS = 40;
/** Packets that arrive at once after having been held up belong together, up to this long. */
const MAX_BURST_MS = 100;

/** Groups packets as they were sent and compares the groups (draft-ietf-rmcat-gcc-02, sections 5.2 and 5.3). */
export class PacketGroups {
  #previous: Group | undefined;
  #current: Group | undefined;

  /** Takes packets in the order of arrival. Returns a delta whenever a group is complete. */
  push(packet: PacketTiming): GroupDelta | undefined {
    const group = this.#current;
    // One that was overtaken by a whole group says nothing of the queue now.
    if (group !== undefined && packet.sentMs < group.firstSent) return undefined;
    if (group !== undefined && belongs(packet, group)) {
      group.lastSent = Math.max(group.lastSent, packet.sentMs);
      group.lastArrival = Math.max(group.lastArrival, packet.arrivalMs);
      return undefined;
    }
    const { sentMs, arrivalMs } = packet;
    const delta = this.#previous && group && difference(this.#previous, group);
    this.#previous = group;
    this.#current = {
      firstSent: sentMs,
      firstArrival: arrivalMs,
      lastSent: sentMs,
      lastArrival: arrivalMs,
    };
    return delta;
  }
}

function belongs(packet: PacketTiming, group: Group): boolean {
  if (packet.sentMs - group.firstSent <= GROUP_MS) {
    return packet.arrivalMs - group.firstArrival <= MAX_ARRIVAL_MS;
  }
  const arrived = packet.arrivalMs - group.lastArrival;
  const heldUp = arrived < packet.sentMs - group.lastSent;
  return heldUp && arrived <= GROUP_MS && packet.arrivalMs - group.firstArrival < MAX_BURST_MS;
}

function difference(previous: Group, group: Group): GroupDelta {
  return {
    sentMs: group.lastSent - previous.lastSent,
    arrivedMs: group.lastArrival - previous.lastArrival,
    arrivalMs: group.lastArrival,
  };
}
