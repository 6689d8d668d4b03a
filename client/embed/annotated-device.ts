import { type OwnDevice, plainCopy, withoutOwnNames } from './wish.ts';

/** The device as it shows in `enumerateDevices()`. */
export interface AnnotatedDevice extends OwnDevice {
  label: string;
}

/** Same in every page and at every visit, because pages remember which camera was chosen. */
export const DEVICE_ID = 'sightline-annotated-camera';

/**
 * Lists the device beside real cameras, under the same rules: where there is no camera there is none to annotate, and
 * before the person has allowed one its name stays hidden (W3C mediacapture-streams, section 9.2.1).
 */
export function withDevice(devices: readonly MediaDeviceInfo[], device: AnnotatedDevice): MediaDeviceInfo[] {
  const cameras = devices.filter(({ kind }) => kind === 'videoinput');
  const [camera] = cameras;
  if (!camera || !cameras.some(({ label }) => label !== '')) return [...devices];
  const entry = describe(device, camera);
  // First is what pages take that ask for none.
  const at = device.isDefault ? devices.indexOf(camera) : devices.lastIndexOf(cameras.at(-1) ?? camera) + 1;
  return devices.toSpliced(at, 0, entry);
}

/** An object of the same kind as a real camera's. */
function describe({ deviceId, groupId, label }: AnnotatedDevice, camera: MediaDeviceInfo): MediaDeviceInfo {
  const facts = { deviceId, kind: camera.kind, label, groupId };
  const values = {
    ...facts,
    toJSON: () => ({ ...facts }),
    getCapabilities: () => ({ ...(camera as InputDeviceInfo).getCapabilities?.(), deviceId, groupId }),
  };
  const properties = Object.entries(values).map(([name, value]) => [name, { value, configurable: true }]);
  return Object.create(Object.getPrototypeOf(camera), Object.fromEntries(properties)) as MediaDeviceInfo;
}

/** Makes a track that carries a camera's picture say that it is of the device. */
export function dress(
  track: MediaStreamTrack,
  camera: MediaStreamTrack,
  { deviceId, groupId, isDefault, label }: AnnotatedDevice,
  asked: MediaTrackConstraints,
): void {
  const identity = { deviceId, groupId };
  let constraints = asked;
  const values = {
    getSettings: () => ({ ...camera.getSettings(), ...pictureOf(track), ...identity }),
    getCapabilities: () => ({ ...camera.getCapabilities?.(), ...identity }),
    getConstraints: () => plainCopy(constraints),
    applyConstraints: async (wanted: MediaTrackConstraints = {}) => {
      await camera.applyConstraints(withoutOwnNames(wanted, { ...identity, isDefault }));
      constraints = plainCopy(wanted);
    },
  };
  Object.defineProperty(track, 'label', { value: label, configurable: true });
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(track, name, { value, configurable: true, writable: true });
  }
}

/** Size and rate of the picture, where it has shown one. */
function pictureOf(track: MediaStreamTrack): MediaTrackSettings {
  const { width, height, frameRate, aspectRatio } = MediaStreamTrack.prototype.getSettings.call(track);
  const picture = { width, height, frameRate, aspectRatio };
  return Object.fromEntries(Object.entries(picture).filter(([, value]) => value)) as MediaTrackSettings;
}
