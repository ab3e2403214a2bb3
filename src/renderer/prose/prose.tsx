/** @file The companion's words: Markdown in blocks, of which only the last is drawn anew while she writes. */
import { memo, useRef } from 'react';
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

const BlockView = memo(function BlockView({ block, growing }: { block: Block; growing: boolean }) {
  if (block.code) return <CodeBlock text={block.code.text} language={block.code.language} closed={block.code.closed || !growing} />;
  return <MarkdownBlock source={growing ? mendUnfinished(block.source) : block.source} finished={!growing} />;
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
