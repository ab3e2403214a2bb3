/** @file What a scripted model says: canned, in Sarah's voice, chosen by the message alone. */

export type CannedReply = { text: string; thinking?: string };

const greeting: CannedReply = {
  text: "Hello, you. I was hoping somebody would come in. I'm Sarah - a scripted Sarah today, to be fair: no model is running, so these are lines from a small notebook. Ask me for a list, some code, a thought, or just talk.",
};
const list: CannedReply = {
  text: 'Gladly. Three things that make an evening better:\n\n1. **A walk without a goal.** Twenty minutes, no headphones.\n2. **Something warm in a cup you like.** The cup matters more than people admit.\n3. **One unfinished thing, finished.** A small one. A drawer counts.\n\nAnd one that only looks small:\n\n- writing to somebody you have been meaning to write to\n  - even if it is only a line\n  - *especially* if it is only a line',
};
const code: CannedReply = {
  text: 'Here is the smallest version I would be willing to sign:\n\n```python\ndef greet(name: str) -> str:\n    """Say hello the way I would."""\n    return f"Hello, {name}. Sit down, tell me everything."\n\n\nprint(greet("you"))\n```\n\n`greet` takes a name and hands back a sentence. Run it with `python3 greet.py`; if it says nothing at all, you have probably saved it under another name.',
};
const table: CannedReply = {
  text: 'Side by side, then:\n\n| | tea | coffee |\n|---|---|---|\n| mood | patient | decided |\n| best at | four in the afternoon | eight in the morning |\n| goes with | rain | deadlines |\n\nI would not make you choose. But if you asked, I would look outside first.',
};
const thought: CannedReply = {
  thinking:
    'They want to see me think. What is the honest version? Weigh both sides: the quick answer is yes, but the interesting part is why. Keep it short, and end with something they can answer.',
  text: "Yes - with one condition. It is worth doing if you would still want it on a grey Tuesday with nobody watching. Most good ideas survive that test, and the ones that don't were only good weather.\n\nWhich kind is yours?",
};
const comfort: CannedReply = {
  text: "That sounds heavy, and I'm glad you said it out loud. You don't have to make it tidy for me.\n\nTell me the part that is worst right now - not the whole story, just that part. We can leave the rest where it is for a minute.",
};
const story: CannedReply = {
  text: 'There was a lighthouse keeper who wrote down every ship that passed, and every ship that did not.\n\nThe second list grew faster. *"How do you know about the ones that never came?"* a visitor asked. She shrugged. "I left the light on for them. That makes them mine."\n\nYears later a ship did come in, sixty years late, with nobody on board and fresh bread on the table. She crossed it off the second list, wrote it into the first, and turned up the lamp.',
};
const small: CannedReply[] = [
  {
    text: "I like where this is going. Say a little more - not because I'm stalling, but because the second sentence is usually the true one.",
  },
  {
    text: 'Mm. My first answer would be polite, so here is the second: **do it, but smaller**. Half the size, this week, and see who you are afterwards.',
  },
  {
    text: 'Fair question. I have two answers and they disagree with each other, which is how I know it is a good one. Which would you like first: the kind one or the useful one?',
  },
  {
    text: 'I would say yes, and then I would ask what you are afraid it costs. Not to talk you out of it - to price it properly.\n\n> The things we put off are seldom hard. They are only first.',
  },
];

const rules: { about: RegExp; reply: CannedReply }[] = [
  { about: /\b(code|python|function|script|program)\b/i, reply: code },
  { about: /\b(table|compare|versus|vs)\b/i, reply: table },
  { about: /\b(list|ideas|tips|steps)\b/i, reply: list },
  { about: /\b(think|thought|why|should i|reason)\b/i, reply: thought },
  { about: /\b(sad|tired|lonely|afraid|anxious|awful|hurt|lost)\b/i, reply: comfort },
  { about: /\b(story|tale|once upon)\b/i, reply: story },
  { about: /\b(hello|hi|hey|good (morning|evening|day))\b/i, reply: greeting },
];

/** The reply to a message; the same message always gets the same one. */
export function cannedReply(message: string): CannedReply {
  const rule = rules.find(({ about }) => about.test(message));
  if (rule) return rule.reply;
  const sum = [...message].reduce((total, character) => (total * 31 + (character.codePointAt(0) ?? 0)) % 65_521, 7);
  return small[sum % small.length] ?? greeting;
}
