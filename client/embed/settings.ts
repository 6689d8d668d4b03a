import type { LiveSettings } from '../../protocol/session.ts';

/** What the attributes of the script say. */
export interface EmbedSettings {
  server: URL;
  key: string | undefined;
  /** Name of the camera in the lists of pages. */
  label: string;
  /** Whether pages that ask for no particular camera get this one. */
  isDefault: boolean;
  settings: Omit<LiveSettings, 'output'>;
}

/** The attributes: `data-server`, `data-key`, `data-label`, `data-default`, and the settings of a session. */
type Attributes = Readonly<Record<string, string | undefined>>;

/**
 * Reads `data-…` attributes, `dataset` of a script; the server checks what is asked of it.
 * @param source where the script was loaded from, which is the server where none is named
 */
export function readSettings(attributes: Attributes, source: string): EmbedSettings {
  const {
    server,
    key,
    label,
    default: isDefault,
    task,
    model,
    threshold,
    classes,
    faces,
    background,
  } = attributes;
  const settings = {
    task,
    model,
    threshold: threshold ? Number(threshold) : undefined,
    classes: classes?.split(',').map((name) => name.trim()),
    sync: attributes['sync'],
    effects: faces || background ? withoutGaps({ faces, background }) : undefined,
  };
  return {
    server: new URL(server || '.', source),
    key: key || undefined,
    label: label || 'Annotated camera',
    isDefault: isDefault !== undefined && isDefault !== 'false',
    settings: withoutGaps(settings) as EmbedSettings['settings'],
  };
}

function withoutGaps(values: object): object {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== ''),
  );
}
