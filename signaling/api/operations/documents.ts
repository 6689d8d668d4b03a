import type { Operation } from '../operation.ts';
import { pageFiles } from '../page.ts';

export const documents: readonly Operation[] = [
  {
    method: 'get',
    path: '/openapi.json',
    id: 'getOpenApi',
    group: 'documents',
    summary: 'Describes the routes',
    open: true,
    answers: { 200: { description: 'OpenAPI 3.1', content: { 'application/json': {} } } },
    errors: [],
  },
  {
    method: 'get',
    path: '/asyncapi.json',
    id: 'getAsyncApi',
    group: 'documents',
    summary: 'Describes sockets and data channels',
    open: true,
    answers: { 200: { description: 'AsyncAPI 3.0', content: { 'application/json': {} } } },
    errors: [],
  },
  {
    method: 'get',
    path: '/docs/api',
    id: 'getApiPage',
    group: 'documents',
    summary: 'Shows the routes to people, who may try them',
    open: true,
    answers: { 200: { description: 'A page', content: { 'text/html': {} } } },
    errors: [],
  },
  {
    method: 'get',
    path: '/docs/api/:file',
    id: 'getApiPageFile',
    group: 'documents',
    summary: 'A part of that page',
    open: true,
    parameters: [
      {
        name: 'file',
        in: 'path',
        description: 'Name of the part',
        schema: { enum: Object.keys(pageFiles) },
        example: 'swagger-ui.css',
      },
    ],
    answers: {
      200: {
        description: 'The file',
        content: { 'text/css': {}, 'text/javascript': {}, 'image/png': {} },
      },
    },
    errors: ['not-found'],
  },
];
