import type { Task } from '../../protocol/tasks.ts';

const words: Record<Task, string> = {
  detect: 'Objects',
  faces: 'Faces',
  pose: 'Pose',
  hands: 'Hands',
  'face-mesh': 'Face mesh',
  segment: 'People mask',
  classify: 'Expression',
  embed: 'Features',
  text: 'Text',
};

/** What a task looks for, for people; its own name where it is newer than this page. */
export function taskWords(task: string): string {
  return words[task as Task] ?? task;
}

/** The tasks of some models in the order of this page, those that it does not know last. */
export function orderTasks(tasks: Iterable<string>): string[] {
  const order = Object.keys(words);
  const rank = (task: string) => (order.includes(task) ? order.indexOf(task) : order.length);
  return [...new Set(tasks)].sort((a, b) => rank(a) - rank(b));
}
