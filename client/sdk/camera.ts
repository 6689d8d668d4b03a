import { cameraError, cameraInsecure } from './camera-words.ts';

/** 640×480 at 30 frames a second where the camera can: what the models look at is smaller still. */
const WANTED: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 30 },
};

/**
 * Opens a camera; the browser asks the person for permission where it has none. The caller stops the tracks.
 * @param deviceId which one; the browser's choice when left out
 * @throws CallError `camera-refused`, `camera-missing`, `camera-busy` or `camera-failed`
 */
export async function openCamera(deviceId?: string): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw cameraInsecure();
  const video = deviceId ? { ...WANTED, deviceId: { exact: deviceId } } : WANTED;
  try {
    return await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (error) {
    throw cameraError(error);
  }
}

/** The cameras that the browser tells of: unnamed, or none at all, before the person has allowed one. */
export async function listCameras(): Promise<MediaDeviceInfo[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices.filter((device) => device.kind === 'videoinput' && device.deviceId !== '');
}
