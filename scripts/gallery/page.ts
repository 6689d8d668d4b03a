import { findModel } from '../../models/catalogue.ts';
import type { Entry } from './entries.ts';

/** Path of the picture, from the folder of the page. */
export function pictureOf({ name }: Entry): string {
  return `pictures/gallery/${name}.jpg`;
}

/** The page that shows these pictures, as Markdown. */
export function galleryPage(entries: readonly Entry[]): string {
  return [HEAD, ...entries.map(section), CREDITS].join('\n');
}

const HEAD = `# Gallery

One picture for each thing that Sightline does, as a viewer of the session gets it. Each is a frame of a film that went
through a session from its first frame on (\`sync: exact\`). [cli.md](cli.md) says how the commands
are called, [README.md](../README.md#doors) where settings of a session go. \`node scripts/gallery.ts\` makes the pictures and
this page anew.
`;

const CREDITS = `## Where the films are from

\`asl_*.mkv\` are by Intel, from [sample-videos](https://github.com/intel-iot-devkit/sample-videos), CC BY 4.0; what is drawn in
them, hidden and cut to single pictures is ours. \`vtest.avi\` is from the samples of [OpenCV](https://opencv.org)
(Debian's package \`opencv-doc\`),
Apache-2.0 and BSD-3-Clause. \`page.png\` is drawn by \`scripts/gallery/page-of-text.ts\`.
`;

function section(entry: Entry): string {
  const { title, words, settings } = entry;
  const model = findModel(settings.model);
  return `## ${title}

![${title.replaceAll('`', '')}](${pictureOf(entry)})

${words} Model: ${model.title} (\`${model.id}\`).

${howTo(entry)}
`;
}

/** What makes the same: a command for a task alone, the settings of a session where there is more. */
function howTo({ film, frame, settings }: Entry): string {
  const { model, effects, zones } = settings;
  if (effects === undefined && zones === undefined) {
    const { task } = findModel(model);
    const command = `sightline infer ${film} --task ${task} --model ${model}`;
    return film.endsWith('.png')
      ? fenced('sh', `${command} --save out.jpg`)
      : fenced('sh', `${command} --frames out  # out/frame-${String(frame).padStart(6, '0')}.jpg`);
  }
  return `Picture ${frame} of \`${film}\`, in a session with these settings:\n\n${fenced('json', jsonOf(settings))}`;
}

/** A setting a line, and each zone on one of its own. */
function jsonOf(settings: object): string {
  const lines = Object.entries(settings).map(([name, value]: [string, unknown]) => {
    const isList = Array.isArray(value) && typeof value[0] === 'object';
    const json = isList
      ? `[\n${value.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`
      : JSON.stringify(value);
    return `  "${name}": ${json}`;
  });
  return `{\n${lines.join(',\n')}\n}`;
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
