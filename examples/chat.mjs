/**
 * @file One exchange on /ws/chat, with nothing but Node 22 or newer.
 *
 *   node examples/chat.mjs "Hello Sarah!"
 *
 * PERSONA_URL names the service (http://127.0.0.1:8000), PERSONA_TOKEN its access token where it demands one.
 */
const address = `${(process.env.PERSONA_URL ?? 'http://127.0.0.1:8000').replace(/^http/, 'ws')}/ws/chat`;
const token = process.env.PERSONA_TOKEN;
const socket = new WebSocket(address, token ? ['companion.v1', `bearer.${token}`] : []);

socket.addEventListener('open', () => {
  socket.send(JSON.stringify({ message: process.argv[2] ?? 'Hello Sarah!', character_id: 'default', user_id: 'user123' }));
});

socket.addEventListener('message', ({ data }) => {
  const frame = JSON.parse(data);
  if (frame.type === 'status') console.log(`status: ${frame.task}`);
  if (frame.type === 'token') process.stdout.write(frame.content);
  if (frame.type === 'complete') console.log(`\nsentiment: ${JSON.stringify(frame.sentiment)}`);
  if (frame.type === 'error') fail(`${frame.code}: ${frame.message}`);
  // The socket stays open for the next message; this program has none.
  if (frame.type === 'complete' || frame.type === 'error') socket.close();
});

socket.addEventListener('error', () => fail(`${address} cannot be reached, or it demands its token in PERSONA_TOKEN.`));

function fail(sentence) {
  console.error(sentence);
  process.exitCode = 1;
}
