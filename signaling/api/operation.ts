import type { z } from 'zod';
import type { ErrorCode } from '../../protocol/errors.ts';

/** Parts of the document, and what is found in each. */
export const groups = {
  calls: 'WebRTC: an offer in, an answer out',
  sources: 'Cameras and films that the server reads by itself',
  sessions: 'What goes on in a call, and changes to it while it runs',
  watching: 'A session, shown to others than its caller',
  pictures: 'Still pictures, without a session',
  recordings: 'Sessions, kept as files',
  server: 'What this server can do, and how it is',
  documents: 'What you read here',
} as const;

/** What one route takes and answers: all that the OpenAPI document says of it. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As the router has it: `/sessions/:id`. */
  readonly path: string;
  /** Names the operation in generated clients. */
  readonly id: string;
  readonly group: keyof typeof groups;
  readonly summary: string;
  /** CommonMark. */
  readonly description?: string;
  /** Whether no key is asked for, whatever the server has. */
  readonly open?: true;
  readonly parameters?: readonly Parameter[];
  readonly body?: Contents;
  /** By status; errors stand in `errors`. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Codes of its own; those that every route can answer are added. */
  readonly errors: readonly ErrorCode[];
}

/** A value in the path, the query or a header of a request. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description: string;
  readonly required?: true;
  /** JSON Schema; any text when left out. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** Of a list: whether its entries stand in one value, separated by commas. */
  readonly explode?: false;
  readonly example?: string | number | boolean;
}

interface Answer {
  readonly description: string;
  /** What each header says, by its name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: Contents;
}

/** By media type. */
type Contents = Readonly<Record<string, Content>>;

interface Content {
  /** One of `schemas.ts`, or JSON Schema of what is no JSON; left out where the media type says it all. */
  readonly schema?: z.ZodType | Readonly<Record<string, unknown>>;
  readonly example?: unknown;
}
