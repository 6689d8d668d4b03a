import { inferAnswerSchema, inferRequestSchema, inferSettingsSchema } from '../../../protocol/infer.ts';
import { errorsOfJson, errorsOfPeer, errorsOfSettings } from '../error-answers.ts';
import { PERSON } from '../examples.ts';
import type { Operation } from '../operation.ts';
import { queryParameters } from '../query-parameters.ts';

const found = { width: 640, height: 480, task: 'detect', model: 'yolox-nano', objects: [PERSON] };
const unreadable = {
  error: { code: 'image-unsupported', detail: 'Cannot read the image: expected JPEG, PNG or WebP' },
};

/** Each file is a picture, whatever the name of its field is, and each other field a setting. */
const form = {
  type: 'object',
  properties: { images: { type: 'array', items: { type: 'string', format: 'binary' } } },
};

export const pictures: readonly Operation[] = [
  {
    method: 'post',
    path: '/infer',
    id: 'postInfer',
    group: 'pictures',
    summary: 'Looks at still pictures',
    description:
      'One picture as it is, or up to 64 as a form or in JSON; settings in the address or beside them. `Accept` ' +
      'chooses the answer: results, a line for each picture as it is done, or the one picture with results drawn on ' +
      'it. A picture that cannot be read has its error in its place, and the others go on.',
    parameters: queryParameters(inferSettingsSchema.shape),
    body: {
      'application/json': {
        schema: inferRequestSchema,
        example: { task: 'detect', images: ['iVBORw0KGgo='] },
      },
      'multipart/form-data': { schema: form },
      'image/jpeg': {},
      'image/png': {},
      'image/webp': {},
      'application/octet-stream': {},
    },
    answers: {
      200: {
        description: 'What was found',
        content: {
          'application/json': { schema: inferAnswerSchema, example: { results: [found, unreadable] } },
          'application/x-ndjson': { example: `${JSON.stringify(found)}\n` },
          'image/jpeg': {},
        },
      },
    },
    errors: [
      ...errorsOfJson,
      'infer-invalid',
      'images-missing',
      'too-many-images',
      'base64-invalid',
      'image-invalid',
      'image-too-large',
      'image-unsupported',
      'not-acceptable',
      ...errorsOfSettings,
      'infer-busy',
      'inference-failed',
      'no-peer',
      ...errorsOfPeer,
    ],
  },
];
