import { blazeface } from './blazeface.ts';
import { centernet } from './centernet.ts';
import { classes } from './classes.ts';
import { features } from './features.ts';
import type { Head } from './head.ts';
import { faceMesh, handLandmarks } from './landmarks.ts';
import { type MaskHead, probabilityMask } from './mask.ts';
import { movenet } from './movenet.ts';
import { palm } from './palm.ts';
import { textAreas } from './text-areas.ts';
import { textLine } from './text-line.ts';
import { ultraface } from './ultraface.ts';
import { yolox } from './yolox.ts';

export type { HeadOutputs, HeadSpec, HeadTally } from './head.ts';

/** The heads that find objects, by the name that a model's manifest calls them. */
export const heads = {
  yolox,
  centernet,
  ultraface,
  blazeface,
  movenet,
  palm,
  'hand-landmarks': handLandmarks,
  'face-mesh': faceMesh,
  classes,
  features,
  'text-areas': textAreas,
  'text-line': textLine,
} as const satisfies Record<string, Head>;

/** The heads that find a mask. */
export const maskHeads = { mask: probabilityMask } as const satisfies Record<string, MaskHead>;
