import type { Channel } from '../channel.ts';
import { data } from './data.ts';
import { frames } from './frames.ts';
import { sockets } from './sockets.ts';

/** Every channel of this server, in the order in which they are shown. */
export const channels: readonly Channel[] = [...data, frames, ...sockets];
