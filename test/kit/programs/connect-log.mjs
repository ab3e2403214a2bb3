/** @file Preloaded into a Node process: writes every address that the process wants to reach to the file CONNECT_LOG, one JSON line each. */
import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const file = process.env['CONNECT_LOG'] ?? '';
const note = (kind, host, port) => appendFileSync(file, `${JSON.stringify({ pid: process.pid, kind, host: String(host), port })}\n`);

/** connect(options), connect(port, host), connect(path), and Node's own call with all of them in one list. */
function targetOf(args) {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof first === 'object' && first !== null)
    return first.path === undefined ? [first.host ?? 'localhost', first.port] : [first.path, 'path'];
  const isPort = typeof first === 'number' || /^\d+$/.test(String(first));
  return isPort ? [typeof second === 'string' ? second : 'localhost', first] : [first, 'path'];
}

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  note('connect', ...targetOf(args));
  return connect.apply(this, args);
};

for (const owner of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  for (const name of Object.getOwnPropertyNames(owner).filter(
    (one) => /^(lookup|resolve|reverse)/.test(one) && typeof owner[one] === 'function',
  )) {
    const original = owner[name];
    owner[name] = function (host, ...rest) {
      note(name, host);
      return original.call(this, host, ...rest);
    };
  }
}

for (const name of ['connect', 'send']) {
  const original = dgram.Socket.prototype[name];
  dgram.Socket.prototype[name] = function (...args) {
    const address = args.find((one, index) => index > 0 && typeof one === 'string') ?? 'localhost';
    note(`udp-${name}`, address);
    return original.apply(this, args);
  };
}
syncBuiltinESMExports();
note('start', 'localhost');
