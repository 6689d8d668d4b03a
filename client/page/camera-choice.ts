import { listCameras } from '../sdk/camera.ts';
import type { Caller } from './caller.ts';
import { element } from './elements.ts';

/** The list of cameras: filled once the person has allowed one, renewed when one comes or goes. */
export class CameraChoice {
  readonly #select = element('camera', HTMLSelectElement);

  constructor(caller: Caller) {
    this.#select.addEventListener('change', () => void caller.changeCamera());
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.#fill());
    caller.on('camera', (camera) => void this.#fill(camera?.getVideoTracks()[0]?.getSettings().deviceId));
    void this.#fill();
  }

  /** The chosen one; the browser's choice when there is none. */
  get deviceId(): string | undefined {
    return this.#select.value || undefined;
  }

  /** @param inUse the camera that runs, which the list then shows */
  async #fill(inUse?: string): Promise<void> {
    const cameras = await listCameras();
    const wanted = inUse ?? this.#select.value;
    const options = cameras.map(
      ({ deviceId, label }, index) => new Option(label || `Camera ${index + 1}`, deviceId),
    );
    this.#select.replaceChildren(...(options.length > 0 ? options : [new Option('Default camera', '')]));
    this.#select.disabled = options.length === 0;
    if (cameras.some(({ deviceId }) => deviceId === wanted)) this.#select.value = wanted;
  }
}
