import { element } from './elements.ts';
import { type Corner, cornersOf, type Zone } from './zone-draft.ts';

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Zones over the picture. Its coordinates are the pixels of the frame, and it is fitted into the tile as the video is, so
 * that bars beside the picture move nothing.
 */
export class ZoneView {
  readonly svg = element('zone-view', SVGSVGElement);
  readonly #shapes = element('zone-shapes', SVGGElement);
  readonly #draft = element('zone-draft', SVGPolylineElement);
  readonly #corners = element('zone-corners', SVGGElement);
  readonly #video: HTMLVideoElement;

  constructor(video: HTMLVideoElement) {
    this.#video = video;
  }

  /** Where a pointer is, in fractions of the frame, moved into it; null while there is no picture. */
  at({ clientX, clientY }: MouseEvent): Corner | null {
    const toScreen = this.svg.getScreenCTM();
    const { width, height } = this.#size();
    if (!toScreen || width === 0) return null;
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(toScreen.inverse());
    return { x: Math.min(1, Math.max(0, x / width)), y: Math.min(1, Math.max(0, y / height)) };
  }

  showZones(zones: readonly Zone[]): void {
    this.#fit();
    this.#shapes.replaceChildren(...zones.map((zone) => this.#shape(zone)));
  }

  /** @param corners those that are set @param pointer where the next comes */
  showDraft(corners: readonly Corner[], pointer?: Corner): void {
    this.#fit();
    this.#draft.setAttribute('points', this.#points(pointer ? [...corners, pointer] : corners));
    const dots = corners.map((corner) => this.#dot(corner));
    this.#corners.replaceChildren(...dots, ...(pointer ? [this.#dot(pointer, 'next')] : []));
  }

  #dot({ x, y }: Corner, kind = 'set'): SVGElement {
    const { width, height } = this.#size();
    const circle = { cx: `${x * width}`, cy: `${y * height}`, r: `${width / 110}` };
    return make('circle', { ...circle, class: kind });
  }

  #shape(zone: Zone): SVGElement {
    const points = this.#points(cornersOf(zone));
    if (zone.kind === 'polygon') return make('polygon', { points });
    return make('polyline', { points, 'marker-end': 'url(#zone-arrow)' });
  }

  #points(corners: readonly Corner[]): string {
    const { width, height } = this.#size();
    return corners.map(({ x, y }) => `${(x * width).toFixed(1)},${(y * height).toFixed(1)}`).join(' ');
  }

  #fit(): void {
    const { width, height } = this.#size();
    this.svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  }

  #size(): { width: number; height: number } {
    return { width: this.#video.videoWidth, height: this.#video.videoHeight };
  }
}

function make(name: 'polygon' | 'polyline' | 'circle', attributes: Record<string, string>): SVGElement {
  const shape = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
  return shape;
}
