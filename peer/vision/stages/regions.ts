import type { Keypoint } from '../../../protocol/detections.ts';
import type { Candidate } from '../nms.ts';
import type { Region } from '../region.ts';

/** Where a second model is to look, for what a first one found, so many times as large; in pixels of the picture. */
export type RegionOf = (candidate: Candidate, scale: number) => Region;

/** Times as tall as wide from which on a line of text stands on end. */
const TALL = 1.5;

/** A square around the longer side of the box, this many times as large. */
function square({ box }: Candidate, scale: number, angle: number): Region {
  const side = Math.max(box.width, box.height) * scale;
  const [centreX, centreY] = [box.x + box.width / 2, box.y + box.height / 2];
  return { centreX, centreY, width: side, height: side, angle };
}

/** Radians by which the way from one point to another is turned clockwise from pointing to the right. */
function direction(from: Keypoint | undefined, to: Keypoint | undefined): number {
  return from && to ? Math.atan2(to.y - from.y, to.x - from.x) : 0;
}

/**
 * A whole hand with its fingers up, around a palm and moved by half a palm towards the fingers.
 * Source: Zhang et al., "MediaPipe Hands: On-device Real-time Hand Tracking", section 2.
 */
const hand: RegionOf = (candidate, scale) => {
  const [wrist, , middleFinger] = candidate.keypoints ?? [];
  const angle = direction(wrist, middleFinger) + Math.PI / 2;
  const upright = square(candidate, scale, angle);
  const shift = Math.max(candidate.box.width, candidate.box.height) / 2;
  return {
    ...upright,
    centreX: upright.centreX + shift * Math.sin(angle),
    centreY: upright.centreY - shift * Math.cos(angle),
  };
};

/** A face with its eyes level. Source: Kartynnik et al., "Real-time Facial Surface Geometry", section 2. */
const face: RegionOf = (candidate, scale) => {
  const [rightEye, leftEye] = candidate.keypoints ?? [];
  return square(candidate, scale, direction(rightEye, leftEye));
};

/** A line of text from its corners; one that is taller than wide is read downwards. */
const line: RegionOf = ({ box, keypoints }, scale) => {
  const [topLeft, topRight, , bottomLeft] = keypoints ?? [];
  const across = distance(topLeft, topRight) * scale;
  const down = distance(topLeft, bottomLeft) * scale;
  const angle = direction(topLeft, topRight);
  const [centreX, centreY] = [box.x + box.width / 2, box.y + box.height / 2];
  if (down <= TALL * across) return { centreX, centreY, width: across, height: down, angle };
  return { centreX, centreY, width: down, height: across, angle: angle + Math.PI / 2 };
};

function distance(from: Keypoint | undefined, to: Keypoint | undefined): number {
  return from && to ? Math.hypot(to.x - from.x, to.y - from.y) : 0;
}

/** Anything, as it stands. */
const box: RegionOf = (candidate, scale) => square(candidate, scale, 0);

/** By the name that a manifest calls them. */
export const regions = { hand, face, line, box } as const satisfies Record<string, RegionOf>;
