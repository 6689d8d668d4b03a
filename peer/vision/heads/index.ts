import { centernet } from './centernet.ts';
import type { Head } from './head.ts';
import { yolox } from './yolox.ts';

export type { HeadOutputs } from './head.ts';

/** The heads by the name that a model's manifest calls them. */
export const heads = { yolox, centernet } as const satisfies Record<string, Head>;
