import type { LiveSettings } from '../../protocol/session.ts';
import type { FilmName } from './footage.ts';

/** A picture of the gallery, and how it is made. */
export interface Entry {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly title: string;
  /** What is to be seen. */
  readonly words: string;
  readonly film: FilmName;
  /** Which picture of the film is shown, from 0; those before it are looked at as well. */
  readonly frame: number;
  /** Of the session; `model` is an id of the catalogue. */
  readonly settings: LiveSettings & { readonly model: string };
}

/** In the order of the page. */
export const entries: readonly Entry[] = [
  {
    name: 'detect',
    title: 'Things: `detect`',
    words: 'The 80 classes of COCO, each in a colour of its own.',
    film: 'asl_book.mkv',
    frame: 6,
    settings: { model: 'yolox-nano' },
  },
  {
    name: 'faces',
    title: 'Faces: `faces`',
    words: 'Where faces are, not whose they are.',
    film: 'asl_help.mkv',
    frame: 12,
    settings: { model: 'ultraface-rfb-320' },
  },
  {
    name: 'pose',
    title: 'Bodies: `pose`',
    words: 'The 17 joints of COCO of one person; joints that are not sure are not drawn.',
    film: 'asl_milk.mkv',
    frame: 14,
    settings: { model: 'movenet-lightning' },
  },
  {
    name: 'hands',
    title: 'Hands: `hands`',
    words: '21 joints of each hand, found in two stages: palms first, then a closer look at each.',
    film: 'asl_help.mkv',
    frame: 36,
    settings: { model: 'mediapipe-hands' },
  },
  {
    name: 'face-mesh',
    title: 'Faces in detail: `face-mesh`',
    words: '468 points of each face, drawn as its contours.',
    film: 'asl_milk.mkv',
    frame: 2,
    settings: { model: 'face-mesh' },
  },
  {
    name: 'segment',
    title: 'People and background: `segment`',
    words: 'A mask of the people in front, as a tint.',
    film: 'asl_book.mkv',
    frame: 24,
    settings: { model: 'selfie-segmentation' },
  },
  {
    name: 'classify',
    title: 'The whole picture: `classify`',
    words: 'Classes are listed in the corner; here, the expressions of the faces.',
    film: 'asl_milk.mkv',
    frame: 4,
    settings: { model: 'face-expression' },
  },
  {
    name: 'text',
    title: 'Text: `text`',
    words: 'Lines are found, then each is read.',
    film: 'page.png',
    frame: 0,
    settings: { model: 'pp-ocr-v4' },
  },
  {
    name: 'tracking',
    title: 'Who is who from frame to frame',
    words: 'What was found keeps its number while it moves, also behind a lamp post or another person.',
    film: 'vtest.avi',
    frame: 5,
    settings: { model: 'yolox-nano' },
  },
  {
    name: 'tracking-later',
    title: 'The same two and a half seconds later',
    words: 'Persons 1 and 2 have met behind the lamp post.',
    film: 'vtest.avi',
    frame: 30,
    settings: { model: 'yolox-nano' },
  },
  {
    name: 'zones',
    title: 'Zones that count',
    words: 'How many are inside a polygon now, and how many have crossed a line so far.',
    film: 'vtest.avi',
    frame: 245,
    settings: {
      model: 'yolox-nano',
      classes: ['person'],
      zones: [
        {
          id: 'square',
          kind: 'polygon',
          points: [
            { x: 0.3, y: 0.37 },
            { x: 0.72, y: 0.36 },
            { x: 0.82, y: 0.72 },
            { x: 0.36, y: 0.5 },
          ],
        },
        { id: 'path', kind: 'line', from: { x: 0.12, y: 0.28 }, to: { x: 0.2, y: 0.46 } },
      ],
    },
  },
  {
    name: 'faces-blurred',
    title: 'Faces hidden: blurred',
    words:
      'Faces are hidden in the picture that goes out; what is looked for is found in the one that came in.',
    film: 'asl_book.mkv',
    frame: 6,
    settings: { model: 'yolox-nano', effects: { faces: 'blur' } },
  },
  {
    name: 'faces-pixelated',
    title: 'Faces hidden: pixelated',
    words: 'The same in squares, too large to tell a face by.',
    film: 'asl_milk.mkv',
    frame: 3,
    settings: { model: 'movenet-lightning', effects: { faces: 'pixelate' } },
  },
  {
    name: 'background-blurred',
    title: 'Background hidden: blurred',
    words: 'People stay sharp; the room behind them is blurred.',
    film: 'asl_milk.mkv',
    frame: 14,
    settings: { model: 'movenet-lightning', effects: { background: 'blur' } },
  },
  {
    name: 'background-replaced',
    title: 'Background hidden: one colour',
    words: 'A colour in place of the room.',
    film: 'asl_help.mkv',
    frame: 36,
    settings: { model: 'ultraface-rfb-320', effects: { background: '#1f6f54' } },
  },
];
