/** @file The companion's words: Markdown in blocks, of which only the last is drawn anew while she writes. */
import { memo, useEffect, useRef, useState } from 'react';
import { LONG_BLOCK_CHARACTERS, LONG_BLOCK_MS } from '../limits.ts';
import { type Block, type Blocks, noBlocks, splitBlocks } from './blocks.ts';
import { CodeBlock } from './code-block.tsx';
import { MarkdownBlock } from './markdown.tsx';
import { mendUnfinished } from './unfinished.ts';

/** The blocks of a growing text; splitting continues where it ended the last time. */
function useBlocks(text: string): Blocks {
  const known = useRef(noBlocks);
  known.current = splitBlocks(known.current, text);
  return known.current;
}

/** The source as it is drawn: a very long block that still grows is drawn anew only now and then. */
function usePaced(source: string, growing: boolean): string {
  const long = growing && source.length > LONG_BLOCK_CHARACTERS;
  const drawn = useRef(source);
  const latest = useRef(source);
  const [, drawAgain] = useState(0);
  latest.current = source;
  if (!long) drawn.current = source;
  useEffect(() => {
    if (!long) return;
    const timer = setInterval(() => {
      drawn.current = latest.current;
      drawAgain((count) => count + 1);
    }, LONG_BLOCK_MS);
    return () => clearInterval(timer);
  }, [long]);
  return drawn.current;
}

function TextBlock({ source, growing }: { source: string; growing: boolean }) {
  const paced = usePaced(source, growing);
  return <MarkdownBlock source={growing ? mendUnfinished(paced) : paced} finished={!growing} />;
}

const BlockView = memo(function BlockView({ block, growing }: { block: Block; growing: boolean }) {
  if (block.code) return <CodeBlock text={block.code.text} language={block.code.language} closed={block.code.closed || !growing} />;
  return <TextBlock source={block.source} growing={growing} />;
});

/** `growing`: more will come; the style sheet puts a breathing dot behind the last word. */
export const Prose = memo(function Prose({ text, growing }: { text: string; growing: boolean }) {
  const { all } = useBlocks(text);
  return (
    <div className="prose" data-growing={growing || undefined}>
      {all.map((block, index) => (
        <BlockView key={block.key} block={block} growing={growing && index === all.length - 1} />
      ))}
    </div>
  );
});
