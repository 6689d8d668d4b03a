import { element } from '../page/elements.ts';
import type { Figures } from './way-figures.ts';

export const wayNames = ['webrtc', 'frames', 'mjpeg'] as const;
export type WayName = (typeof wayNames)[number];

type Tone = 'quiet' | 'busy' | 'good' | 'bad';

/** All words and figures of the page. */
export class Board {
  readonly #status = element('status', HTMLElement);
  readonly #words = element('status-text', HTMLElement);
  readonly #cpu = element('cpu', HTMLElement);
  readonly #measure = element('measure', HTMLButtonElement);

  tell(words: string, tone: Tone): void {
    this.#words.textContent = words;
    this.#status.dataset['tone'] = tone;
  }

  title(name: WayName): string {
    return card(name).querySelector('h2')?.textContent ?? name;
  }

  figures(name: WayName, { delay, framesPerSecond, bytesPerSecond }: Figures): void {
    card(name).toggleAttribute('data-away', framesPerSecond === 0);
    set(name, 'delay', delay && String(Math.round(delay.median)));
    set(name, 'p95', delay && `95 % within ${Math.round(delay.p95)} ms`);
    set(name, 'fps', framesPerSecond > 0 ? framesPerSecond.toFixed(0) : undefined);
    set(name, 'bytes', bytesPerSecond > 0 ? (bytesPerSecond / 1000).toFixed(0) : undefined);
  }

  cpu(share: number | undefined): void {
    this.#cpu.textContent = share === undefined ? '–' : `${Math.round(share * 100)} %`;
  }

  measuring(isOn: boolean): void {
    this.#measure.disabled = isOn;
    document.body.toggleAttribute('data-measuring', isOn);
  }

  /** @param costs shares of a core */
  costs(costs: Partial<Record<WayName, number>>): void {
    for (const name of wayNames) {
      const share = costs[name];
      set(
        name,
        'cost',
        share === undefined || Number.isNaN(share) ? undefined : `+${Math.round(share * 100)}`,
      );
    }
  }

  clear(): void {
    for (const name of wayNames) {
      this.figures(name, { delay: undefined, framesPerSecond: 0, bytesPerSecond: 0 });
    }
    this.costs({});
    this.cpu(undefined);
    this.measuring(false);
  }
}

function card(name: WayName): HTMLElement {
  return element(`${name}-card`, HTMLElement);
}

function set(name: WayName, figure: string, value: string | undefined): void {
  const place = card(name).querySelector<HTMLElement>(`[data-figure="${figure}"]`);
  if (!place) return;
  place.textContent = value ?? '–';
  place.toggleAttribute('data-empty', value === undefined);
}
