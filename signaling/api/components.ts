import { z } from 'zod';
import { explain } from './meanings.ts';
import { given, readElsewhere, taken } from './schemas.ts';

/** An object of JSON. */
export type Json = Readonly<Record<string, unknown>>;

const PREFIX = '#/components/schemas/';
const names = new Map<z.ZodType, string>();
const registry = z.registry<{ id: string }>();
for (const [name, schema] of Object.entries({ ...taken, ...given })) {
  names.set(schema, name);
  registry.add(schema, { id: name });
}

/**
 * Points to a schema of the wire.
 *
 * @throws {TypeError} where `schemas.ts` has no name for it
 */
export function refTo(schema: z.ZodType): Json {
  const name = names.get(schema);
  if (name === undefined)
    throw new TypeError('Cannot describe the schema: expected one that schemas.ts names');
  return { $ref: PREFIX + name };
}

/** The named schemas that a document points to, and those that these point to, as JSON Schema (draft 2020-12). */
export function componentsOf(document: unknown): Record<string, Json> {
  const all = allComponents();
  const reached: Record<string, Json> = {};
  const reach = (part: unknown) => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      const schema = all[name];
      if (schema === undefined || name in reached) continue;
      reached[name] = schema;
      reach(schema);
    }
  };
  reach(document);
  return reached;
}

function allComponents(): Record<string, Json> {
  const asSent = convert('input');
  const asGiven = convert('output');
  return Object.fromEntries(
    Object.entries(asGiven).map(([name, ofGiven]) => {
      const schema = name in taken ? asSent[name] : ofGiven;
      return [name, explain(name, schema ?? ofGiven)];
    }),
  );
}

function convert(io: 'input' | 'output'): Record<string, Json> {
  const { schemas } = z.toJSONSchema(registry, { io, uri: (name) => PREFIX + name, override: tidy });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _, $id: __, ...schema }]) => [name, schema]),
  );
}

/** What zod says of a schema, made what is meant on the wire. */
const tidy: NonNullable<z.core.ToJSONSchemaParams['override']> = ({ zodSchema, jsonSchema }) => {
  const elsewhere = readElsewhere.get(zodSchema);
  if (elsewhere !== undefined) {
    for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
    jsonSchema.$ref = PREFIX + elsewhere;
  }
  // Fields may be added in later versions, so that whoever reads has to pass over those it does not know
  const isOpen = zodSchema._zod.def.type === 'object' && zodSchema._zod.def.catchall === undefined;
  if (isOpen) delete jsonSchema.additionalProperties;
  // Every whole number of JavaScript has these bounds
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
};
