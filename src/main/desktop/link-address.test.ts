import { describe, expect, it } from 'vitest';
import { hostileAddresses } from '../../../test/kit/hostile-addresses.ts';
import { readLink } from './link-address.ts';

describe('readLink', () => {
  it(`[K3] ${hostileAddresses.length} hostile addresses do not leave the program`, () => {
    expect(hostileAddresses.length).toBeGreaterThanOrEqual(60);
    expect(hostileAddresses.filter((address) => readLink(address) !== undefined)).toEqual([]);
  });

  it.each([
    ['https://example.org/a?b=c#d', 'https://example.org/a?b=c#d', 'example.org'],
    ['HTTP://Example.ORG', 'http://example.org/', 'example.org'],
    ['https://example.org:8443/', 'https://example.org:8443/', 'example.org:8443'],
    ['https://пример.рф/путь', 'https://xn--e1afmkfd.xn--p1ai/%D0%BF%D1%83%D1%82%D1%8C', 'xn--e1afmkfd.xn--p1ai'],
    ['https://аpple.com/', 'https://xn--pple-43d.com/', 'xn--pple-43d.com'],
    ['http://127.0.0.1:8000/', 'http://127.0.0.1:8000/', '127.0.0.1:8000'],
    ['http://0x7f.1/', 'http://127.0.0.1/', '127.0.0.1'],
    ['https://[::1]/', 'https://[::1]/', '[::1]'],
  ])('[K3] %s is opened as it will be asked about', (address, href, shown) => {
    expect(readLink(address)).toEqual({ href, shown, opens: 'browser' });
  });

  it.each([
    ['mailto:marit@example.org', 'marit@example.org'],
    ['mailto:marit@example.org?subject=Sunday&body=At%20noon%3F', 'marit@example.org'],
  ])('[K3] %s is a letter', (address, shown) => {
    expect(readLink(address)).toEqual({ href: address, shown, opens: 'mail' });
  });

  it('[K3] the longest address that is opened has 2,048 characters', () => {
    const longest = `https://example.org/${'a'.repeat(2_048 - 20)}`;
    expect(readLink(longest)?.href).toBe(longest);
    expect(readLink(`${longest}a`)).toBeUndefined();
  });
});
