import type { Box } from '../../protocol/detections.ts';

/** Where the man is in asl_milk.mkv, drawn by hand on the film. */
export const MAN_AT_WEBCAM: Box = { x: 0.27, y: 0.053, width: 0.427, height: 0.947 };
