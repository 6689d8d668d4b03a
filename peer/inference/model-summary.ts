import type { ModelManifest } from '../../models/manifest.ts';
import type { ModelSummary } from '../../protocol/models.ts';

/** What `GET /models` shows of a model. */
export function toModelSummary(
  { id, task, title, licence, input, labels, threshold }: ModelManifest,
  state: Pick<ModelSummary, 'available' | 'loaded' | 'default' | 'runsOn'>,
): ModelSummary {
  const { width: inputWidth, height: inputHeight } = input;
  return { id, task, title, licence, inputWidth, inputHeight, labels, threshold, ...state };
}
