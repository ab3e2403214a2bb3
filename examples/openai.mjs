/**
 * @file Talks with a character the way any OpenAI client does, with nothing but Node.
 *
 *   node examples/openai.mjs "How was your day?"
 *
 * PERSONA_URL names the service (http://127.0.0.1:8000), PERSONA_TOKEN its access token where it demands one.
 * A client of your own needs the same two: base URL `$PERSONA_URL/v1`, and the token as its API key.
 */
const base = `${process.env.PERSONA_URL ?? 'http://127.0.0.1:8000'}/v1`;
const token = process.env.PERSONA_TOKEN;
const headers = { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) };
const question = process.argv[2] ?? 'How was your day?';

async function ask(path, body) {
  const answer = await fetch(base + path, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
  if (answer.ok) return answer;
  const { error } = await answer.json();
  throw new Error(`${answer.status} ${error.code}: ${error.message}`);
}

/** The words of a streamed answer as they come. */
async function* wordsOf(answer) {
  const decoder = new TextDecoder();
  let unread = '';
  for await (const bytes of answer.body) {
    const events = (unread + decoder.decode(bytes, { stream: true })).split('\n\n');
    unread = events.pop();
    for (const event of events) {
      const data = event.slice('data: '.length);
      if (data === '[DONE]') return;
      const chunk = JSON.parse(data);
      if (chunk.error) throw new Error(`${chunk.error.code}: ${chunk.error.message}`);
      yield chunk.choices[0]?.delta.content ?? '';
    }
  }
}

const { data: models } = await (await ask('/models')).json();
const model = models[0].id;
console.log(`model: ${model}`);

const messages = [
  { role: 'system', content: 'Answer in one or two sentences.' },
  { role: 'user', content: question },
];
const whole = await (await ask('/chat/completions', { model, messages })).json();
const reply = whole.choices[0].message.content;
console.log(`whole: ${reply}`);
console.log(`tokens: ${whole.usage.total_tokens}`);

// The service keeps nothing of this: what was said before is sent again.
messages.push({ role: 'assistant', content: reply }, { role: 'user', content: 'And then?' });
process.stdout.write('streamed: ');
for await (const words of wordsOf(await ask('/chat/completions', { model, messages, stream: true }))) process.stdout.write(words);
process.stdout.write('\n');
