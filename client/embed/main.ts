import { hidesSomething, process } from '../sdk/process.ts';
import { type AnnotatedDevice, DEVICE_ID, dress } from './annotated-device.ts';
import { addDevice } from './devices.ts';
import { type EmbedSettings, readSettings } from './settings.ts';
import { tell } from './tell.ts';

const loaded = Symbol.for('sightline.embed');

/** Runs once in a page, however often the script is loaded. */
function main(script: HTMLOrSVGScriptElement | null): void {
  if (loaded in window) return;
  Object.defineProperty(window, loaded, { value: true });
  // Without a secure context there are no cameras at all.
  if (!navigator.mediaDevices || !(script instanceof HTMLScriptElement)) return;
  const settings = readSettings(script.dataset, script.src || location.href);
  const { label, isDefault } = settings;
  const device = { deviceId: DEVICE_ID, groupId: DEVICE_ID, label, isDefault };
  addDevice(device, (stream, asked) => annotated(stream, asked, device, settings));
}

/**
 * The same stream with the camera's track in it replaced; as it is where that cannot be done.
 * @throws DOMException `NotReadableError` in place of a plain picture in which something is to be hidden
 */
async function annotated(
  stream: MediaStream,
  asked: MediaTrackConstraints,
  device: AnnotatedDevice,
  { server, key, settings }: EmbedSettings,
): Promise<MediaStream> {
  const [camera] = stream.getVideoTracks();
  if (!camera) return stream;
  try {
    const prepare = (track: MediaStreamTrack) => dress(track, camera, device, asked);
    const processed = await process(camera, { server, key, settings, prepare });
    processed.on('source', (source) => tell({ source }));
    processed.on('problem', ({ code, message }) => tell({ problem: code, message }));
    stream.removeTrack(camera);
    stream.addTrack(processed.track);
  } catch (error) {
    tell({ problem: 'embed-failed', message: String(error) });
    if (hidesSomething(settings)) throw withheld(stream);
  }
  return stream;
}

function withheld(stream: MediaStream): DOMException {
  for (const track of stream.getTracks()) track.stop();
  return new DOMException('What is to be hidden in the picture cannot be hidden', 'NotReadableError');
}

main(document.currentScript);
