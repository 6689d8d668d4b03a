import { Server } from '../sdk/server.ts';
import { CallNote } from './call-note.ts';
import { type CallChoice, Caller } from './caller.ts';
import { CameraChoice } from './camera-choice.ts';
import { openDebug } from './debug.ts';
import { element } from './elements.ts';
import { FiguresPanel } from './figures-panel.ts';
import { FirstFrames } from './first-frames.ts';
import { FrameMeter } from './frame-meter.ts';
import { takeKey } from './key.ts';
import { LiveChanges } from './live-changes.ts';
import { Notice } from './notice.ts';
import { Overlay } from './overlay.ts';
import { PictureChoice } from './picture-choice.ts';
import { SeenPanel } from './seen-panel.ts';
import { Settings, toWire } from './settings.ts';
import { bindShortcuts } from './shortcuts.ts';
import { Stage } from './stage.ts';
import { StatusLine } from './status-line.ts';
import { TaskChoice } from './task-choice.ts';
import { ZoneEditor } from './zone-editor.ts';
import { ZoneList } from './zone-list.ts';

const url = new URL('.', location.href);
const query = new URLSearchParams(location.search);

const settings = new Settings();
const caller: Caller = new Caller(
  (): CallChoice => ({
    url,
    deviceId: cameras.deviceId,
    key: takeKey(),
    settings: toWire(settings.choices),
  }),
);
new StatusLine(caller);
const notice = new Notice(caller);
new CallNote(caller);
new LiveChanges(caller, settings, (error) => notice.tell(error));
const cameras = new CameraChoice(caller);
const tasks = new TaskChoice(caller, settings, () => new Server(url, takeKey()));
new PictureChoice(settings);
const stage = new Stage(caller);
const debugFrame = query.has('debug') ? openDebug(caller) : undefined;

const overlay = new Overlay(stage.annotated, caller, settings);
const firstFrames = new FirstFrames(caller);
const meter = new FrameMeter(stage.annotated, (frame) => {
  const rtpTimestamp = overlay.shown(frame);
  firstFrames.shown(rtpTimestamp);
  debugFrame?.(rtpTimestamp);
});
new SeenPanel(caller);
new FiguresPanel(caller, { meter, overlay, settings }, () => new Server(url, takeKey()));

const start = element('start', HTMLButtonElement);
const figures = element('figures-toggle', HTMLButtonElement);
const help = element('help', HTMLElement);

figures.addEventListener('click', () => {
  const hidden = document.body.toggleAttribute('data-no-panel');
  figures.setAttribute('aria-pressed', String(!hidden));
});
bindShortcuts({
  ' ': () => start.click(),
  enter: () => start.click(),
  f: () => stage.toggleFullscreen(),
  l: () => stage.toggleLayout(),
  m: () => figures.click(),
  s: () => stage.swap(),
  z: () => element('draw-zone', HTMLButtonElement).click(),
  '?': () => help.togglePopover(),
});

new ZoneEditor(stage, settings);
new ZoneList(caller, settings);

takeKey();
void tasks.fill();
if (query.has('autostart')) caller.start();
