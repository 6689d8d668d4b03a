import { Server } from '../sdk/server.ts';
import { type CallChoice, Caller } from './caller.ts';
import { CameraChoice } from './camera-choice.ts';
import { openDebug } from './debug.ts';
import { element } from './elements.ts';
import { FiguresPanel } from './figures-panel.ts';
import { FirstFrames } from './first-frames.ts';
import { FrameMeter } from './frame-meter.ts';
import { takeKey } from './key.ts';
import { ModelChoice } from './model-choice.ts';
import { Notice } from './notice.ts';
import { SeenPanel } from './seen-panel.ts';
import { bindShortcuts } from './shortcuts.ts';
import { Stage } from './stage.ts';
import { StatusLine } from './status-line.ts';

const url = new URL('.', location.href);
const query = new URLSearchParams(location.search);

const caller: Caller = new Caller(
  (): CallChoice => ({
    url,
    deviceId: cameras.deviceId,
    model: models.model,
    key: takeKey(),
  }),
);
new StatusLine(caller);
new Notice(caller);
const cameras = new CameraChoice(caller);
const models = new ModelChoice(caller, () => new Server(url, takeKey()));
const stage = new Stage(caller);
const debugFrame = query.has('debug') ? openDebug(caller) : undefined;

const firstFrames = new FirstFrames(caller);
const meter = new FrameMeter(stage.annotated, (rtpTimestamp) => {
  firstFrames.shown(rtpTimestamp);
  debugFrame?.(rtpTimestamp);
});
new SeenPanel(caller);
new FiguresPanel(caller, meter, () => new Server(url, takeKey()));

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
  '?': () => help.togglePopover(),
});

takeKey();
void models.fill();
if (query.has('autostart')) caller.start();
