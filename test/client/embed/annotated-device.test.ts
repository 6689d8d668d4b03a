import { describe, expect, it } from 'vitest';
import { withDevice } from '../../../client/embed/annotated-device.ts';

const device = { deviceId: 'ours', groupId: 'ours', label: 'Annotated camera', isDefault: false };
const info = (kind: MediaDeviceKind, label: string) =>
  ({ kind, label, deviceId: label, groupId: '' }) as MediaDeviceInfo;
const [microphone, front, back] = [
  info('audioinput', 'mic'),
  info('videoinput', 'front'),
  info('videoinput', 'back'),
];
const speaker = info('audiooutput', 'speaker');

describe('withDevice()', () => {
  const labels = (devices: MediaDeviceInfo[], isDefault = false) =>
    withDevice(devices, { ...device, isDefault }).map(({ label }) => label);

  it('lists the device after the last camera', () => {
    expect(labels([microphone, front, back, speaker])).toEqual([
      'mic',
      'front',
      'back',
      'Annotated camera',
      'speaker',
    ]);
  });

  it('lists it before the first where it is the default', () => {
    expect(labels([microphone, front, back], true)).toEqual(['mic', 'Annotated camera', 'front', 'back']);
  });

  it.each([
    ['there is no camera', [microphone, speaker]],
    ['names may not be shown yet', [info('audioinput', ''), info('videoinput', '')]],
  ])('lists nothing of it where %s', (_why, devices) => {
    expect(withDevice(devices, device)).toEqual(devices);
  });
});
