import { CanvasOutput } from './canvas-output.ts';
import { canGenerate, GeneratorOutput } from './generator-output.ts';
import type { PictureInput, PictureOutput } from './picture-output.ts';

/** Passes frames through where the browser hands them out (Chromium), and paints them on a canvas elsewhere. */
export async function openPicture(input: PictureInput): Promise<PictureOutput> {
  return canGenerate() ? new GeneratorOutput(input) : CanvasOutput.open(input);
}
