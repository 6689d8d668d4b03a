import type { Operation } from '../operation.ts';
import { calls } from './calls.ts';
import { documents } from './documents.ts';
import { pictures } from './pictures.ts';
import { recordings } from './recordings.ts';
import { server } from './server.ts';
import { sessionPictures } from './session-pictures.ts';
import { sessions } from './sessions.ts';
import { sources } from './sources.ts';
import { whep } from './whep.ts';
import { whip } from './whip.ts';

/**
 * Every route of this server, in the order in which they are shown. What a route takes and answers is named in
 * `schemas.ts`; tests see to it that each route stands here, and that it answers as is said here.
 */
export const operations: readonly Operation[] = [
  ...calls,
  ...whip,
  ...sources,
  ...sessions,
  ...whep,
  ...sessionPictures,
  ...pictures,
  ...recordings,
  ...server,
  ...documents,
];
