import type { AnnotatedTrack } from '../sdk/call-events.ts';
import type { Caller } from './caller.ts';
import { element } from './elements.ts';
import { type Picture, places, type Scene } from './places.ts';

/** The two pictures: which is large, whether they stand side by side, and full screen. */
export class Stage {
  readonly annotated = element('annotated', HTMLVideoElement);
  readonly #self = element('self', HTMLVideoElement);
  readonly #stage = element('stage', HTMLElement);
  readonly #swap = element('swap', HTMLButtonElement);
  readonly #layout = element('layout', HTMLButtonElement);
  readonly #fullscreen = element('fullscreen', HTMLButtonElement);
  #scene: Scene = { camera: false, returned: false, sideBySide: false, large: 'annotated' };

  constructor(caller: Caller) {
    this.#swap.addEventListener('click', () => this.swap());
    this.#layout.addEventListener('click', () => this.toggleLayout());
    this.#fullscreen.addEventListener('click', () => this.toggleFullscreen());
    this.#fullscreen.hidden = !document.fullscreenEnabled;
    document.addEventListener('fullscreenchange', () => this.#showFullscreen());
    for (const video of [this.annotated, this.#self])
      video.addEventListener('resize', () => keepRatio(video));
    this.annotated.addEventListener('playing', () => this.#set({ returned: true }));
    caller.on('camera', (camera) => {
      this.#self.srcObject = camera;
      this.#set({ camera: camera !== null });
    });
    caller.on('call', (call) => {
      call?.on('track', (track) => this.#show(track));
      call?.on('settings', ({ output }) =>
        this.#set({ returned: output !== 'data' && this.annotated.videoWidth > 0 }),
      );
      if (!call) this.#clear();
    });
    this.#set({});
  }

  /** Makes the other picture the large one. */
  swap(): void {
    this.#set({ large: this.#scene.large === 'self' ? 'annotated' : 'self' });
  }

  /** Makes the annotated picture one that can be drawn on. */
  showAnnotated(): void {
    this.#set({ large: 'annotated' });
    this.#stage.scrollIntoView({ block: 'nearest' });
  }

  /** Goes between one large picture with the other small in it, and both side by side. */
  toggleLayout(): void {
    this.#set({ sideBySide: !this.#scene.sideBySide });
  }

  toggleFullscreen(): void {
    if (!document.fullscreenEnabled) return;
    const change = document.fullscreenElement
      ? document.exitFullscreen()
      : this.#stage.requestFullscreen({ navigationUI: 'hide' });
    // The browser may refuse, as when no key or click came before; the page stays as it is.
    change.catch(() => this.#showFullscreen());
  }

  #showFullscreen(): void {
    this.#fullscreen.setAttribute('aria-pressed', String(document.fullscreenElement !== null));
  }

  /** One camera is sent, so one track comes back. */
  #show({ stream }: AnnotatedTrack): void {
    this.annotated.srcObject = stream;
  }

  #clear(): void {
    this.annotated.srcObject = null;
    this.#set({ returned: false });
  }

  #set(change: Partial<Scene>): void {
    this.#scene = { ...this.#scene, ...change };
    const placed = places(this.#scene);
    for (const picture of ['annotated', 'self'] satisfies Picture[]) {
      element(`${picture}-tile`, HTMLElement).dataset['place'] = placed[picture];
    }
    this.#swap.hidden = placed.annotated !== 'small' && placed.self !== 'small';
    this.#layout.setAttribute('aria-pressed', String(this.#scene.sideBySide));
    this.#stage.toggleAttribute('data-side-by-side', this.#scene.sideBySide);
  }
}

/** Lets the style sheet give a picture a frame of its own shape. */
function keepRatio(video: HTMLVideoElement): void {
  const tile = video.parentElement;
  if (video.videoHeight > 0) tile?.style.setProperty('--ratio', String(video.videoWidth / video.videoHeight));
}
