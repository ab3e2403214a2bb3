/** @file The name of a model in what a person types or pastes: the address of its page, a command, or the name itself. */

/** As the engine takes it (modelNameSchema), with something before the first slash or colon. */
const name = /^[A-Za-z0-9_][A-Za-z0-9._:/@-]{0,349}$/;
const page = /^(?:https?:\/\/)?(?:www\.)?(ollama\.com|huggingface\.co|hf\.co)\/([^?#\s]+)/i;
/** How far the numbers of a file were shortened, as its name says it. */
const shortened = /[-._]((?:UD-)?I?Q\d\w*|B?F16|F32)\.gguf$/i;

function fromPage(host: string, path: string): string {
  const [owner = '', model = '', ...rest] = path.split('/').filter((part) => part !== '');
  if (/^ollama/i.test(host)) return owner === 'library' ? model : [owner, model].filter((part) => part !== '').join('/');
  const [, quantisation] = shortened.exec(rest.at(-1) ?? '') ?? [];
  return `hf.co/${owner}/${model}${quantisation === undefined ? '' : `:${quantisation}`}`;
}

/** Undefined for what can be no name. */
export function typedName(text: string): string | undefined {
  const words = text
    .trim()
    .replace(/^ollama\s+(?:run|pull)\s+/i, '')
    .replace(/^["'`](.*)["'`]$/, '$1');
  const [, host, path = ''] = page.exec(words) ?? [];
  const found = host === undefined ? words : fromPage(host, path);
  return name.test(found) && !found.includes('//') && !found.endsWith('/') ? found : undefined;
}
