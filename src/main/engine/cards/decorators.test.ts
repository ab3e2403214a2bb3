/** @file Decorators and lorebooks of foreign cards. */
import { describe, expect, it } from 'vitest';
import { lorebookSchema } from '../../../shared/lorebook.ts';
import { readDecorators } from './decorators.ts';
import { readLorebook } from './read-lorebook.ts';

describe('lorebooks of cards', () => {
  it('[KA1] reads the decorators that mean something in a conversation of two, the first of a name', () => {
    const lines = [
      '@@depth 4',
      '@@depth 9',
      '@@role Assistant',
      '@@additional_keys tea\\, hot,cup',
      '@@position after_desc',
      '@@activate',
      '',
      'The kettle is blue.',
    ];
    expect(readDecorators(lines.join('\n'))).toEqual({
      decorators: { additionalKeys: ['tea, hot', 'cup'], position: 'after_desc', activate: true },
      unsupported: ['@@role Assistant'],
      content: 'The kettle is blue.',
    });
  });

  it('[KA2] takes a fallback where what stands above it is not understood, and keeps what is not', () => {
    const text = '@@risu_only 4\n@@@also_unknown\n@@@depth 2\n@@scan_depth 5\n@@@scan_depth 7\n@@depth many\nText\n@@depth 3';
    expect(readDecorators(text)).toEqual({
      decorators: { depth: 2, scanDepth: 5 },
      unsupported: ['@@risu_only 4', '@@@also_unknown'],
      content: 'Text\n@@depth 3',
    });
  });

  it('[KA3] reads every field of V2 and V3 entries, and takes nothing of the wrong kind', () => {
    const entry = {
      keys: ['Bell', 7, ''],
      secondary_keys: 'a, b',
      content: '@@constant_only\nRings.',
      insertion_order: '3',
      priority: 9,
      id: 12,
      position: 'before_char',
      selective: true,
      constant: true,
      use_regex: true,
      case_sensitive: true,
      name: 'n',
      comment: 'c',
      enabled: false,
    };
    const odd = { keys: 'x', content: null, insertion_order: {}, extensions: { position: 4, depth: 2, role: 2 } };
    const book = readLorebook({ name: 'B', scan_depth: 3, token_budget: -1, recursive_scanning: true, entries: [entry, odd, null] });
    expect(lorebookSchema.parse(book)).toEqual(book);
    expect(book).toMatchObject({
      name: 'B',
      scanDepth: 3,
      recursive: true,
      entries: [
        {
          id: '12',
          keys: ['Bell'],
          secondaryKeys: ['a', 'b'],
          content: 'Rings.',
          unsupported: ['@@constant_only'],
          order: 3,
          priority: 9,
          position: 'before',
          enabled: false,
          constant: true,
          useRegex: true,
          caseSensitive: true,
          selective: true,
        },
        { id: '1', keys: ['x'], content: '', order: 100, decorators: { depth: 2 }, enabled: true },
        { id: '2', keys: [], content: '' },
      ],
    });
    expect(book).not.toHaveProperty('tokenBudget');
  });
});
