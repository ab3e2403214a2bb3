/** @file A door in a process of its own, so that a test sees whether it lives through what is sent to it. */
import { openTestDoor } from '../test-door.ts';

const door = await openTestDoor();
door.engine.play = (turn) => {
  turn.accept();
  turn.say('Yes.');
  turn.end();
};

export type DoorReport = {
  reached: number;
  turns: number;
  healthAsked: number;
  heapBytes: number;
  residentBytes: number;
  errors: string[];
};

process.on('message', () => {
  // Twice: what the first finds without an owner may itself own something.
  globalThis.gc?.();
  globalThis.gc?.();
  const report: DoorReport = {
    reached: door.engine.reached.count,
    turns: door.engine.turns.length,
    healthAsked: door.health.asked,
    heapBytes: process.memoryUsage().heapUsed + process.memoryUsage().external,
    residentBytes: process.memoryUsage.rss(),
    errors: door.logged.filter(({ level }) => level === 'error').map(({ event }) => event),
  };
  door.logged.length = 0;
  process.send?.(report);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port: door.port, url: door.url });
