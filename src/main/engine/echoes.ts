/** @file Small models say our closing tags again at the end of a reply; one that the reply itself never opened is left out. */
import { fenceTags } from './fence.ts';

export type EchoFilter = {
  /** What may be shown now; what may still become a tag is held back. */
  push(text: string): string;
  /** What was held back and became none. */
  end(): string;
};

const closing = new RegExp(`</(${fenceTags.join('|')})>`, 'g');
/** The beginning of a closing tag of ours, at the end of what has come. */
const beginnings = fenceTags.flatMap((tag) => Array.from({ length: tag.length + 2 }, (_, index) => `</${tag}`.slice(0, index + 1)));
const openEnd = new RegExp(`(?:${[...new Set(beginnings)].join('|')})$`);

/** Tags that the reply opens are its own, in an example of XML, say, and stay. */
export function createEchoFilter(): EchoFilter {
  let held = '';
  let shown = '';
  const without = (text: string) =>
    text.replace(closing, (echo, tag: string, at: number) => ((shown + text.slice(0, at)).includes(`<${tag}`) ? echo : ''));
  const show = (text: string) => {
    const clean = without(text);
    shown += clean;
    return clean;
  };
  return {
    push(text) {
      if (held === '' && !text.includes('<')) {
        shown += text;
        return text;
      }
      const whole = held + text;
      const open = openEnd.exec(whole)?.index ?? whole.length;
      held = whole.slice(open);
      return show(whole.slice(0, open));
    },
    end() {
      const rest = held;
      held = '';
      return show(rest);
    },
  };
}
