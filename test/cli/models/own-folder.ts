import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The manifest of the classifier beside this file, as a user would write it. */
export const classifierManifest = {
  id: 'main-colour',
  task: 'classify',
  head: 'classes',
  file: 'colour.onnx',
  input: {
    name: 'picture',
    width: 8,
    height: 8,
    layout: 'nchw',
    channels: 'rgb',
    mean: 0,
    scale: 1 / 255,
    fit: 'stretch',
    pad: 0,
  },
  outputs: [{ name: 'classes', dims: [1, 3] }],
  labels: ['red', 'green', 'blue'],
  threshold: 0.5,
} as const;

/** Writes the folder of a model; what is no text is written as JSON. */
export async function writeModel(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array | object>>,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const isRaw = typeof content === 'string' || content instanceof Uint8Array;
    await writeFile(join(folder, name), isRaw ? content : JSON.stringify(content));
  }
  return folder;
}
