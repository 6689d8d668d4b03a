import { SightlineError } from '../../../protocol/errors.ts';
import type { Letterbox } from '../letterbox.ts';
import type { Region } from '../region.ts';
import { channelCount, type InputSpec, luma, type TensorData } from '../tensor.ts';
import { expectPixels, type Picture } from './picture.ts';

/**
 * Writes a region of a picture into a network's input tensor, turned upright, between pixels bilinear. Beyond the edges
 * the outermost pixels go on; what the region does not cover of the input is padding.
 *
 * @param target width × height × channels values of the input; every one is written.
 * @param geometry how the region is to lie in the network's input.
 * @throws SightlineError `inference-failed` where target or picture is too small for the sizes given.
 */
export function fillCrop(
  target: TensorData,
  picture: Picture,
  region: Region,
  geometry: Letterbox,
  input: InputSpec,
): void {
  expectPixels(picture);
  expectValues(target, input);
  const put = writer(target, input);
  target.fill((input.pad - input.mean) * input.scale);
  const [cos, sin] = [Math.cos(region.angle), Math.sin(region.angle)];
  const stepAlong = region.width / geometry.scaledWidth;
  const stepAcross = region.height / geometry.scaledHeight;
  const colour: Colour = [0, 0, 0];
  for (let y = 0; y < geometry.scaledHeight; y++) {
    const across = (y + 0.5) * stepAcross - region.height / 2;
    let along = stepAlong / 2 - region.width / 2;
    for (let x = 0; x < geometry.scaledWidth; x++, along += stepAlong) {
      sample(
        picture,
        region.centreX + along * cos - across * sin - 0.5,
        region.centreY + along * sin + across * cos - 0.5,
        colour,
      );
      put(y * input.width + x, colour);
    }
  }
}

/** Red, green and blue, 0 to 255. */
type Colour = [number, number, number];

function expectValues(target: TensorData, input: InputSpec): void {
  const expected = input.width * input.height * channelCount(input);
  if (target.length === expected) return;
  throw new SightlineError(
    'inference-failed',
    `Cannot fill the input tensor: expected ${expected} values, found ${target.length}`,
  );
}

/** Writes the colour of one pixel, by its index. */
function writer(target: TensorData, { width, height, layout, channels, mean, scale }: InputSpec) {
  if (channels === 'grey') {
    return (pixel: number, [red, green, blue]: Colour) => {
      target[pixel] = (luma(red, green, blue) - mean) * scale;
    };
  }
  const [step, channel] = layout === 'nchw' ? [1, width * height] : [3, 1];
  const redOffset = channels === 'rgb' ? 0 : 2 * channel;
  const blueOffset = 2 * channel - redOffset;
  return (pixel: number, [red, green, blue]: Colour) => {
    target[pixel * step + redOffset] = (red - mean) * scale;
    target[pixel * step + channel] = (green - mean) * scale;
    target[pixel * step + blueOffset] = (blue - mean) * scale;
  };
}

/** The colour between pixels; x and y count from the middle of the first one. */
function sample({ pixels, width, height }: Picture, x: number, y: number, colour: Colour): void {
  const insideX = clamp(x, width - 1);
  const insideY = clamp(y, height - 1);
  const left = Math.floor(insideX);
  const top = Math.floor(insideY);
  const partX = insideX - left;
  const partY = insideY - top;
  const first = (top * width + left) * 3;
  const right = left + 1 < width ? 3 : 0;
  const below = top + 1 < height ? width * 3 : 0;
  for (let c = 0; c < 3; c++) {
    const at = first + c;
    const upper = mix(pixels[at] as number, pixels[at + right] as number, partX);
    const lower = mix(pixels[at + below] as number, pixels[at + below + right] as number, partX);
    colour[c] = mix(upper, lower, partY);
  }
}

function clamp(value: number, last: number): number {
  return value < 0 ? 0 : value > last ? last : value;
}

function mix(a: number, b: number, part: number): number {
  return a + (b - a) * part;
}
