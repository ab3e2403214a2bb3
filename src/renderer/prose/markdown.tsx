/** @file One block of Markdown as real elements: no raw HTML, no pictures fetched, links only outward. */
import { ImageOff } from 'lucide-react';
import { isValidElement, memo, type ReactNode } from 'react';
import Markdown, { type Components, type ExtraProps } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { CodeBlock } from './code-block.tsx';
import { safeAddress } from './links.ts';

const plugins = [remarkGfm];

function Link({ href, children }: { href?: string | undefined; children?: ReactNode }) {
  const address = safeAddress(href);
  if (!address) return <>{children}</>;
  const open = (event: React.MouseEvent) => {
    if (!window.companion) return;
    event.preventDefault();
    window.companion.openLink(address);
  };
  return (
    <a href={address} target="_blank" rel="noopener noreferrer" onClick={open}>
      {children}
    </a>
  );
}

/** A picture is never fetched: its words stand in its place. */
function Picture({ alt }: { alt?: string | undefined }) {
  return (
    <span className="picture">
      <ImageOff aria-hidden />
      {alt ? `Picture, not loaded: ${alt}` : 'Picture, not loaded'}
    </span>
  );
}

/** The words of a code element, and the language that Markdown put into its class. */
function readCode(children: ReactNode): { text: string; language: string } {
  const props = isValidElement<{ className?: string; children?: ReactNode }>(children) ? children.props : {};
  const [, language = ''] = /language-(\S+)/.exec(props.className ?? '') ?? [];
  return { text: String(props.children ?? '').replace(/\n$/, ''), language };
}

const shared: Components = {
  a: ({ href, children }) => <Link href={href}>{children}</Link>,
  img: ({ alt }) => <Picture alt={alt} />,
  table: ({ children }) => (
    <div className="table">
      <table>{children}</table>
    </div>
  ),
};
const codeIn = (closed: boolean) => (props: { children?: ReactNode } & ExtraProps) => (
  <CodeBlock {...readCode(props.children)} closed={closed} />
);
const finishedParts: Components = { ...shared, pre: codeIn(true) };
const growingParts: Components = { ...shared, pre: codeIn(false) };

/** `finished` is false only for the block that is being written. */
export const MarkdownBlock = memo(function MarkdownBlock({ source, finished }: { source: string; finished: boolean }) {
  return (
    <Markdown remarkPlugins={plugins} components={finished ? finishedParts : growingParts} urlTransform={(address) => address}>
      {source}
    </Markdown>
  );
});
