import { expect, it } from 'vitest';
import { mendUnfinished } from './unfinished.ts';

const cases: readonly [written: string, drawn: string][] = [
  // A bare mark under a line would make a heading of it, and is nothing yet.
  ['Shopping\n-', 'Shopping'],
  ['Shopping\n--', 'Shopping'],
  ['Title\n=', 'Title'],
  ['- milk\n-', '- milk'],
  ['1. milk\n2', '1. milk'],
  ['1. milk\n2.', '1. milk'],
  ['#', ''],
  ['Text\n``', 'Text'],
  // A first row is a table before its rule has come.
  ['| a | b', '| a | b |\n| --- | --- |'],
  ['| a | b |\n|-', '| a | b |\n| --- | --- |'],
  ['| a | b |\n|---|:-', '| a | b |\n| --- | --- |'],
  ['| a | b |\n|---|---|\n| 1', '| a | b |\n|---|---|\n| 1'],
  // What stands open is closed.
  ['so **bold', 'so **bold**'],
  ['so **bold *and', 'so **bold *and***'],
  ['so *', 'so '],
  ['so **', 'so '],
  ['~~gone', '~~gone~~'],
  ['run `ls -l', 'run `ls -l`'],
  ['run `', 'run '],
  ['`a*b` and', '`a*b` and'],
  ['* item with *stress', '* item with *stress*'],
  ['**done** and plain', '**done** and plain'],
  // A half address is its text.
  ['see [the docs](https://exa', 'see the docs'],
  ['see [the docs](https://example.org)', 'see [the docs](https://example.org)'],
  ['![a cat](https://x', ''],
  ['- [ ] to do', '- [ ] to do'],
  ['as in [1]', 'as in [1]'],
];

it.each(cases)('[W14] %j is drawn as %j', (written, drawn) => {
  expect(mendUnfinished(written)).toBe(drawn);
});

it('[W14] a finished text stays as it is', () => {
  const text = 'A *b* **c** `d` [e](https://f.org).\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- two';
  expect(mendUnfinished(text)).toBe(text);
});
