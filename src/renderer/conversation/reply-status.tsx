/** @file How a reply ended, where it did not simply end: what happened, what was kept, what to do. */
import { CircleAlert, Info, Square } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Message } from '../../shared/conversation.ts';
import { RawWords } from '../states/raw-words.tsx';

function words(message: Message): { tone: 'quiet' | 'trouble'; icon: ReactNode; text: string } | null {
  switch (message.status) {
    case 'stopped':
      return { tone: 'quiet', icon: <Square className="filled" aria-hidden />, text: 'You stopped here.' };
    case 'interrupted': {
      const text = message.text
        ? 'The program ended in mid-sentence. These words are kept.'
        : 'The program ended before a reply came. Your message is kept.';
      return { tone: 'trouble', icon: <CircleAlert aria-hidden />, text };
    }
    case 'failed':
      return {
        tone: 'trouble',
        icon: <CircleAlert aria-hidden />,
        text: message.fault?.message ?? 'The reply failed. These words are kept.',
      };
    default:
      if (message.report?.finish !== 'length') return null;
      return { tone: 'quiet', icon: <Info aria-hidden />, text: 'The reply reached its longest length and ends here.' };
  }
}

type Parts = { message: Message; retry: (() => void) | undefined; goOn(): void };

export function ReplyStatus({ message, retry, goOn }: Parts) {
  const [details, setDetails] = useState(false);
  const said = words(message);
  if (!said) return null;
  return (
    <div className="ended" data-tone={said.tone}>
      {said.icon}
      <p>
        {said.text}
        {retry && message.status !== 'complete' && (
          <button type="button" className="link" onClick={retry}>
            Try again
          </button>
        )}
        {retry && message.text !== '' && (
          <button type="button" className="link" onClick={goOn}>
            Go on
          </button>
        )}
        {message.fault?.detail && (
          <button type="button" className="link" aria-expanded={details} onClick={() => setDetails(!details)}>
            Details
          </button>
        )}
      </p>
      {details && <RawWords fault={message.fault} />}
    </div>
  );
}
