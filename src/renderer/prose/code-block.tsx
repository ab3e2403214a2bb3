/** @file A block of code: its language, a copy button, colours once it is finished. */
import { Check, Copy } from 'lucide-react';
import { memo, useMemo } from 'react';
import { CODE_PIECE_LINES } from '../limits.ts';
import { useCopy } from '../shell/copy.ts';
import { colourCode } from './highlight.ts';

export const CodeBlock = memo(function CodeBlock(props: { text: string; language: string; closed: boolean }) {
  const { text, language, closed } = props;
  const { copied, copy } = useCopy();
  return (
    <figure className="code">
      <header>
        <span>{language || 'text'}</span>
        <button type="button" className="button ghost small" onClick={() => copy(text)}>
          {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
          {copied ? 'Copied' : 'Copy'}
        </button>
      </header>
      <pre>
        <code>{closed ? <Coloured text={text} language={language} /> : <Growing text={text} />}</code>
      </pre>
    </figure>
  );
});

function Coloured({ text, language }: { text: string; language: string }) {
  const pieces = useMemo(() => colourCode(text, language), [text, language]);
  return pieces.map((piece, index) =>
    piece.voice === 'plain' ? (
      piece.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a finished text never change
      <span key={index} className={`voice-${piece.voice}`}>
        {piece.text}
      </span>
    ),
  );
}

/** Code that is still written: in pieces of so many lines, of which only the last changes. */
function Growing({ text }: { text: string }) {
  const lines = text.split('\n');
  const pieces: string[] = [];
  for (let from = 0; from < lines.length; from += CODE_PIECE_LINES) {
    const end = from + CODE_PIECE_LINES < lines.length ? '\n' : '';
    pieces.push(lines.slice(from, from + CODE_PIECE_LINES).join('\n') + end);
  }
  // biome-ignore lint/suspicious/noArrayIndexKey: a piece keeps its place for as long as the code grows
  return pieces.map((piece, index) => <Lines key={index} text={piece} />);
}

const Lines = memo(function Lines({ text }: { text: string }) {
  return <span>{text}</span>;
});
