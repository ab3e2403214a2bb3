/** @file The desktop window's way to the engine: the three functions of the preload. */
import type { CompanionBridge } from '../shared/bridge.ts';
import type { Transport } from './transport.ts';

/** A transport over `window.companion`; it ends only with the window. */
export function createBridgeTransport(bridge: CompanionBridge): Transport {
  return (listener) => {
    const stopHearing = bridge.subscribe((event) => listener.heard(event));
    return {
      send: (command) => bridge.send(command),
      close: () => stopHearing(),
    };
  };
}

declare global {
  interface Window {
    /** Present only in the desktop window. */
    companion?: CompanionBridge;
  }
}
