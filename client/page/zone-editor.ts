import { element } from './elements.ts';
import type { Settings } from './settings.ts';
import type { Stage } from './stage.ts';
import { ZoneCursor } from './zone-cursor.ts';
import { type Corner, freeName, ZoneDraft, type ZoneKind } from './zone-draft.ts';
import { ZoneView } from './zone-view.ts';

const hints: Record<ZoneKind, string> = {
  polygon: 'Click corner by corner, or use arrow keys and Space; then Enter or Done. Escape cancels.',
  line: 'Click where the line begins, then where it ends, or use arrow keys and Space. Escape cancels.',
};
/** Zones that the protocol lets a session have. */
const MAX_ZONES = 32;

/** Draws zones on the annotated picture, with the pointer or the keyboard. */
export class ZoneEditor {
  readonly #hint = element('zone-hint', HTMLElement);
  readonly #done = element('zone-done', HTMLButtonElement);
  readonly #cancel = element('zone-cancel', HTMLButtonElement);
  readonly #settings: Settings;
  readonly #stage: Stage;
  readonly #view: ZoneView;
  #draft: ZoneDraft | null = null;
  /** There once the keyboard is used. */
  #cursor: ZoneCursor | null = null;

  constructor(stage: Stage, settings: Settings) {
    this.#settings = settings;
    this.#stage = stage;
    this.#view = new ZoneView(stage.annotated);
    element('draw-zone', HTMLButtonElement).addEventListener('click', () => this.#begin('polygon'));
    element('draw-line', HTMLButtonElement).addEventListener('click', () => this.#begin('line'));
    this.#done.addEventListener('click', () => this.#finish());
    this.#cancel.addEventListener('click', () => this.#end());
    const { svg } = this.#view;
    svg.addEventListener('click', (event) => this.#add(this.#view.at(event)));
    svg.addEventListener('dblclick', () => this.#finish());
    // A double click would select the words beside it.
    svg.addEventListener('mousedown', (event) => event.preventDefault());
    svg.addEventListener('pointermove', (event) => this.#follow(this.#view.at(event)));
    // Ahead of the shortcuts of the page, where Enter starts and stops a call.
    document.addEventListener('keydown', (event) => this.#onKey(event), { capture: true });
    stage.annotated.addEventListener('resize', () => this.#show());
    stage.annotated.addEventListener('emptied', () => this.#end());
    settings.on('change', () => this.#show());
    this.#end();
  }

  #begin(kind: ZoneKind): void {
    const hasPicture = this.#stage.annotated.videoWidth > 0;
    const { zones } = this.#settings.choices;
    this.#draft = hasPicture && zones.length < MAX_ZONES ? new ZoneDraft(kind) : null;
    this.#cursor = null;
    this.#show();
    this.#stage.showAnnotated();
    if (!hasPicture) this.#hint.textContent = 'Start a call first: zones are drawn on its picture.';
    else if (!this.#draft) this.#hint.textContent = `No more than ${MAX_ZONES} zones can be watched.`;
    this.#hint.hidden = false;
  }

  #add(corner: Corner | null): void {
    if (!this.#draft || !corner) return;
    if (this.#draft.add(corner)) this.#finish();
    else this.#show();
  }

  #follow(pointer: Corner | null): void {
    this.#cursor = null;
    if (this.#draft && pointer) this.#view.showDraft(this.#draft.corners, pointer);
  }

  #onKey(event: KeyboardEvent): void {
    const typing =
      event.target instanceof Element && event.target.closest('input, select, #zone-cancel') !== null;
    if (!this.#draft || (typing && event.key !== 'Escape')) return;
    if (event.key === 'Enter') this.#finish();
    else if (event.key === 'Escape') this.#end();
    else if (event.key === 'Backspace') this.#draft.undo();
    else if (!this.#point(event)) return;
    this.#show();
    event.preventDefault();
    event.stopPropagation();
  }

  /** Arrow keys move where the next corner comes; Space sets it there. @returns whether the key did something */
  #point(event: KeyboardEvent): boolean {
    const cursor = this.#cursor ?? new ZoneCursor();
    if (event.key === ' ') this.#add(cursor.at);
    else if (!cursor.move(event)) return false;
    this.#cursor = this.#draft && cursor;
    return true;
  }

  /** Too few corners leave the draft as it is. */
  #finish(): void {
    const { zones } = this.#settings.choices;
    const zone = this.#draft?.finish(freeName(this.#draft.kind, zones));
    if (!zone) return;
    this.#end();
    this.#settings.change({ zones: [...zones, zone] });
  }

  #end(): void {
    this.#draft = null;
    this.#cursor = null;
    this.#show();
  }

  #show(): void {
    const { zones, output } = this.#settings.choices;
    const draft = this.#draft;
    document.body.toggleAttribute('data-drawing', draft !== null);
    this.#hint.hidden = draft === null;
    this.#hint.textContent = this.#cursor?.words ?? (draft ? hints[draft.kind] : '');
    this.#done.hidden = draft?.kind !== 'polygon';
    this.#cancel.hidden = draft === null;
    this.#view.showDraft(draft?.corners ?? [], this.#cursor?.at);
    // The server draws them on what it annotates.
    this.#view.showZones(output === 'annotated' ? [] : zones);
  }
}
