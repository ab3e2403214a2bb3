/** @file Tries to leave the machine in every way that a Node program has, for the test that says nobody does. */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { WebSocket } from 'ws';

const outcome = (work: Promise<unknown>) => work.then(() => 'reached').catch(() => 'failed');
const socketEnd = (socket: { once(event: string, listener: () => void): unknown }) =>
  new Promise<void>((_resolve, reject) => socket.once('error', () => reject(new Error('failed'))));

const udp = createSocket('udp4');
const outcomes = await Promise.all([
  outcome(fetch('http://192.0.2.1/')),
  outcome(lookup('a-name.invalid')),
  outcome(socketEnd(connect(443, '192.0.2.2'))),
  outcome(socketEnd(new WebSocket('ws://192.0.2.3/'))),
  outcome(new Promise<void>((resolve, reject) => udp.send('x', 53, '192.0.2.4', (error) => (error ? reject(error) : resolve())))),
]);
udp.close();
process.stdout.write(`${outcomes.join(' ')}\n`);
