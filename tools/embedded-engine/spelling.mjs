/** @file Tokens as text, piece by piece, never with half a character. */

/** A character takes four bytes at most, so more tokens than this without a whole one are no text. */
const WAITING_TOKENS = 8;
const BROKEN = '\uFFFD';

/** For one reply: `add` answers the text that is whole by now (often empty), `rest` what is left at the end. */
export function createSpelling(model) {
  let shown = [];
  let waiting = [];

  const take = () => {
    const text = model.detokenize(waiting, false, shown);
    shown = [...shown, ...waiting].slice(-WAITING_TOKENS);
    waiting = [];
    return text.replaceAll(BROKEN, '');
  };

  return {
    add(token) {
      waiting.push(token);
      const whole = !model.detokenize(waiting, false, shown).endsWith(BROKEN);
      return whole || waiting.length > WAITING_TOKENS ? take() : '';
    },
    rest: () => (waiting.length > 0 ? take() : ''),
  };
}
