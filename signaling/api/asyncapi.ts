import { version } from '../version.ts';
import { type Channel, type Message, servers } from './channel.ts';
import { channels } from './channels/all.ts';
import { componentsOf, type Json, refTo } from './components.ts';

const introduction = `
What crosses the sockets and data channels of Sightline; its routes stand in [openapi.json](/openapi.json).

The payload of a socket.io message is its one argument, and the reply what the acknowledgement is called with.
`;

/** The AsyncAPI 3.0 document of sockets, data channels and streams, from where this server stands. */
export function asyncApi(): Json {
  const described = Object.fromEntries(channels.map((channel) => [channel.id, describe(channel)]));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Sightline',
      version,
      description: introduction.trim(),
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers,
    channels: described,
    operations: Object.fromEntries(channels.flatMap(operationsOf)),
    components: { schemas: componentsOf(described) },
  };
}

function describe({ address, server, title, description, parameters, messages }: Channel): Json {
  const meanings = Object.entries(parameters ?? {}).map(([name, meaning]) => [
    name,
    { description: meaning },
  ]);
  return {
    address,
    title,
    description,
    servers: [{ $ref: `#/servers/${server}` }],
    ...(parameters && { parameters: Object.fromEntries(meanings) }),
    messages: Object.fromEntries(messages.flatMap(messagesOf)),
  };
}

function messagesOf({ name, summary, schema, example, reply }: Message): [id: string, Json][] {
  const said = { name, summary, payload: refTo(schema), examples: [{ payload: example }] };
  if (reply === undefined) return [[name, said]];
  const answered = {
    name: replyTo(name),
    summary: `Answers ${name}`,
    payload: refTo(reply.schema),
    examples: [{ payload: reply.example }],
  };
  return [
    [name, said],
    [replyTo(name), answered],
  ];
}

function replyTo(name: string): string {
  return `${name}-reply`;
}

function operationsOf({ id, messages }: Channel): [id: string, Json][] {
  const channel = { $ref: `#/channels/${id}` };
  const pointTo = (message: string) => [{ $ref: `#/channels/${id}/messages/${message}` }];
  return messages.map(({ name, from, summary, reply }) => [
    `${id}.${name}`,
    {
      action: from === 'server' ? 'send' : 'receive',
      channel,
      summary,
      messages: pointTo(name),
      ...(reply && { reply: { channel, messages: pointTo(replyTo(name)) } }),
    },
  ]);
}
