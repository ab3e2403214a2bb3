/**
 * @file Talks with a character through OpenAI's own client, the package `openai`, with nothing changed but where it asks.
 *
 *   npm install openai
 *   node examples/openai-client.mjs "How was your day?"
 *
 * PERSONA_URL names the service (http://127.0.0.1:8000), PERSONA_TOKEN its access token where it demands one.
 */
import OpenAI from 'openai';

const token = process.env.PERSONA_TOKEN;
const client = new OpenAI({
  baseURL: `${process.env.PERSONA_URL ?? 'http://127.0.0.1:8000'}/v1`,
  // The package insists on a key, and the service refuses one that is not its token: without a token none is sent.
  apiKey: token ?? 'none',
  defaultHeaders: token ? {} : { Authorization: null },
});
const question = process.argv[2] ?? 'How was your day?';

async function talk() {
  const { data: models } = await client.models.list();
  const model = models[0].id;
  console.log(`model: ${model}`);

  const messages = [
    { role: 'system', content: 'Answer in one or two sentences.' },
    { role: 'user', content: question },
  ];
  const whole = await client.chat.completions.create({ model, messages });
  const reply = whole.choices[0].message.content;
  console.log(`whole: ${reply}`);
  console.log(`tokens: ${whole.usage.total_tokens}`);

  // The service keeps nothing of this: what was said before is sent again.
  messages.push({ role: 'assistant', content: reply }, { role: 'user', content: 'And then?' });
  process.stdout.write('streamed: ');
  const stream = await client.chat.completions.create({ model, messages, stream: true });
  for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '');
  process.stdout.write('\n');
}

try {
  await talk();
} catch (error) {
  if (!(error instanceof OpenAI.APIError)) throw error;
  console.error(error.status === undefined ? error.message : `${error.status} ${error.code}: ${error.error.message}`);
  process.exitCode = 1;
}
