import type { ControlNotice } from '../../protocol/control.ts';

/** A notice of the server for people; null where it says that all is well again. A code newer than this page in its own words. */
export function noticeWords(notice: ControlNotice): string | null {
  switch (notice.code) {
    case 'feedback-missing':
      return 'The server hears nothing of how its video arrives here, so it sends at the lowest quality.';
    case 'model-failing':
      return `The model ${notice.model} fails at the moment. The video goes on without what it sees; what it hides stays covered.`;
    case 'model-recovered':
      return null;
    default:
      return (notice as ControlNotice).detail;
  }
}
