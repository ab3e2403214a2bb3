/** @file The raw reason of a fault, with a plain word of what it is: it is not written for the person who reads it. */
import type { WireFault } from '../../shared/faults.ts';

/** Whose words they are; every fault of a model is a model server's. */
const rawTitle = (code: WireFault['code']): string =>
  code.startsWith('model-') || code === 'context-overflow'
    ? 'The model server’s own words, for whoever looks into it:'
    : 'What was reported, word for word, for whoever looks into it:';

export function RawWords({ fault }: { fault: WireFault | undefined }) {
  if (!fault?.detail) return null;
  return (
    <div className="raw-words">
      <p>{rawTitle(fault.code)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long words scroll, and a keyboard has to get there */}
      <pre tabIndex={0}>{fault.detail}</pre>
    </div>
  );
}
