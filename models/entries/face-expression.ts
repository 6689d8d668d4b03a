import type { ModelManifest } from '../manifest.ts';
import { expressionClasses } from '../parts/expression-classes.ts';
import { blazeface } from './blazeface.ts';

/** Finds faces, then says what each looks like. */
export const faceExpression: ModelManifest = {
  ...blazeface,
  id: 'face-expression',
  folder: blazeface.id,
  title: 'The expression of each face',
  task: 'classify',
  licence: 'Apache-2.0 (BlazeFace) and MIT (expressions)',
  threshold: 0.4,
  second: {
    model: expressionClasses.id,
    region: 'face',
    scale: 1.2,
    regions: 4,
    picture: { width: 640, height: 640 },
    labels: 'second',
  },
};
