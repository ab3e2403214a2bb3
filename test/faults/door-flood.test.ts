import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SOCKETS } from '../../src/shared/limits.ts';
import { type DoorProcess, startDoorProcess } from '../kit/door-process.ts';
import { ask, connectRaw, connectSocket, openSocket } from '../kit/test-door.ts';

const SLOW = process.env['TEST_LONG'] ? 2_000 : 200;
const FLOOD = process.env['TEST_LONG'] ? 200_000 : 20_000;
/** wire.md's own figure; what is seen is below a tenth of it. */
const BACK_WITHIN_MS = 2_000;

let door: DoorProcess;
beforeAll(async () => {
  door = await startDoorProcess();
});
afterAll(() => door.end());

const typeOf = (frame: unknown) => (frame as { type: string }).type;

describe('a flood', () => {
  it('[D33] of slow requests, sockets and noise bans nobody: normal service is back as soon as it ends', async () => {
    const slow = await Promise.all(Array.from({ length: SLOW }, () => connectRaw(door.port)));
    for (const { socket } of slow) socket.write('POST /api/sentiment HTTP/1.1\r\nHost: 127.0.0.1');
    const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => connectSocket(door.url, '/ws/chat')));
    const refused = await Promise.all(Array.from({ length: 50 }, () => openSocket(door.url, '/ws/chat').closed));
    for (let sent = 0; sent < FLOOD; sent += SOCKETS) for (const { ws } of sockets) ws.send('noise');
    expect((await ask(door.port)).status).toBe(200);
    for (const { ws } of sockets) ws.terminate();
    for (const { socket } of slow) socket.destroy();
    const ended = performance.now();

    let client = openSocket(door.url, '/ws/chat');
    const opened = () =>
      new Promise<boolean>((resolve) => void client.ws.once('open', () => resolve(true)).once('close', () => resolve(false)));
    while (!(await opened())) client = openSocket(door.url, '/ws/chat');
    client.send({ message: 'Hello.' });
    await client.until((frames) => frames.some((frame) => typeOf(frame) === 'complete'));
    const back = performance.now() - ended;
    console.log(`flood slow=${SLOW} sockets=${SOCKETS} frames=${FLOOD} refused=${refused.length} back=${back.toFixed(0)}ms`);
    expect(refused.every(({ code }) => code === 1006)).toBe(true);
    expect(back).toBeLessThan(BACK_WITHIN_MS);
    expect([door.child.exitCode, door.complaints()]).toEqual([null, '']);
    client.ws.terminate();
  });
});
