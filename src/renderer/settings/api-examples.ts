/** @file Programs to begin with, ready to copy: each talks with the companion as it stands. */

export type ExampleLanguage = 'curl' | 'JavaScript' | 'Python';
export type ExampleOptions = { address: string; requireToken: boolean; model: string };

/** The token comes from the environment, so that it does not end up in a file or in a shell's history. */
export function exampleOf(language: ExampleLanguage, { address, requireToken, model }: ExampleOptions): string {
  if (language === 'curl') return curl(address, requireToken);
  return language === 'JavaScript' ? javaScript(address, requireToken) : python(address, requireToken, model);
}

const curl = (address: string, requireToken: boolean) =>
  [
    `curl -N ${address}/api/chat \\`,
    ...(requireToken ? ['  -H "Authorization: Bearer $PERSONA_TOKEN" \\'] : []),
    '  -H "Content-Type: application/json" \\',
    `  -d '{"message": "How was your day?"}'`,
  ].join('\n');

const javaScript = (address: string, requireToken: boolean) =>
  [
    requireToken
      ? `const protocols = ['companion.v1', \`bearer.\${process.env.PERSONA_TOKEN}\`];\nconst chat = new WebSocket('${address.replace(/^http/, 'ws')}/ws/chat', protocols);`
      : `const chat = new WebSocket('${address.replace(/^http/, 'ws')}/ws/chat');`,
    "chat.onopen = () => chat.send(JSON.stringify({ message: 'How was your day?' }));",
    'chat.onmessage = ({ data }) => {',
    '  const frame = JSON.parse(data);',
    "  if (frame.type === 'token') process.stdout.write(frame.content);",
    "  if (frame.type === 'complete' || frame.type === 'error') chat.close();",
    '};',
  ].join('\n');

const python = (address: string, requireToken: boolean, model: string) =>
  [
    `import json${requireToken ? ', os' : ''}, urllib.request`,
    '',
    `body = {"model": "${model}", "messages": [{"role": "user", "content": "How was your day?"}]}`,
    requireToken
      ? 'headers = {"Content-Type": "application/json", "Authorization": "Bearer " + os.environ["PERSONA_TOKEN"]}'
      : 'headers = {"Content-Type": "application/json"}',
    `request = urllib.request.Request("${address}/v1/chat/completions", json.dumps(body).encode(), headers)`,
    'with urllib.request.urlopen(request) as answer:',
    '    print(json.load(answer)["choices"][0]["message"]["content"])',
  ].join('\n');
