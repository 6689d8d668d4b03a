import { type AnnotatedDevice, withDevice } from './annotated-device.ts';
import { cameraWish, plainCopy, type VideoWish } from './wish.ts';
import { wrap } from './wrap.ts';

/** What a page asked for, and the stream of the real camera that answers it. @returns the stream for the page */
export type Annotate = (stream: MediaStream, asked: MediaTrackConstraints) => Promise<MediaStream>;

type Constraints = (MediaStreamConstraints & { video?: boolean | VideoWish }) | undefined;

/** Puts a device into `enumerateDevices()` and `getUserMedia()` of this page, old names included. */
export function addDevice(device: AnnotatedDevice, annotate: Annotate): void {
  const { mediaDevices } = navigator;
  // Pages and their libraries put methods of their own on the object; the others are on its prototype.
  for (const holder of [MediaDevices.prototype, mediaDevices]) {
    wrap(holder, 'enumerateDevices', async (call, args) =>
      withDevice((await call(...args)) as MediaDeviceInfo[], device),
    );
    wrap(holder, 'getUserMedia', (call, args) => open(call, args, device, annotate));
  }
  for (const holder of [Navigator.prototype, navigator]) {
    for (const name of ['getUserMedia', 'webkitGetUserMedia', 'mozGetUserMedia']) {
      wrap(holder, name, (call, args) => openByCallback(call, args, device));
    }
  }
  mediaDevices.dispatchEvent(new Event('devicechange'));
}

async function open(
  call: (...args: unknown[]) => unknown,
  args: unknown[],
  device: AnnotatedDevice,
  annotate: Annotate,
): Promise<unknown> {
  const constraints = args[0] as Constraints;
  const video = cameraWish(constraints?.video, device);
  if (video === null) return call(...args);
  const asked = typeof constraints?.video === 'object' ? plainCopy(constraints.video) : {};
  // What the camera cannot do, or the person does not allow, is refused in the browser's own words.
  const stream = (await call({ ...constraints, video })) as MediaStream;
  return annotate(stream, asked);
}

function openByCallback(
  call: (...args: unknown[]) => unknown,
  args: unknown[],
  device: AnnotatedDevice,
): unknown {
  const [constraints, succeed, fail] = args as [
    Constraints,
    (stream: MediaStream) => void,
    (error: unknown) => void,
  ];
  if (cameraWish(constraints?.video, device) === null) return call(...args);
  void navigator.mediaDevices.getUserMedia(constraints).then(succeed, fail);
  return undefined;
}
