/** @file The forms of sentence that tell lasting things: name, home, work, birthday, people and animals, tastes. Precision before reach. */
import type { NoteKind } from '../../../shared/memories.ts';
import { contentStems } from './note-words.ts';

/** `text` is still in the person's own grammar after its first words: "Your sister is called Marit". */
export type Found = { kind: NoteKind; subject: string; single: boolean; text: string };
export type Rule = (sentence: string) => Found | undefined;

const NAME = String.raw`(?<name>\p{Lu}\p{Ll}+(?:['’-]\p{Lu}\p{Ll}+)*(?: (?:(?:van|von|de|da|di|la|le|el|al|bin|Mc) ?)?\p{Lu}\p{Ll}+(?:['’-]\p{Lu}\p{Ll}+)*){0,3})`;
/** Behind a form that says "name", a name may end where the sentence does or another clause begins; behind a relation, anywhere. */
const END = String.raw`(?=$|[.,;:!)…]| ?\p{Extended_Pictographic}| (?:and|but|who|which|by|though|if|not|so|in|from|since|for|now|these|too)\b)`;
const NAME_ENDS = String.raw`(?![\p{L}-])`;
const START = `^(?:(?:hi|hello|hey|well|yes|no|oh|so|and|but|ok|okay|also|actually|anyway|by the way|btw|just so you know|fyi|nice to meet you|for the record)[,!.]? )*`;
/** A clause is cut where another one begins. */
const CLAUSE_END =
  /(?:[,;:!…—–]|\.(?=\s|$)|\s+(?:and|but|because|although|though|so|when|while|since|if|unless|until|except|which|who|that)\b).*$/iu;

/** Openings are written in either case, names only with a capital. */
const any = (words: string) => words.replaceAll(/(?<![\p{L}\\<?])\p{Ll}/gu, (letter) => `[${letter.toUpperCase()}${letter}]`);
/** Made when it is first asked for: all of them together would hold the start for some milliseconds. */
type Form = { exec(sentence: string): RegExpExecArray | null };
const made: Form[] = [];
/** The expressions that rules look at first, each of which takes milliseconds when it is first asked. */
export const forms: readonly Form[] = made;
function lazy(make: () => RegExp): Form {
  let expression: RegExp | undefined;
  const lazyForm: Form = {
    exec(sentence) {
      expression ??= make();
      return expression.exec(sentence);
    },
  };
  made.push(lazyForm);
  return lazyForm;
}
const form = (source: () => string): Form => lazy(() => new RegExp(any(START) + source(), 'u'));
const anywhere = (source: () => string): Form => lazy(() => new RegExp(String.raw`(?<![\p{L}’'-])${source()}`, 'u'));
const clause = (words: string) => words.replace(CLAUSE_END, '').trim();
const wordCount = (words: string) => words.split(/\s+/u).filter((word) => word !== '').length;
const key = (words: string) => [...contentStems(words)].sort().join('-').slice(0, 80);

const NO_NAME =
  /^(?:Later|Maybe|Back|Crazy|Old|Stupid|Anything|Whatever|When|If|Tomorrow|Today|Now|Sir|Madam|Master|Mistress|God|Daddy|Not|Irrelevant|Unimportant|The|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December|I)\b/u;

const namedForm = form(
  () =>
    any(`(?:my (?:real |first |full )?name(?:['’]s| is)|i(?:['’]m| am) called|you can call me|call me|people call me|everyone calls me) `) +
    NAME +
    END,
);
const named: Rule = (sentence) => {
  const found = namedForm.exec(sentence);
  const name = found?.groups?.['name'];
  if (!name || NO_NAME.test(name)) return undefined;
  const isNickname = /call me|calls me/iu.test(found[0]);
  return {
    kind: 'you',
    subject: isNickname ? 'called' : 'name',
    single: true,
    text: isNickname ? `You are called ${name}` : `Your name is ${name}`,
  };
};

const NO_PLACE =
  /^(?:the )?(?:moment|past|present|now|dark|shadows?|future|middle|hope|fear|same|clouds?|real world|world|void|bubble|lie)\b/iu;

const homeForm = form(() =>
  any(
    `(?:i(?:['’]m| am)? (?:now |currently )?(?:live|living)(?: now| currently)? (?<how>in|at|near|on|outside|by)|(?:i|we)(?:['’]ve| have)?(?: just| recently)? moved (?<to>to|into)) (?<rest>.+)$`,
  ),
);
const home: Rule = (sentence) => {
  const found = homeForm.exec(sentence);
  const { how, to, rest = '' } = found?.groups ?? {};
  const moved = to !== undefined && /\b(?:just|recently)\b|['’]ve|\bhave\b/iu.test(found?.[0].slice(0, -rest.length) ?? '');
  const place = clause(rest).replace(/ (?:now|these days|at the moment|last (?:week|month|year)|yesterday|today|with\b.*)$/iu, '');
  if (place === '' || wordCount(place) > 8 || NO_PLACE.test(place) || !/\p{Lu}|^(?:an?|the|my|our) /u.test(place)) return undefined;
  if (how !== undefined) return { kind: 'you', subject: 'home', single: true, text: `You live ${how} ${place}` };
  return moved ? { kind: 'you', subject: 'home', single: true, text: `You have moved ${to} ${place}` } : undefined;
};

const originForm = form(
  () =>
    any(`(?:i(?:['’]m| am) (?:originally )?from|i grew up in|i was born (?:and raised )?in) `) +
    String.raw`(?<place>\p{Lu}[^,.;:!?]{1,60})`,
);
const origin: Rule = (sentence) => {
  const found = originForm.exec(sentence);
  const place = clause(found?.groups?.['place'] ?? '').replace(/ (?:originally|actually)$/iu, '');
  if (place === '' || wordCount(place) > 5) return undefined;
  const grew = /grew up/iu.test(found?.[0] ?? '');
  return { kind: 'you', subject: 'origin', single: true, text: grew ? `You grew up in ${place}` : `You are from ${place}` };
};

const TRADES =
  'accountant|actor|actress|architect|artist|baker|barber|bartender|biologist|bookseller|builder|bus driver|carer|carpenter|cashier|chef|chemist|cleaner|composer|cook|dancer|data scientist|dentist|designer|developer|diver|doctor|economist|editor|electrician|engineer|farmer|firefighter|fisherman|florist|gardener|geologist|hairdresser|historian|illustrator|journalist|judge|lawyer|lecturer|librarian|mathematician|mechanic|midwife|musician|nurse|optician|painter|paramedic|pharmacist|philosopher|photographer|physicist|physiotherapist|pianist|pilot|plumber|poet|policeman|policewoman|police officer|postman|priest|professor|programmer|psychologist|researcher|sailor|scientist|sculptor|secretary|shepherd|singer|social worker|soldier|software engineer|student|surgeon|surveyor|tailor|taxi driver|teacher|therapist|tiler|translator|truck driver|vet|violinist|waiter|waitress|welder|writer';

const tradeForm = form(
  () =>
    any(`i(?:['’]m| am) (?<a>an?) `) +
    String.raw`(?<trade>(?:[\p{L}-]+ ){0,2}(?:${TRADES}))(?=$|[.,;!]| (?:and|at|in|for|by|from|but|with|on)\b)`,
);
const workPlaceForm = form(() => any(`i work (?<how>as an?|at|for) (?<rest>.+)$`));
const work: Rule = (sentence) => {
  const trade = tradeForm.exec(sentence);
  const { a, trade: what } = trade?.groups ?? {};
  if (a && what && !/\b(?:not|bad|terrible|good|great|big|huge|former|retired|failed|better|like|frustrated|would-be)\b/iu.test(what)) {
    return { kind: 'you', subject: 'work', single: true, text: `You are ${a} ${what}` };
  }
  const place = workPlaceForm.exec(sentence);
  const where = clause(place?.groups?.['rest'] ?? '');
  if (
    where === '' ||
    wordCount(where) > 8 ||
    /^(?:home|night|nights|it|myself|you|him|her|them|hours|least|most|now|days|free)\b/iu.test(where)
  )
    return undefined;
  return { kind: 'you', subject: 'work', single: true, text: `You work ${place?.groups?.['how'] ?? 'at'} ${where}` };
};

const MONTHS =
  '(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)';
const DATE = String.raw`(?<date>(?:the )?\d{1,2}(?:st|nd|rd|th)?(?: of)? ${MONTHS}(?:,? \d{4})?|${MONTHS} (?:the )?\d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?|\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?|\d{4}-\d{2}-\d{2})`;

const birthdayForm = form(() => any(`(?:my birthday(?:['’]s| is)(?: on)?|i was born on) `) + DATE);
const theirBirthdayForm = form(() => any(`my (?<who>${PEOPLE})(?:['’]s) birthday(?:['’]s| is)(?: on)? `) + DATE);
const birthday: Rule = (sentence) => {
  const own = birthdayForm.exec(sentence)?.groups?.['date'];
  if (own) return { kind: 'you', subject: 'birthday', single: true, text: `Your birthday is ${own}` };
  const theirs = theirBirthdayForm.exec(sentence);
  const { who, date } = theirs?.groups ?? {};
  if (!who || !date) return undefined;
  return { kind: 'people', subject: `birthday:${who.toLowerCase()}`, single: true, text: `Your ${who}’s birthday is ${date}` };
};

const ageForm = form(
  () =>
    any(`i(?:['’]m| am|['’]ve just turned| just turned| have just turned) `) +
    String.raw`(?<age>\d{1,3})(?= years old|$|[.,!]| now\b| today\b)`,
);
const age: Rule = (sentence) => {
  const found = ageForm.exec(sentence);
  const years = Number(found?.groups?.['age'] ?? 0);
  if (years < 10 || years > 120 || (!/years old|turned/iu.test(sentence) && wordCount(sentence) > 4)) return undefined;
  return { kind: 'you', subject: 'age', single: true, text: `You are ${years} years old` };
};

const ONE_OF_A_KIND = 'wife|husband|partner|girlfriend|boyfriend|fiancée?|mother|mum|mom|father|dad|boss';
const PEOPLE = `${ONE_OF_A_KIND}|(?:older |younger |big |little |twin |elder |half-)?(?:sister|brother)|son|daughter|(?:great-)?grand(?:mother|father|ma|pa|son|daughter)|gran|granny|nan|nana|aunt|uncle|cousin|niece|nephew|(?:best )?friend|flatmate|roommate|neighbou?r|colleague|teacher|therapist|doctor|(?:(?:mother|father|sister|brother)-in-law)|godmother|godfather|stepmother|stepfather|stepson|stepdaughter|ex`;
const ANIMALS = 'dog|cat|puppy|kitten|horse|pony|rabbit|hamster|parrot|budgie|tortoise|turtle|goldfish|ferret|snake|goat|donkey';

const peopleForm = anywhere(
  () =>
    any(`(?:my|our) (?<who>${PEOPLE}|${ANIMALS})(?<form>['’]s name (?:is|was) | (?:is|was) (?:called|named) |,? (?:called |named )?)`) +
    NAME +
    NAME_ENDS,
);
const peopleHadForm = anywhere(
  () =>
    any(String.raw`i(?:['’]ve got| have(?: got)?) an? (?:[\p{L}-]+ ){0,2}(?<who>${PEOPLE}|${ANIMALS}),? (?:called|named|whose name is) `) +
    NAME +
    NAME_ENDS,
);
const people: Rule = (sentence) => {
  const named = peopleForm.exec(sentence);
  const has = peopleHadForm.exec(sentence);
  const { who, name } = (named ?? has)?.groups ?? {};
  if (!who || !name || NO_NAME.test(name)) return undefined;
  const past = / was /u.test(named?.groups?.['form'] ?? '');
  const one = new RegExp(`^(?:${ONE_OF_A_KIND})$`, 'iu').test(who);
  const subject = one ? `people:${who.toLowerCase()}` : `people:${who.toLowerCase()}:${name.toLowerCase()}`;
  return { kind: 'people', subject, single: one, text: `Your ${who} ${past ? 'was' : 'is'} called ${name}` };
};

const NO_TASTE =
  /^(?:you|your|yours|it|its|that|this|these|those|them|him|her|his|he|she|they|us|me|my life|myself|how|when|what|where|why|who|if|being (?:here|able)|the (?:way|idea|fact|thought|sound of (?:that|it))|to (?:think|say|admit|know|see you|hear|be)|talking (?:to|with) you|chatting|so|too|hearing|when|everything|nothing|something|anything|all|both|one|each|another|more|most|any|some of)\b/iu;
const TASTE: Record<string, string> = { 'can’t stand': 'cannot stand', 'cannot stand': 'cannot stand' };

const tasteForm = form(() =>
  any(
    `i (?:really |absolutely |also |still |just |do |quite |always |particularly )*(?<verb>love|like|adore|enjoy|hate|dislike|detest|loathe|prefer|can['’]t stand|cannot stand|don['’]t (?:really )?like|do not like|don['’]t eat|do not eat|don['’]t drink|never eat|never drink) (?<rest>.+)$`,
  ),
);
const taste: Rule = (sentence) => {
  const found = tasteForm.exec(sentence);
  const verb = (found?.groups?.['verb'] ?? '')
    .toLowerCase()
    .replace(/ really /u, ' ')
    .replaceAll("'", '’');
  const what = clause(found?.groups?.['rest'] ?? '').replace(
    / (?:a lot|very much|so much|too|as well|most|best|these days|more than anything)$/iu,
    '',
  );
  if (what === '' || wordCount(what) > 6 || NO_TASTE.test(what) || /\b(?:you|your|yourself)\b/iu.test(what) || key(what) === '')
    return undefined;
  return { kind: 'likes', subject: `taste:${key(what)}`, single: true, text: `You ${TASTE[verb] ?? verb} ${what}` };
};

const favouriteForm = form(() =>
  any(String.raw`my (?:all-time |absolute )?favou?rite (?<of>[\p{L}][\p{L} -]{1,40}?) (?<verb>is|are|has always been) (?<rest>.+)$`),
);
const favourite: Rule = (sentence) => {
  const found = favouriteForm.exec(sentence);
  const { of = '', verb = '', rest = '' } = found?.groups ?? {};
  const what = clause(rest);
  if (of === '' || what === '' || wordCount(what) > 8 || /^(?:you|not|that|this|when|how|still|yet|hard|probably)\b/iu.test(what))
    return undefined;
  return {
    kind: 'likes',
    subject: `favourite:${key(of)}`,
    single: true,
    text: `Your favourite ${of.toLowerCase()} ${verb === 'are' ? 'are' : 'is'} ${what}`,
  };
};

const allergyForm = form(() => any(`i(?:['’]m| am) (?:very |severely |badly )?allergic to (?<rest>.+)$`));
const dietForm = form(() =>
  any(
    String.raw`i(?:['’]m| am) (?<rest>(?:an? )?(?:strict )?(?:vegan|vegetarian|pescatarian|coeliac|celiac|diabetic|teetotal|colou?r-?blind|left-handed|deaf|blind|dyslexic|autistic|asthmatic))(?=$|[.,!;]| (?:and|but|so|since|now)\b)`,
  ),
);
const body: Rule = (sentence) => {
  const allergy = allergyForm.exec(sentence);
  const to = (allergy?.groups?.['rest'] ?? '').replace(/[.!;].*$/u, '').trim();
  if (to !== '' && wordCount(to) <= 8 && !/^(?:you|that|this|it|work|nonsense|bullshit)\b/iu.test(to)) {
    return { kind: 'you', subject: `allergy:${key(to)}`, single: true, text: `You are allergic to ${to}` };
  }
  const diet = dietForm.exec(sentence);
  const what = diet?.groups?.['rest'];
  return what === undefined ? undefined : { kind: 'you', subject: `body:${key(what)}`, single: true, text: `You are ${what}` };
};

/** The first that fits speaks. */
export const rules: readonly Rule[] = [named, birthday, age, home, origin, body, work, people, favourite, taste];
