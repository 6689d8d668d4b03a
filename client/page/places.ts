/** Where a picture stands on the stage. */
export type Place = 'away' | 'large' | 'small' | 'first' | 'second';

export type Picture = 'annotated' | 'self';

/** What the places depend on. */
export interface Scene {
  /** The camera runs. */
  camera: boolean;
  /** The annotated picture has come back. */
  returned: boolean;
  sideBySide: boolean;
  /** The one that the person wants large. */
  large: Picture;
}

/** Places the two pictures. Until the annotated one comes back, the camera's own has the stage to itself. */
export function places({ camera, returned, sideBySide, large }: Scene): Record<Picture, Place> {
  if (!camera || !returned) {
    return { annotated: returned ? 'large' : 'away', self: camera ? 'large' : 'away' };
  }
  if (sideBySide) return { annotated: 'first', self: 'second' };
  return large === 'annotated'
    ? { annotated: 'large', self: 'small' }
    : { annotated: 'small', self: 'large' };
}
