import { beforeEach, expect, it } from 'vitest';
import { keepNewToken, takeToken } from './transport-socket.ts';

function pageAt(hash: string) {
  const replaced: string[] = [];
  return {
    replaced,
    location: { hash, pathname: '/', search: '' } as Location,
    history: { replaceState: (_data: unknown, _title: string, address: string) => void replaced.push(address) } as unknown as History,
    sessionStorage,
  };
}
beforeEach(() => sessionStorage.clear());

it('[W23] the token leaves the address once and stays in this tab', () => {
  const page = pageAt('#token=abc');
  expect(takeToken(page)).toBe('abc');
  expect(page.replaced).toEqual(['/']);
  const later = pageAt('');
  expect(takeToken(later)).toBe('abc');
  expect(later.replaced).toEqual([]);
  expect(takeToken(pageAt('#token=new'))).toBe('new');
});

it('[W23] without one there is none', () => {
  expect(takeToken(pageAt(''))).toBeUndefined();
  expect(takeToken(pageAt('#elsewhere'))).toBeUndefined();
});

it('[W23] a new one takes its place as soon as it is told, and only where there was one', () => {
  keepNewToken(pageAt(''), { type: 'token-shown', token: 'made' });
  expect(takeToken(pageAt(''))).toBeUndefined();
  takeToken(pageAt('#token=old'));
  for (const frame of [undefined, null, 'x', { type: 'door-shown' }, { type: 'token-shown' }]) keepNewToken(pageAt(''), frame);
  expect(takeToken(pageAt(''))).toBe('old');
  keepNewToken(pageAt(''), { type: 'token-shown', token: 'made' });
  expect(takeToken(pageAt(''))).toBe('made');
});
