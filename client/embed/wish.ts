/** The video that a page asks for, as `getUserMedia()` takes it, with what older pages say (`mandatory`, `optional`). */
export interface VideoWish extends MediaTrackConstraints {
  mandatory?: Record<string, unknown>;
  optional?: Record<string, unknown>[];
}

/** Which of our device's names a page uses, and whether it is the one for pages that name none. */
export interface OwnDevice {
  deviceId: string;
  groupId: string;
  isDefault: boolean;
}

/** Names of older Chromium for `deviceId`, and for the picture of a screen. */
const SOURCE_ID = 'sourceId';
const SCREEN = 'chromeMediaSource';

/**
 * What to ask the real camera for where a page asks for the annotated one: the same without our names. Null where it asks
 * for another camera, a screen, or none.
 */
export function cameraWish(
  wish: boolean | VideoWish | undefined,
  device: OwnDevice,
): true | VideoWish | null {
  if (wish === undefined || wish === false || wish === null) return null;
  if (wish === true) return device.isDefault ? true : null;
  if (wish.mandatory && SCREEN in wish.mandatory) return null;
  return asksFor(wish, device) ? withoutOwnNames(wish, device) : null;
}

/** What a page asks for as it was then, also where it is a proxy of the page's framework. */
export function plainCopy(wish: VideoWish): VideoWish {
  return JSON.parse(JSON.stringify(wish)) as VideoWish;
}

/** The same without the names of our device, which no real camera has; the page's own object stays as it is. */
export function withoutOwnNames(wish: VideoWish, device: OwnDevice): VideoWish {
  const { advanced, mandatory, optional, ...basic } = wish;
  return {
    ...withoutIds(basic, device),
    ...(advanced && { advanced: advanced.map((set) => withoutIds(set, device)) }),
    ...(mandatory && { mandatory: withoutIds(mandatory, device) }),
    ...(optional && { optional: optional.map((set) => withoutIds(set, device)) }),
  };
}

function asksFor({ advanced = [], mandatory = {}, optional = [], ...basic }: VideoWish, device: OwnDevice) {
  const required = [...exactOf(basic.deviceId), ...exactOf(mandatory[SOURCE_ID], true)];
  if (required.length > 0) return required.includes(device.deviceId);
  if (exactOf(basic.groupId).length > 0) return exactOf(basic.groupId).includes(device.groupId);
  const preferred = [
    ...idealOf(basic.deviceId),
    ...advanced.flatMap((set) => [...exactOf(set.deviceId), ...idealOf(set.deviceId)]),
    ...optional.flatMap((set) => exactOf(set[SOURCE_ID], true)),
  ];
  return preferred.length > 0 ? preferred.includes(device.deviceId) : device.isDefault;
}

/** @param bare whether a string by itself is a demand, as older names have it; it is a preference otherwise */
function exactOf(value: unknown, bare = false): string[] {
  if (typeof value === 'object' && value !== null && 'exact' in value) return strings(value.exact);
  return bare ? strings(value) : [];
}

function idealOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return strings(value);
  return 'ideal' in value ? strings(value.ideal) : [];
}

function strings(value: unknown): string[] {
  return [value].flat().filter((item): item is string => typeof item === 'string' && item !== '');
}

function withoutIds<Constraints extends object>(constraints: Constraints, device: OwnDevice): Constraints {
  const entries = Object.entries(constraints);
  const kept = entries.flatMap(([name, value]) => {
    if (name !== 'deviceId' && name !== 'groupId' && name !== SOURCE_ID) return [[name, value]];
    const named = [...exactOf(value, true), ...idealOf(value)];
    return named.some((id) => id === device.deviceId || id === device.groupId) ? [] : [[name, value]];
  });
  return Object.fromEntries(kept) as Constraints;
}
