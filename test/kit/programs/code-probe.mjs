/** @file Loaded before a program: at the end CODE_PROBE tells how often a text was made into code in it. */
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

let made = 0;
const counted = (target, args) => {
  made += 1;
  return Reflect.construct(target, args);
};
globalThis.Function = new Proxy(Function, { construct: counted, apply: (target, _, args) => counted(target, args) });

if (isMainThread) process.on('exit', () => writeFileSync(process.env.CODE_PROBE, JSON.stringify(made)));
