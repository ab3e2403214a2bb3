/** @file Ids, and the names of texts. */
import { expect, it } from 'vitest';
import { createIds } from './system-clock.ts';

/** "abc" and the empty text: FIPS 180-4, examples of NIST. The others: `printf … | sha256sum` of their UTF-8. */
const names = {
  '': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  abc: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  '雨🙂é': '156107f5a55540ddefe5889a3e0314aeba179b5d60e00d262164b0fb6eec5360',
};

it('[IN6] a text is named by the SHA-256 of its UTF-8', () => {
  const ids = createIds();
  for (const [text, name] of Object.entries(names)) expect(ids.ofText(text)).toBe(name);
});
