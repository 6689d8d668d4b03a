import type { ModelManifest } from '../../../models/manifest.ts';
import { HttpModel } from './http-model.ts';
import type { RemoteModel } from './remote-model.ts';

/**
 * A model on a server, over HTTP or gRPC, as the address says (`http:`, `https:`, `grpc:`, `grpcs:`). Connects to nothing
 * yet.
 *
 * @param url of gRPC the host and the port, of HTTP where `/v2` is
 */
export async function openRemoteModel(manifest: ModelManifest, url: string): Promise<RemoteModel> {
  if (!/^grpcs?:/.test(url)) return new HttpModel(manifest, url);
  // The libraries of gRPC take a while to load: only who asks for them waits.
  const { GrpcModel } = await import('./grpc-model.ts');
  return new GrpcModel(manifest, url);
}
