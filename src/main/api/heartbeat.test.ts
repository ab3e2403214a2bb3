import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../test/kit/fake-clock.ts';
import { connectRaw, connectSocket, openTestDoor } from '../../../test/kit/test-door.ts';
import { CLOSING_MS } from '../../shared/limits.ts';
import { startHeartbeat } from './heartbeat.ts';

function start(intervalS: number, timeoutS: number) {
  const clock = createFakeClock();
  const seen = { pings: 0, silences: 0, bytes: 100 };
  const stop = startHeartbeat({
    clock,
    intervalS,
    timeoutS,
    bytesRead: () => seen.bytes,
    ping: () => {
      seen.pings += 1;
    },
    onSilence: () => {
      seen.silences += 1;
    },
  });
  return { clock, seen, stop };
}

describe('startHeartbeat', () => {
  it('[D9] pings every interval and notices silence exactly one timeout after a ping', () => {
    const { clock, seen } = start(30, 10);
    clock.advance(29_999);
    expect(seen.pings).toBe(0);
    clock.advance(1);
    expect(seen.pings).toBe(1);
    clock.advance(9_999);
    expect(seen.silences).toBe(0);
    clock.advance(1);
    expect(seen.silences).toBe(1);
  });

  it('[D9] takes any byte for a sign of life, and only one that came after the ping', () => {
    const { clock, seen } = start(30, 10);
    seen.bytes += 1;
    clock.advance(35_000);
    seen.bytes += 1;
    clock.advance(5_000);
    expect(seen).toMatchObject({ pings: 1, silences: 0 });
    clock.advance(30_000);
    expect(seen).toMatchObject({ pings: 2, silences: 1 });
  });

  it('[D9] a timeout longer than the interval holds for every ping', () => {
    const { clock, seen } = start(10, 25);
    clock.advance(34_999);
    expect(seen).toMatchObject({ pings: 3, silences: 0 });
    clock.advance(1);
    expect(seen.silences).toBe(1);
  });

  it('[D9] leaves no timer behind', () => {
    const { clock, seen, stop } = start(10, 25);
    clock.advance(31_000);
    stop();
    expect(clock.timers()).toBe(0);
    clock.advance(100_000);
    expect(seen.pings).toBe(3);
  });
});

const rawHandshake = (port: number): string =>
  `GET /ws/chat HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

describe('sockets', () => {
  it('[D9] one that does not answer a ping is closed and cut off, one that does stays', async () => {
    const clock = createFakeClock();
    const door = await openTestDoor({ clock, pingIntervalS: 30, pingTimeoutS: 10 });
    try {
      const live = await connectSocket(door.url, '/ws/session');
      const deaf = await connectRaw(door.port);
      deaf.socket.write(rawHandshake(door.port));
      await expect.poll(deaf.received).toMatch(/\r\n\r\n$/);
      for (let round = 0; round < 4; round++) {
        const pinged = once(live.ws, 'ping');
        clock.advance(round === 0 ? 30_000 : 20_000);
        await pinged;
        live.ws.ping();
        await once(live.ws, 'pong');
        if (round === 0) await expect.poll(() => deaf.received().endsWith('\x89\x00')).toBe(true);
        clock.advance(10_000);
        if (round === 0) await expect.poll(deaf.received).toContain('\x03\xf3');
      }
      await expect.poll(() => deaf.socket.closed, { timeout: CLOSING_MS / 2 }).toBe(true);
      expect(live.ws.readyState).toBe(live.ws.OPEN);
      live.ws.terminate();
      await expect.poll(() => clock.timers()).toBe(0);
    } finally {
      const closing = door.close();
      clock.advance(1_000);
      await closing;
    }
  });
});
