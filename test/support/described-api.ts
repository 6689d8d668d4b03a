import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

type Json = Record<string, unknown>;

/** The shape of OpenAPI and AsyncAPI as far as tests walk through it. */
export interface ApiDocument extends Json {
  readonly paths?: Record<string, Record<string, DescribedOperation>>;
  readonly channels?: Record<string, { readonly messages: Record<string, { readonly payload: Json }> }>;
  readonly components: { readonly schemas: Record<string, Json> };
}

export interface DescribedOperation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly example: unknown }[];
  readonly requestBody?: { readonly content: Record<string, DescribedContent> };
  readonly responses: Record<string, { content?: Record<string, DescribedContent>; headers?: Json }>;
  readonly security?: unknown;
}

interface DescribedContent {
  readonly schema?: Json;
  readonly example?: unknown;
  readonly examples?: Record<string, { readonly value: unknown }>;
}

/**
 * What a server says of itself in openapi.json or asyncapi.json, held against what it does. Fields that it does not
 * describe are taken as faults here, although clients are to pass over them.
 */
export class DescribedApi {
  readonly document: ApiDocument;
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(document: ApiDocument) {
    this.document = document;
    this.#ajv.addSchema(closed(document) as Json, 'document');
  }

  /** Asserts that a value is what a schema of the document asks for. */
  expectFit(value: unknown, schema: Json): void {
    const key = JSON.stringify(schema);
    const validate = this.#validators.get(key) ?? this.#ajv.compile(absolute(closed(schema)) as Json);
    this.#validators.set(key, validate);
    validate(value);
    expect(validate.errors ?? [], JSON.stringify(value)?.slice(0, 400)).toEqual([]);
  }

  /** Asserts that a response is one that the document tells of: its status, media type, headers and body. */
  async expectDescribed({ operationId, responses }: DescribedOperation, response: Response): Promise<void> {
    const { status } = response;
    const described = responses[status];
    if (!described) throw new Error(`${operationId} answered ${status}: ${await response.text()}`);
    for (const name of Object.keys(described.headers ?? {}))
      if (status >= 400) expect(response.headers.get(name), `${name} of ${operationId}`).not.toBeNull();
    if (described.content === undefined) {
      expect(await response.text()).toBe('');
      return;
    }
    const type = response.headers.get('Content-Type')?.split(';')[0] ?? '';
    expect(Object.keys(described.content), operationId).toContain(type);
    const schema = described.content[type]?.schema;
    if (schema) this.expectFit(await response.json(), schema);
    else await response.body?.cancel();
  }

  /** Asserts that a message is one of those that a channel names. */
  expectMessage(channel: string, message: string, payload: unknown): void {
    const schema = this.document.channels?.[channel]?.messages[message]?.payload;
    if (schema === undefined) throw new Error(`Expected a message ${message} of the channel ${channel}`);
    this.expectFit(payload, schema);
  }
}

/** A copy in which every object has only the fields that are named. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== 'object' || part === null) return part;
  const copy = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, closed(value)]));
  const isOpen = copy['type'] === 'object' && 'properties' in copy && !('additionalProperties' in copy);
  return isOpen ? { ...copy, additionalProperties: false } : copy;
}

/** A copy whose references lead into the document from outside. */
function absolute(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/'));
}
