/** @file Conversations over months, made up from a seed: facts, facts that change, chatter, and questions with the turns that answer them. */
import { createRandom } from '../../kit/random.ts';
import { type FactKind, factKinds } from './facts.ts';
import { people, pools } from './pools.ts';

export type Turn = { conversation: string; id: string; session: string; at: number; speaker: string; text: string };
export type Query = { conversation: string; question: string; category: string; evidence: string[]; at?: number };
export type Corpus = { turns: Turn[]; queries: Query[] };

const DAY = 86_400_000;
const FIRST_DAY = Date.UTC(2025, 2, 3, 9);

const openings =
  'Hey, how have you been?|Hi! Long time no talk.|Good morning! Slept well?|Hello again, what is new?|Hey there, how is your week going?'.split(
    '|',
  );
const fine =
  'Pretty good, thanks. A bit tired.|Doing well! Busy as always.|Not bad at all, the {weather} is nice.|So-so, but better now that we talk.'.split(
    '|',
  );
const reactions = [
  'That sounds wonderful, I am happy for you!',
  'Wow, really? Tell me more about it.',
  'Oh no, I hope it gets better soon.',
  'Nice! How did that feel?',
  'I can imagine. You always find a way.',
  'That is so cool. What do you like most about it?',
  'Ha, typical you. I love it.',
  'I had no idea! How long has that been going on?',
  'Good on you. It takes courage.',
  'Interesting, I should try that as well.',
  'Thanks for sharing that with me.',
  'You deserve it, honestly.',
  'How does your family feel about {echo}?',
  '{echo}! I would never have guessed.',
  'I remember something like {echo} from my own childhood.',
];
const thanks = [
  'Thanks, it means a lot.',
  'Yes, I am really looking forward to what comes.',
  'It was not easy, but worth it.',
  'Honestly the best part is the people.',
  'I will keep you posted!',
  'True. One step at a time.',
];
const chatter = [
  ['Did you see the {weather} today?', 'Yes, I forgot my {thing} of course.'],
  ['I am having {meal} for lunch, what about you?', 'Probably {meal}, I was too lazy to cook.'],
  ['My phone keeps losing signal.', 'Mine too, must be the {weather}.'],
  ['I watched {show} until midnight.', 'Again? I fell asleep over {show}.'],
  ['The neighbours are drilling again.', 'Put on some {music} and forget them.'],
  ['I lost my {thing} on the bus.', 'Oh no, did you ask the driver about the {thing}?'],
  ['Any plans for the weekend?', 'Just laundry and {drink}, nothing special.'],
  ['I need a holiday.', 'Who does not? Dream of {city} a little.'],
  ['Can you believe it is already this late?', 'Time flies when we talk.'],
  ['Work was slow today.', 'Enjoy it while it lasts.'],
  ['I keep hearing about {book} everywhere.', 'The adverts for "{book}" are on every tram.'],
  ['My back hurts from the chair.', 'Stretch a little, it helps.'],
];
const goodbyes = 'I have to run, talk soon!|Good night, sleep tight.|Let us speak again this week.|Bye for now, take care.'.split('|');
const whenWords: [string, number][] = [
  ['yesterday', 1],
  ['two days ago', 2],
  ['last week', 7],
  ['last weekend', 5],
  ['a month ago', 30],
  ['three weeks ago', 21],
  ['last month', 30],
  ['this morning', 0],
  ['last Friday', 4],
];

type Random = () => number;
type Told = { kind: FactKind; speaker: string; slots: Map<string, string>; id: string; at: number };

export function makeCorpus(seed: number, conversations: number, sessionsEach = 16): Corpus {
  const random = createRandom(seed).next;
  const corpus: Corpus = { turns: [], queries: [] };
  for (let n = 0; n < conversations; n++) converse(random, `c${seed}-${n}`, n % 2 === 0, sessionsEach, corpus);
  return corpus;
}

const pick = <Value>(random: Random, from: readonly Value[]): Value => from[Math.floor(random() * from.length)] as Value;

function fill(random: Random, text: string, slots: Map<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (!pools[name]) return slots.get(name) ?? whole;
    const known = slots.get(name) ?? pick(random, pools[name]);
    slots.set(name, known);
    return known;
  });
}

/** `named`: two friends and questions about them by name; else a person and a companion, and the person's own questions. */
function converse(random: Random, id: string, named: boolean, sessions: number, corpus: Corpus): void {
  const speakers = named ? [pick(random, people.slice(0, 12)), pick(random, people.slice(12))] : ['person', 'companion'];
  const told: Told[] = [];
  let made = 0;
  let at = FIRST_DAY + Math.floor(random() * 60) * DAY;
  let session = 0;
  const other = (speaker: string) => (speaker === speakers[0] ? speakers[1] : speakers[0]) as string;
  const say = (speaker: string, text: string): string => {
    at += 40_000;
    const turn = {
      conversation: id,
      id: `${id}:${++made}`,
      session: `${id}-s${session}`,
      at,
      speaker,
      text: text.slice(0, 1).toUpperCase() + text.slice(1),
    };
    corpus.turns.push(turn);
    return turn.id;
  };
  const ask = (category: string, text: string, evidence: string[], slots: Map<string, string>, speaker: string) => {
    const question = fill(random, text, new Map([...slots, ['S', speaker]]));
    corpus.queries.push({ conversation: id, question, category, evidence });
  };
  const wordingsOf = (of: { questions: string[]; mine: string[] }) => (named ? of.questions : of.mine);
  const tell = (kind: FactKind, speaker: string, changes?: Told) => {
    const slots = new Map<string, string>();
    if (changes)
      for (const name of ['relative', 'pet', 'hobby']) if (changes.slots.has(name)) slots.set(name, changes.slots.get(name) as string);
    const timed = kind.when && !changes && random() < 0.4 ? kind.when : undefined;
    const short = !timed && !changes && kind.asked && random() < 0.4;
    let fact: string;
    if (short) {
      say(other(speaker), kind.asked as string);
      fact = say(speaker, fill(random, pick(random, kind.answers ?? []), slots));
    } else {
      const [words] = pick(random, whenWords);
      slots.set('when', words);
      const text = timed ? pick(random, timed.says) : pick(random, changes ? (kind.later ?? kind.says) : kind.says);
      const lead = random() < 0.3 ? `${pick(random, thanks)} ` : '';
      fact = say(speaker, lead + fill(random, text, slots));
    }
    const echo = [...slots].find(([name]) => name !== 'when')?.[1] ?? 'that';
    say(other(speaker), fill(random, pick(random, reactions), new Map([['echo', echo]])));
    if (timed) ask('time', pick(random, wordingsOf(timed)), [fact], slots, speaker);
    if (kind.adds && !timed && random() < 0.7) {
      say(other(speaker), fill(random, kind.adds.asks, slots));
      const detail = say(speaker, fill(random, kind.adds.says, slots));
      ask('detail', pick(random, wordingsOf(kind.adds)), [detail], slots, speaker);
      say(other(speaker), fill(random, pick(random, reactions), new Map([['echo', echo]])));
    }
    if (random() < 0.5) say(speaker, pick(random, thanks));
    told.push({ kind, speaker, slots, id: fact, at });
  };
  const chat = () => {
    const [first = '', second = ''] = pick(random, chatter);
    const speaker = pick(random, speakers);
    const slots = new Map<string, string>();
    say(speaker, fill(random, first, slots));
    if (random() < 0.5) slots.clear();
    say(other(speaker), fill(random, second, slots));
  };
  for (session = 0; session < sessions; session++) {
    at += Math.floor(1 + random() * 14) * DAY + Math.floor(random() * 6) * 3_600_000;
    say(pick(random, speakers), pick(random, openings));
    say(pick(random, speakers), fill(random, pick(random, fine), new Map()));
    const topics = 3 + Math.floor(random() * 4);
    for (let topic = 0; topic < topics; topic++) {
      const speaker = named || random() < 0.8 ? (named ? pick(random, speakers) : 'person') : 'companion';
      const earlier = told.filter((each) => each.kind.later && each.speaker === speaker);
      if (random() < 0.35) chat();
      else if (earlier.length > 0 && random() < 0.15) {
        const old = pick(random, earlier);
        tell(old.kind, speaker, old);
      } else tell(pick(random, factKinds), speaker);
    }
    say(pick(random, speakers), pick(random, goodbyes));
  }
  askAll(random, told, speakers, named, ask);
  for (const query of corpus.queries) if (query.conversation === id) query.at = at + DAY;
}

const echoes = {
  named: [
    'What did {S} say about {value}?',
    'What does {S} think of {value}?',
    'How did it go for {S} with {value}?',
    'Why is {value} important to {S}?',
    'What happened with {S} and {value}?',
  ],
  mine: [
    'What was it about {value} again?',
    'I was thinking of {value} today.',
    'Did I ever mention {value}?',
    'How was that with {value}?',
  ],
};

type Ask = (category: string, text: string, evidence: string[], slots: Map<string, string>, speaker: string) => void;

/** Questions once everything is told: the newest of what changed, everything of a kind, what one fact says, what was never said. */
function askAll(random: Random, told: Told[], speakers: readonly string[], named: boolean, ask: Ask): void {
  for (const speaker of speakers) {
    for (const kind of factKinds) {
      const facts = told.filter((each) => each.kind === kind && each.speaker === speaker);
      const wording = named ? kind.questions : kind.mine;
      if (speaker === 'companion') continue;
      const last = facts.at(-1);
      if (!last) ask('none', pick(random, wording), [], new Map(), speaker);
      else if (kind.later && facts.length > 1) ask('changed', wording[0] ?? '', [last.id], last.slots, speaker);
      else if (facts.length === 1 && random() < 0.45) {
        const value = pick(
          random,
          [...last.slots].filter(([name]) => name !== 'when'),
        )?.[1];
        if (value === undefined) continue;
        const about = told.filter((each) => each.speaker === speaker && [...each.slots.values()].includes(value));
        ask(
          'echo',
          pick(random, named ? echoes.named : echoes.mine),
          about.map(({ id }) => id),
          new Map([['value', value]]),
          speaker,
        );
      } else if (facts.length === 1) ask('single', pick(random, wording), [last.id], last.slots, speaker);
      else
        ask(
          'several',
          pick(random, (named ? kind.all?.questions : kind.all?.mine) ?? wording),
          facts.map(({ id }) => id),
          last.slots,
          speaker,
        );
    }
  }
}
