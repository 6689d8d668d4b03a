import { z } from 'zod';
import { sessionSettings } from './meanings.ts';
import type { Parameter } from './operation.ts';

const meanings: Readonly<Record<string, string>> = {
  ...sessionSettings,
  mid: 'Media section of the camera in the offer of the caller; the first when left out',
  quality: 'Of the JPEGs, on the scale of libjpeg',
  width: 'Pixels at most; the height follows',
  fps: 'Frames a second at most; as many as come when left out',
  picture: 'With results drawn on it, or as it came, which is refused while anything is to be hidden',
  faces: 'What is done with faces in the picture that goes out',
  background: 'What is done with all but people; `#rrggbb` puts a colour there',
};

/** Fields as values in the query of an address; lists are separated by commas. */
export function queryParameters(fields: Readonly<Record<string, z.ZodType>>): Parameter[] {
  return Object.entries(fields).map(([name, field]) => {
    const { $schema: _, ...said } = z.toJSONSchema(field, { io: 'input' });
    return {
      name,
      in: 'query',
      description: meanings[name] ?? '',
      schema: said,
      ...(said.type === 'array' && { explode: false }),
    };
  });
}
