import type { ReactNode } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { type Drawn, draw } from '../../../test/kit/page/draw.tsx';
import { type Services, ServicesContext } from '../shell/services.ts';
import { createNotices } from '../state/notices.ts';
import { Prose } from './prose.tsx';

let drawn: Drawn | undefined;
afterEach(async () => {
  await drawn?.remove();
  delete window.companion;
});

const inWindow = (node: ReactNode) => <ServicesContext value={{ notices: createNotices() } as unknown as Services}>{node}</ServicesContext>;
async function show(text: string, growing = false): Promise<HTMLElement> {
  drawn = await draw(inWindow(<Prose text={text} growing={growing} />));
  return drawn.place;
}

it('[W15] raw HTML stays text, whatever it holds', async () => {
  const place = await show(
    '<img src=x onerror="alert(1)">\n\n<script>alert(1)</script> and <b>bold</b> <iframe src="https://x.org"></iframe>',
  );
  expect(place.querySelectorAll('img, script, b, iframe')).toHaveLength(0);
  expect(place.textContent).toContain('<b>bold</b>');
});

it('[W15] a picture is never fetched: its words stand there', async () => {
  const place = await show('![a cat](https://example.org/cat.png) ![x][r]\n\n[r]: https://example.org/r.png');
  expect(place.querySelectorAll('img, [src], [srcset]')).toHaveLength(0);
  expect(place.textContent).toContain('Picture, not loaded: a cat');
});

it('[W15] only http, https and mailto addresses are links', async () => {
  const place = await show(
    [
      '[a](https://a.org)',
      '[b](http://b.org)',
      '[c](mailto:c@c.org)',
      '[d](javascript:alert(1))',
      '[e](data:text/html,x)',
      '[f](/relative)',
      '[g](file:///etc/passwd)',
      '[h](vbscript:x)',
      '[i](JaVaScRiPt:alert(1))',
    ].join(' '),
  );
  const links = [...place.querySelectorAll('a')];
  expect(links.map((link) => link.textContent)).toEqual(['a', 'b', 'c']);
  expect(links.every((link) => link.target === '_blank' && link.rel === 'noopener noreferrer')).toBe(true);
  expect(place.textContent).toContain('d e f g h i');
});

it('[W15] in the desktop window a link is asked for outside, and the page stays', async () => {
  const place = await show('[a](https://a.org)');
  const openLink = vi.fn();
  window.companion = { send: () => undefined, subscribe: () => () => undefined, openLink };
  const press = new MouseEvent('click', { bubbles: true, cancelable: true });
  place.querySelector('a')?.dispatchEvent(press);
  expect(openLink).toHaveBeenCalledWith('https://a.org');
  expect(press.defaultPrevented).toBe(true);
});

it('[W16] code has its language and a button; colours come only when it is closed', async () => {
  const open = await show('```python\nfor n in x:', true);
  expect(open.querySelector('figure.code header')?.textContent).toBe('pythonCopy');
  expect(open.querySelector('[class^="voice-"]')).toBeNull();
  await drawn?.again(inWindow(<Prose text={'```python\nfor n in x:\n    pass\n```\n\nSo.'} growing />));
  expect(open.querySelector('.voice-keyword')?.textContent).toBe('for');
  expect(open.querySelector('pre')?.textContent).toBe('for n in x:\n    pass');
});

it('[W16] coloured code is the same text, letter by letter', async () => {
  const code = 'const a = "<b>&amp;\'" + `${1 < 2}`; // x > y & z';
  const place = await show(`\`\`\`ts\n${code}\n\`\`\``);
  expect(place.querySelector('pre')?.textContent).toBe(code);
});

it('[W12] what was drawn of a finished block stays the same element while the text grows', async () => {
  const place = await show('One.\n\nTwo.\n\nThree', true);
  const first = place.querySelector('p');
  await drawn?.again(inWindow(<Prose text={'One.\n\nTwo.\n\nThree.\n\n- four'} growing />));
  expect(place.querySelector('p')).toBe(first);
  expect(place.querySelector('li')?.textContent).toBe('four');
});
