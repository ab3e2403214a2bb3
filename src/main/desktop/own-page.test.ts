import { describe, expect, it } from 'vitest';
import { isGranted, isOwnDocument, isTrustedSender, mayLoad, type Sender } from './own-page.ts';

const OURS = 7;
const top = { origin: 'app://companion', parent: null, detached: false };

describe('isTrustedSender', () => {
  const rows: { who: string; sender: Sender; heard: boolean }[] = [
    { who: 'the top frame of our window with our page', sender: { contentsId: OURS, frame: top }, heard: true },
    { who: 'a frame that is gone', sender: { contentsId: OURS, frame: null }, heard: false },
    {
      who: 'a frame inside our page',
      sender: { contentsId: OURS, frame: { ...top, parent: { origin: 'app://companion' } } },
      heard: false,
    },
    { who: 'a frame taken out of the tree', sender: { contentsId: OURS, frame: { ...top, detached: true } }, heard: false },
    { who: 'another window with our page', sender: { contentsId: 8, frame: top }, heard: false },
    { who: 'another window without a frame', sender: { contentsId: 8, frame: null }, heard: false },
    { who: 'about:blank in our window', sender: { contentsId: OURS, frame: { ...top, origin: 'null' } }, heard: false },
    { who: 'a web page in our window', sender: { contentsId: OURS, frame: { ...top, origin: 'https://companion' } }, heard: false },
    { who: 'a file in our window', sender: { contentsId: OURS, frame: { ...top, origin: 'file://' } }, heard: false },
    { who: 'another host of our scheme', sender: { contentsId: OURS, frame: { ...top, origin: 'app://companion.evil' } }, heard: false },
    { who: 'our scheme in capitals', sender: { contentsId: OURS, frame: { ...top, origin: 'APP://COMPANION' } }, heard: false },
    { who: 'our origin with a path', sender: { contentsId: OURS, frame: { ...top, origin: 'app://companion/' } }, heard: false },
    { who: 'our origin with a port', sender: { contentsId: OURS, frame: { ...top, origin: 'app://companion:80' } }, heard: false },
    { who: 'no origin', sender: { contentsId: OURS, frame: { ...top, origin: '' } }, heard: false },
  ];
  it.each(rows)('[K1] $who: heard is $heard', ({ sender, heard }) => {
    expect(isTrustedSender(sender, OURS)).toBe(heard);
  });

  it('[K1] of every combination of window, origin, parent and attachment exactly one is heard', () => {
    const heard: Sender[] = [];
    let looked = 0;
    for (const contentsId of [OURS, 8])
      for (const origin of ['app://companion', 'app://other', 'https://example.org', 'null', ''])
        for (const parent of [null, {}])
          for (const detached of [false, true]) {
            const sender = { contentsId, frame: { origin, parent, detached } };
            looked += 1;
            if (isTrustedSender(sender, OURS)) heard.push(sender);
          }
    expect(looked).toBe(40);
    expect(heard).toEqual([{ contentsId: OURS, frame: top }]);
  });
});

describe('isOwnDocument', () => {
  it.each(['app://companion/', 'app://companion/#top'])('[K6] the page may load itself again as %s', (address) => {
    expect(isOwnDocument(address)).toBe(true);
  });

  it.each([
    'app://companion/problem.html',
    'app://companion/index.html',
    'app://companion/?x=1',
    'app://user@companion/',
    'app://companion:8/',
    'app://other/',
    'https://companion/',
    'file:///',
    'about:blank',
    'javascript:alert(1)',
    'data:text/html,x',
    'blob:app://companion/1',
    '',
    'app:',
  ])('[K6] it goes nowhere else: %s', (address) => {
    expect(isOwnDocument(address)).toBe(false);
  });
});

describe('mayLoad', () => {
  it.each([
    ['app://companion/assets/a.js', true],
    ['blob:app://companion/6a3f', true],
    ['blob:https://example.org/6a3f', false],
    ['blob:null/6a3f', false],
    ['app://elsewhere/a.js', false],
    ['https://example.org/a.png', false],
    ['http://127.0.0.1:11434/api/tags', false],
    ['ws://127.0.0.1:8000/ws/session', false],
    ['file:///etc/passwd', false],
    ['data:image/png;base64,AAAA', false],
    ['devtools://devtools/bundled/a.js', false],
    ['chrome://gpu', false],
    ['', false],
  ])('[K8] %s: %s', (address, may) => {
    expect(mayLoad(address)).toBe(may);
  });
});

/** Every permission that Electron 45 names (its type of setPermissionRequestHandler and setPermissionCheckHandler). */
const permissions = `ar automatic-fullscreen background-fetch background-sync captured-surface-control clipboard-read
  deprecated-sync-clipboard-read display-capture fileSystem fullscreen geolocation geolocation-approximate hand-tracking hid
  idle-detection keyboardLock local-fonts local-network local-network-access loopback-network media mediaKeySystem midi midiSysex nfc
  notifications openExternal payment-handler periodic-background-sync persistent-storage pointerLock screen-wake-lock sensors serial
  smart-card speaker-selection storage-access system-wake-lock top-level-storage-access usb vr web-app-installation web-printing
  window-management unknown`.split(/\s+/);

describe('isGranted', () => {
  it('[K7] of all permissions the page has one: to copy', () => {
    expect(permissions.length).toBeGreaterThan(40);
    expect(permissions.filter((permission) => isGranted(permission, 'app://companion/'))).toEqual([]);
    expect(isGranted('clipboard-sanitized-write', 'app://companion/')).toBe(true);
  });

  it.each(['https://example.org/', 'app://other/', 'null', ''])('[K7] and only the page has it, not %s', (requester) => {
    expect(isGranted('clipboard-sanitized-write', requester)).toBe(false);
  });
});
