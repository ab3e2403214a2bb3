/** @file Runs in a page: measures every piece of visible text against what is painted behind it, and finds what is cut off. */

type Colour = { red: number; green: number; blue: number; alpha: number };
export type Look = { texts: number; failures: string[] };

/** Text needs 4.5 to 1 (WCAG 2.2); nothing is smaller than 12 pixels. Runs whole inside the page: nothing outside is in reach. */
export function measureLook(): Look {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!canvas) return { texts: 0, failures: ['no canvas'] };
  const read = (colour: string): Colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return { red, green, blue, alpha: alpha / 255 };
  };
  const over = (top: Colour, below: Colour): Colour => {
    const mix = (above: number, under: number) => above * top.alpha + under * (1 - top.alpha);
    return { red: mix(top.red, below.red), green: mix(top.green, below.green), blue: mix(top.blue, below.blue), alpha: 1 };
  };
  const light = ({ red, green, blue }: Colour) => {
    const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const upwards = (element: Element) => {
    const chain: Element[] = [];
    for (let each: Element | null = element; each; each = each.parentElement) chain.push(each);
    return chain;
  };
  const behind = (element: Element) => {
    const layers = upwards(element).map((each) => read(getComputedStyle(each).backgroundColor));
    const solid = layers.findIndex((layer) => layer.alpha === 1);
    const white = { red: 255, green: 255, blue: 255, alpha: 1 };
    return layers.slice(0, solid === -1 ? undefined : solid + 1).reduceRight((below, layer) => over(layer, below), white);
  };
  const shownness = (element: Element) => upwards(element).reduce((all, each) => all * Number(getComputedStyle(each).opacity), 1);

  const failures: string[] = [];
  let texts = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    const words = node.textContent?.trim() ?? '';
    const skipped = !element || words === '' || element.closest('.only-read, .scene, [aria-disabled], noscript');
    if (skipped || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const shown = shownness(element);
    if (shown < 0.05) continue;
    const style = getComputedStyle(element);
    const below = behind(element);
    const ink = read(style.color);
    const [one, other] = [light(over({ ...ink, alpha: ink.alpha * shown }, below)), light(below)];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    texts += 1;
    if (ratio < 4.5) failures.push(`${ratio.toFixed(2)} to 1: "${words.slice(0, 40)}" in .${element.className}`);
    if (Number.parseFloat(style.fontSize) < 11.9) failures.push(`small, ${style.fontSize}: "${words.slice(0, 40)}"`);
  }
  for (const element of document.querySelectorAll('body *:not(svg *)')) {
    const style = getComputedStyle(element);
    const hides = style.overflowX === 'hidden' || style.overflowX === 'clip';
    const known = element.matches(
      '.only-read, .clip, .frame, .log, .conversations, .greeting, .code, .avatar, .folded, .scene, .notice > span, .bar, textarea, input, .first-run, .first-run-work, .bubble',
    );
    if (hides && !known && element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
      failures.push(`cut off: .${element.className}`);
  }
  if (document.documentElement.scrollWidth > innerWidth + 1)
    failures.push(`wider than the window: ${document.documentElement.scrollWidth}`);
  return { texts, failures };
}
