import { element } from '../page/elements.ts';
import { takeKey } from '../page/key.ts';
import { openCamera } from '../sdk/camera.ts';
import { connect } from '../sdk/connect.ts';
import { Board } from './board.ts';
import { CodedCamera } from './coded-camera.ts';
import { Comparison } from './comparison.ts';

const url = new URL('.', location.href);
const start = element('start', HTMLButtonElement);
const measure = element('measure', HTMLButtonElement);
const board = new Board();
let running: Comparison | undefined;

start.addEventListener('click', () => void (running ? stop('Ready') : begin()));
measure.addEventListener('click', () => void running?.measure(board));

async function begin(): Promise<void> {
  start.disabled = true;
  board.tell('Calling', 'busy');
  let camera: CodedCamera | undefined;
  try {
    camera = await CodedCamera.open(await openCamera());
    const key = takeKey();
    const call = await connect({ url, stream: camera.stream, key });
    running = await Comparison.open({ call, camera, url, key, board });
    call.on('close', ({ reason }) => stop(reason));
    show(true);
  } catch (error) {
    camera?.close();
    board.tell(error instanceof Error ? error.message : String(error), 'bad');
  } finally {
    start.disabled = false;
  }
}

function stop(words: string): void {
  const ended = running;
  running = undefined;
  ended?.close();
  board.clear();
  board.tell(words, 'quiet');
  show(false);
}

function show(isActive: boolean): void {
  start.dataset['active'] = String(isActive);
  element('start-label', HTMLElement).textContent = isActive ? 'Stop' : 'Start';
  measure.disabled = !isActive;
}
