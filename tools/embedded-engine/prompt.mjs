/** @file Messages as tokens, in the model's own chat form; what people wrote can never become a special token. */

/** Stands for the text of a message while the template is rendered, so that no template reads or changes what was written. */
const mark = (index) => `@@message-${index}@@`;
const MARKS = /@@message-(\d+)@@/;

/** The form most small models know, for files that carry no template or one that refuses these messages. */
const CHAT_ML =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/** Replies whose own tokens are remembered: text read anew may give other tokens, and would then be evaluated again. */
const REMEMBERED_REPLIES = 64;

/** The system message above the first words of the person, for templates that know no system role. */
function foldSystem(marked) {
  const [system, user, ...rest] = marked;
  if (system?.role !== 'system' || user?.role !== 'user') return undefined;
  return [{ role: 'user', content: `${system.content}\n\n${user.content}` }, ...rest];
}

/** The rendered template in pieces, texts of the form and numbers of messages by turns; undefined where the form lost a message. */
function render(Template, source, marked, count, words) {
  const continues = marked.at(-1)?.role === 'assistant';
  let rendered;
  try {
    rendered = new Template(source).render({ messages: marked, add_generation_prompt: !continues, ...words });
  } catch {
    return undefined; // The template refuses this order of roles; the next form is tried.
  }
  const pieces = rendered.split(MARKS);
  const seen = pieces.filter((_, index) => index % 2 === 1).map(Number);
  if (seen.length !== count || seen.some((number, index) => number !== index)) return undefined;
  return continues ? pieces.slice(0, -1) : pieces;
}

function piecesOf(Template, template, messages, words) {
  const marked = messages.map((message, index) => ({ role: message.role, content: mark(index) }));
  const folded = foldSystem(marked);
  const forms = [
    [template, marked],
    [template, folded],
    [CHAT_ML, marked],
  ];
  for (const [source, form] of forms) {
    if (!source || !form) continue;
    const pieces = render(Template, source, form, messages.length, words);
    if (pieces) return pieces;
  }
  throw new Error('No chat form takes these messages.');
}

/**
 * For one model: what turns messages into tokens, and remembers the tokens of its own replies.
 * @param library node-llama-cpp
 * @param Template the Template class of @huggingface/jinja
 */
export function createPrompt(library, Template, model) {
  const replies = new Map();
  const template = model.fileInfo.metadata?.tokenizer?.chat_template;
  const words = { bos_token: model.tokens.bosString ?? '', eos_token: model.tokens.eosString ?? '' };

  const read = (special, text) => {
    if (text === '') return [];
    const piece = special ? new library.SpecialTokensText(text) : text;
    return new library.LlamaText([piece]).tokenize(model.tokenizer, 'trimLeadingSpace');
  };

  const textOf = (message) => (message.role === 'assistant' ? replies.get(message.content) : undefined) ?? read(false, message.content);

  return {
    /** The whole prompt; a last message of the assistant is left open, so that the reply goes on from it. */
    tokens(messages) {
      const pieces = piecesOf(Template, template, messages, words);
      const tokens = pieces.flatMap((piece, index) => (index % 2 === 1 ? textOf(messages[Number(piece)]) : read(true, piece)));
      const { bos, shouldPrependBosToken } = model.tokens;
      return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens;
    },

    /** Keeps a reply as the model made it. One with a special token inside is not kept: its text would not be its tokens. */
    remember(text, tokens) {
      if (text === '' || tokens.some((token) => model.isSpecialToken(token))) return;
      replies.delete(text);
      replies.set(text, tokens);
      if (replies.size > REMEMBERED_REPLIES) replies.delete(replies.keys().next().value);
    },
  };
}
