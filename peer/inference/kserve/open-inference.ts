import { fileURLToPath } from 'node:url';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const file = fileURLToPath(new URL('./open-inference.proto', import.meta.url));
const loaded = loadSync(file, { keepCase: true, longs: Number, defaults: true });

/** `inference.GRPCInferenceService` of the Open Inference Protocol v2; fields are called as in the protocol. */
export const openInference = loaded['inference.GRPCInferenceService'] as ServiceDefinition;
