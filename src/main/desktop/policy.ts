/** @file What a window may not do: go elsewhere, open others, ask for powers, reach a network. */
import type { App, Session, WebContents } from 'electron';
import type { Log } from '../engine/ports.ts';
import { isGranted, isOwnDocument, mayLoad } from './own-page.ts';

/** Chromium's own errands: updates, reports, hints, translation, casting. None is needed, and each would call somebody. */
const errands = [
  'disable-background-networking',
  'disable-component-update',
  'disable-domain-reliability',
  'disable-sync',
  'no-pings',
  'no-proxy-server',
];
const features = [
  'AutofillServerCommunication',
  'CertificateTransparencyComponentUpdater',
  'MediaRouter',
  'OptimizationHints',
  'Translate',
];

/**
 * Before the program is ready: every process of a page is sandboxed, Chromium runs no errands and finds no host. The engine's own
 * connections do not go through it. Root has to say `--no-sandbox` to start Chromium at all, and taking that back would crash it.
 */
export function lockProgram(app: App): void {
  const { commandLine } = app;
  if (!commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  for (const errand of errands) commandLine.appendSwitch(errand);
  commandLine.appendSwitch('disable-features', features.join(','));
  commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

/** The origin of an address without what follows it, for the log: the rest could be somebody's words. */
function placeOf(address: string): string {
  if (!URL.canParse(address)) return 'unreadable';
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}`;
}

/** Chromium's inspector, which comes with Electron; only a developer's build has a menu item for it. */
const isInspector = (address: string) => address.startsWith('devtools://devtools/bundled/');

/** One storage, one page: every request that is not for the page's own files is cancelled, every permission but copying denied. */
export function lockSession(session: Session, packaged: boolean, log: Log): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const granted = isGranted(permission, details.requestingUrl);
    if (!granted) log.warn('permission-denied', { permission });
    answer(granted);
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => isGranted(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((details, answer) => {
    const cancel = !mayLoad(details.url) && (packaged || !isInspector(details.url));
    if (cancel) log.warn('request-cancelled', { place: placeOf(details.url), kind: details.resourceType });
    answer({ cancel });
  });
  session.on('will-download', (event, item) => {
    // What the page made itself, such as an exported card: the system asks the person where it goes.
    const address = item.getURL();
    if (address.startsWith('blob:') && mayLoad(address)) return;
    event.preventDefault();
    log.warn('download-denied');
  });
}

type Navigation = { url: string; isMainFrame: boolean; preventDefault(): void };

/** Holds for every page the program ever has, whoever opened it: it stays where it is, alone, and embeds nothing. */
export function lockContents(contents: WebContents, log: Log): void {
  const stay = (navigation: Navigation) => {
    if (navigation.isMainFrame && isOwnDocument(navigation.url)) return;
    navigation.preventDefault();
    log.warn('navigation-denied', { place: placeOf(navigation.url) });
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    log.warn('webview-denied');
  });
  contents.setWindowOpenHandler(({ url }) => {
    log.warn('window-denied', { place: placeOf(url) });
    return { action: 'deny' };
  });
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}
