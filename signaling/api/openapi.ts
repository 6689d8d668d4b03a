import { z } from 'zod';
import type { ErrorCode } from '../../protocol/errors.ts';
import { version } from '../version.ts';
import { componentsOf, type Json, refTo } from './components.ts';
import { errorAnswers } from './error-answers.ts';
import { groups, type Operation, type Parameter } from './operation.ts';
import { operations } from './operations/all.ts';

const introduction = `
Send a camera over WebRTC, get it back with what a neural network sees drawn on it, and the results as JSON.

Errors are problems (RFC 9457) with a \`code\` that stays the same; act on that and show \`detail\`. Coordinates are
fractions of the frame with their origin at the top left; times are milliseconds.

Every path answers OPTIONS with \`Allow\`, HEAD where it answers GET, and \`method-not-allowed\` to other methods.

What crosses sockets and data channels stands in [asyncapi.json](/asyncapi.json).
`;

/**
 * The OpenAPI 3.1 document of the routes.
 *
 * @param needsKey whether this server has a key
 */
export function openApi(needsKey: boolean): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    const path = operation.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method]: describe(operation, needsKey) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sightline',
      version,
      description: introduction.trim(),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The server that this document came from' }],
    tags: Object.entries(groups).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: componentsOf(paths),
      ...(needsKey && { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } }),
    },
  };
}

function describe(operation: Operation, needsKey: boolean): Json {
  const { id, group, summary, description, parameters, body, answers, errors } = operation;
  const isLocked = needsKey && operation.open === undefined;
  const common: ErrorCode[] = [...(isLocked ? (['key-required'] as const) : []), 'internal'];
  return {
    operationId: id,
    tags: [group],
    summary,
    ...(description !== undefined && { description }),
    ...(isLocked && { security: [{ key: [] }] }),
    ...(parameters && { parameters: parameters.map(describeParameter) }),
    ...(body && { requestBody: { required: true, content: describeContents(body) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [status, describeAnswer(answer)]),
      ),
      ...errorAnswers([...errors, ...common]),
    },
  };
}

function describeParameter({ schema = { type: 'string' }, ...parameter }: Parameter): Json {
  return { ...parameter, required: parameter.in === 'path' || parameter.required === true, schema };
}

type Answer = Operation['answers'][number];

function describeAnswer({ description, headers, content }: Answer): Json {
  const described = Object.entries(headers ?? {}).map(([name, meaning]) => [
    name,
    { description: meaning, schema: { type: 'string' } },
  ]);
  return {
    description,
    ...(headers && { headers: Object.fromEntries(described) }),
    ...(content && { content: describeContents(content) }),
  };
}

function describeContents(contents: NonNullable<Operation['body']>): Json {
  return Object.fromEntries(
    Object.entries(contents).map(([type, { schema, example }]) => [
      type,
      {
        ...(schema && { schema: schema instanceof z.ZodType ? refTo(schema) : schema }),
        ...(example !== undefined && { example }),
      },
    ]),
  );
}
