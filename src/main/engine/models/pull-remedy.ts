/** @file What helps against a download that failed, told from the server's own words. */
import type { Fault } from '../../../shared/faults.ts';

/**
 * again: after a pause, for it goes on where it was. fetch-again: one layer had the wrong hash and is fetched anew, at once.
 * mend: the server cannot read its own notes about a part, and never will. stop: nothing but a person helps.
 */
export type Remedy = 'again' | 'fetch-again' | 'mend' | 'stop';

const final = /no space left|invalid model name|manifest: 4\d\d|unauthorized|403: forbidden/i;
/** The server's words for an empty or torn note, right after "pulling manifest" (server/download.go of 0.33). */
const tornNotes = /^(?:EOF|unexpected end of JSON input|invalid character\b.*)$/i;

export function remedyFor({ code, detail = '' }: Fault): Remedy {
  switch (code) {
    case 'download-failed':
      if (/digest mismatch/i.test(detail)) return 'fetch-again';
      if (tornNotes.test(detail.trim())) return 'mend';
      return final.test(detail) ? 'stop' : 'again';
    // The server went away, is being started, or has too much to do.
    case 'model-offline':
    case 'model-crashed':
    case 'model-timeout':
    case 'model-overloaded':
      return 'again';
    default:
      return 'stop';
  }
}
