/** @file A TCP server that takes every connection and every byte, and says nothing. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export type SilentServer = {
  port: number;
  /** Connections that were ever made, and those that are open now. */
  counts(): { made: number; open: number };
  received(): string;
  close(): Promise<void>;
};

export async function createSilentServer(): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  const chunks: Buffer[] = [];
  let made = 0;
  const server = createServer((socket) => {
    made += 1;
    sockets.add(socket);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    counts: () => ({ made, open: sockets.size }),
    received: () => Buffer.concat(chunks).toString('latin1'),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
