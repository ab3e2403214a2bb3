/** @file What of a message is the person's own: prose, without code, quotes and addresses. */
import { describe, expect, it } from 'vitest';
import { ownWords } from './own-words.ts';

/** What is left, as words. */
const left = (message: string) => ownWords(message).split(/\s+/).filter(Boolean).join(' ');

describe('ownWords', () => {
  it.each([
    ['plain text stays', 'plain text stays'],
    ['before\n```js\nkill(bad)\n```\nafter', 'before after'],
    ['~~~\nbad\n```\nbad\n~~~~\nafter', 'after'],
    ['````\nbad\n```\nbad\n````\nafter', 'after'],
    ['   ```\nbad\n   ```  \nafter', 'after'],
    ['before\r\n```\r\nbad\r\n```\r\nafter', 'before after'],
    ['never closed\n```\nbad\nbad', 'never closed'],
    ['```bad``` in one line', 'in one line'],
    ['run `kill bad` now', 'run now'],
    ['run ``a ` bad`` now', 'run now'],
    ['a lone ` stays, and so do `` two', 'a lone ` stays, and so do `` two'],
    ['a ` here\n\nand ` there', 'a ` here and ` there'],
    ['a ` here\n> bad\nand ` there', 'a ` here and ` there'],
    ['> you said bad\nI say good', 'I say good'],
    ['>> bad\n  > bad\n>bad\n>\ngood', 'good'],
    ['>:( not a quote', '>:( not a quote'],
    ['x > y is no quote', 'x > y is no quote'],
    ['see https://bad.example/hate?x=1#kill now', 'see now'],
    ['see www.bad.example. now', 'see now'],
    ['see (HTTP://bad.example)! now', 'see ! now'],
    ['[great](https://bad.example/x) text', '[great]( text'],
    ['<ftp://bad.example>', ''],
    ['C://bad stays :// and www stays', 'C://bad stays :// and www stays'],
  ])('[V9] of %j are %j', (message, words) => {
    expect(left(message)).toBe(words);
  });

  it('[V9] keeps paragraphs apart', () => {
    expect(ownWords('one\n\n\ntwo')).toBe('one\n\ntwo');
  });
});
