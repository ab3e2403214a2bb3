/** @file The macros of card texts, expanded once and in linear time; nothing that they yield is looked at again. */

export type MacroScope = {
  /** {{char}} and {{user}}. */
  char: string;
  user: string;
  /** What {{original}} stands for: the base text that a card's own one takes the place of; never the mandate. */
  original?: string;
  /** Decides {{random}} and {{roll}}: the same for the same text wherever that has to stay as it was sent. */
  seed: string;
  /** Decides {{pick}}: one for a whole conversation. */
  pickSeed: string;
};

export type Expanded = {
  text: string;
  /** What {{hidden_key:…}} said: nobody reads it, lorebook keys are found in it. */
  hiddenKeys: string[];
};

/** Deeper nesting stays as it is written: nobody means it, and the time stays linear. */
const DEEPEST = 8;

/** One macro that is still open: its words so far, as a whole and split at the commas that are not escaped. */
type Frame = { whole: string; list: string[] };

/** FNV-1a, then one step of mulberry32: 0 ≤ x < 1, the same for the same words. */
function chance(words: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < words.length; index++) hash = Math.imul(hash ^ words.charCodeAt(index), 0x01000193);
  let mixed = (hash + 0x6d2b79f5) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

function choose(list: string[], words: string): string {
  return list[Math.floor(chance(words) * list.length)] ?? '';
}

/** The choices of {{random:A,B}}; {{random::A,B}} and {{random::A::B}} are written for the same. */
function choicesOf({ whole, list }: Frame, after: number): string[] {
  const doubled = whole.startsWith('::', after - 1);
  const parts = doubled ? whole.slice(after + 1).split('::') : [];
  if (parts.length > 1) return parts;
  const [first = '', ...rest] = list;
  return [first.slice(doubled ? after + 1 : after), ...rest];
}

/** More dice than anybody throws stay as they are written. */
const DICE = /^(?:(\d{1,2})?d)?(\d{1,9})([+-]\d{1,9})?$/i;

/** One die of the specification, `6` or `d6`; or several and a number beside them, as other programs write them: `2d6+1`. */
function rolled(throws: string, words: string): string | undefined {
  const [, dice = '1', size = '0', more = '0'] = DICE.exec(throws.replaceAll(' ', '')) ?? [];
  const sides = Number(size);
  if (sides === 0 || Number(dice) === 0) return undefined;
  let sum = Number(more);
  for (let die = 0; die < Number(dice); die++) sum += 1 + Math.floor(chance(die === 0 ? words : `${words}/${die}`) * sides);
  return String(sum);
}

type Run = { scope: MacroScope; hiddenKeys: string[]; count: number };

/** What a closed macro stands for; undefined where it is none of ours. */
function meaningOf(frame: Frame, run: Run): string | undefined {
  const { whole } = frame;
  const body = whole.trimStart();
  if (body.startsWith('//')) return '';
  const colon = whole.indexOf(':');
  const name = (colon < 0 ? whole : whole.slice(0, colon)).trim().toLowerCase();
  const { scope } = run;
  if (colon < 0) {
    if (name === 'char') return scope.char;
    if (name === 'user') return scope.user;
    if (name === 'original') return scope.original ?? '';
    if (!name.startsWith('roll ')) return undefined;
  }
  run.count += 1;
  if (colon < 0) return rolled(name.slice('roll '.length), `${scope.seed}/${run.count}/${whole}`);
  const after = colon + 1;
  switch (name) {
    case 'random':
      return choose(choicesOf(frame, after), `${scope.seed}/${run.count}/${whole}`);
    case 'pick':
      return choose(choicesOf(frame, after), `${scope.pickSeed}/${run.count}/${whole}`);
    case 'roll':
      return rolled(whole.slice(after).trim(), `${scope.seed}/${run.count}/${whole}`);
    case 'comment':
      return '';
    case 'hidden_key':
      run.hiddenKeys.push(whole.slice(after).trim());
      return '';
    case 'reverse':
      return [...whole.slice(after)].reverse().join('');
    default:
      return undefined;
  }
}

function add(frame: Frame, text: string, listText = text): void {
  frame.whole += text;
  frame.list[frame.list.length - 1] += listText;
}

const marks = /\{\{(?!\{)|\}\}|\\,|,|<(?:bot|char|user)>/gi;

/** Most cards have none but these, which need no taking apart. */
const plainMarks = /\{\{(char|user)\}\}/gi;
const otherMarks = /\{\{(?!(?:char|user)\}\})|<(?:bot|char|user)>/i;

/** Expands every macro of a card's text once, from the inside; what is no macro stays byte for byte. */
export function expandMacros(text: string, scope: MacroScope): Expanded {
  if (!otherMarks.test(text)) {
    const name = (_: string, macro: string) => (macro.toLowerCase() === 'char' ? scope.char : scope.user);
    return { text: text.replace(plainMarks, name), hiddenKeys: [] };
  }
  const run: Run = { scope, hiddenKeys: [], count: 0 };
  const bottom: Frame = { whole: '', list: [''] };
  const stack: Frame[] = [bottom];
  let at = 0;
  for (const match of text.matchAll(marks)) {
    const [mark] = match;
    const top = stack.at(-1) ?? bottom;
    add(top, text.slice(at, match.index));
    at = match.index + mark.length;
    if (mark === '{{' && stack.length <= DEEPEST) stack.push({ whole: '', list: [''] });
    else if (mark === '}}' && stack.length > 1) {
      stack.pop();
      const value = meaningOf(top, run);
      add(stack.at(-1) ?? bottom, value ?? `{{${top.whole}}}`);
    } else if (mark === ',' && stack.length > 1) {
      top.whole += mark;
      top.list.push('');
    } else if (mark === '\\,') add(top, mark, ',');
    else if (mark.startsWith('<')) add(top, mark.toLowerCase() === '<user>' ? scope.user : scope.char);
    else add(top, mark);
  }
  const rest = text.slice(at);
  const whole = stack.map((frame) => frame.whole).join('{{') + rest;
  return { text: whole, hiddenKeys: run.hiddenKeys };
}
