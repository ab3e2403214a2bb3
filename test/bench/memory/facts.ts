/** @file What people tell of themselves: each kind of fact in several wordings, and the questions that ask for it later in other words. */

/**
 * `{pool}` is drawn from pools.ts, `{S}` is the speaker's name in a question. `says`: told unasked. `asked`: the other one asks, and `answers` is all that is said.
 * `later` changes it. `adds` follows a question of the other's and can be asked for by itself.
 */
export type FactKind = {
  name: string;
  says: string[];
  asked?: string;
  answers?: string[];
  questions: string[];
  mine: string[];
  later?: string[];
  adds?: { asks: string; says: string; questions: string[]; mine: string[] };
  /** Told with a time, which can be asked for. */
  when?: { says: string[]; questions: string[]; mine: string[] };
  /** Several of the same kind answer one question together. */
  all?: { questions: string[]; mine: string[] };
};

const kind = (name: string, rest: Omit<FactKind, 'name'>): FactKind => ({ name, ...rest });

export const factKinds: FactKind[] = [
  kind('home', {
    says: [
      'We finally settled in {city}, the flat is tiny but it has a view.',
      'I live in {city} these days, right by the tram stop.',
      'Our place in {city} is starting to feel like ours.',
    ],
    asked: 'Where are you based at the moment?',
    answers: ['{city}, and I like it so far.', 'In {city}, near the station.'],
    questions: ['Which city does {S} live in?', 'Where is {S} living?'],
    mine: ['Which city is my flat in?', 'Do you know where I am living?'],
    later: ['Big news: we packed everything and moved to {city}!', 'I have relocated to {city}, the boxes are everywhere.'],
  }),
  kind('relative', {
    says: [
      'My {relative} {friend} is a {job} in {city}.',
      '{friend}, my {relative}, works as a {job} now.',
      'My {relative} {friend} just got hired as a {job}.',
    ],
    questions: ['What does {S}’s {relative} do for a living?', 'What is the profession of {S}’s {relative}?'],
    mine: ['What is the profession of my {relative}?', 'What kind of work does my {relative} do?'],
    adds: {
      asks: 'How did {friend} end up doing that?',
      says: 'It all began with an internship at {company}.',
      questions: ['Where did {friend} do an internship?'],
      mine: ['Where did {friend} get started, again?'],
    },
  }),
  kind('job', {
    says: [
      'I started as a {job} at {company}.',
      'Work is busy, being a {job} at {company} is no joke.',
      'My days at {company} as a {job} are long but fun.',
    ],
    asked: 'So what do you do all day?',
    answers: ['I am a {job}, at {company}.', 'I work for {company} as a {job}.'],
    questions: ['What is {S}’s occupation?', 'Where does {S} work?'],
    mine: ['What is my occupation?', 'Who is my employer?'],
    later: ['I handed in my notice and will be a {job} at {company} instead.', 'New career: I am now a {job} with {company}.'],
  }),
  kind('pet', {
    says: ['We adopted a {pet}, the house is chaos.', 'There is a new {pet} in our home!', 'I could not resist and brought a {pet} home.'],
    questions: ['What pet does {S} have?', 'What kind of animal did {S} adopt?'],
    mine: ['What kind of animal do I have at home?'],
    adds: {
      asks: 'Aww, what did you call the little one?',
      says: 'We went with {petname}, it suits the face.',
      questions: ['What is the name of {S}’s {pet}?', 'What is {S}’s {pet} called?'],
      mine: ['What is my {pet} called?', 'How did we name the {pet}?'],
    },
    when: {
      says: ['{when} we picked up our {pet} from the shelter.', 'We have had the {pet} since {when}.'],
      questions: ['When did {S} get the {pet}?'],
      mine: ['When did the {pet} come to live with me?'],
    },
  }),
  kind('hobby', {
    says: [
      'I have been getting into {hobby} lately and it clears my head.',
      'Signed up for a {hobby} course, wish me luck.',
      'I spent the whole afternoon on {hobby}, so relaxing.',
    ],
    asked: 'How do you unwind after a long week?',
    answers: ['Mostly {hobby}, it keeps me sane.', '{hobby}! I can do it for hours.'],
    questions: ['How does {S} like to relax?', 'Which hobby has {S} taken up?'],
    mine: ['What do I do in my free time?', 'Which hobby have I taken up?'],
    all: { questions: ['What activities does {S} enjoy?', 'What are {S}’s hobbies?'], mine: ['What are all my hobbies?'] },
    when: {
      says: ['{when} I tried {hobby} for the first time.', 'I took my first {hobby} class {when}.'],
      questions: ['When did {S} first try {hobby}?'],
      mine: ['When was my first {hobby} class?'],
    },
  }),
  kind('instrument', {
    says: [
      'I am learning the {instrument}, my neighbours hate me.',
      'I bought a second-hand {instrument} and practise every evening.',
      'The {instrument} lessons are paying off, I can play a whole piece.',
    ],
    questions: ['What instrument does {S} play?', 'Which musical instrument is {S} learning?'],
    mine: ['Which musical instrument am I learning?'],
    all: { questions: ['What instruments does {S} play?'], mine: ['What instruments can I play?'] },
  }),
  kind('food', {
    says: [
      'I made {food} and it was the best thing I have cooked in ages.',
      'Nothing beats {food}, I could eat it daily.',
      'Had {food} for dinner, my absolute favourite.',
    ],
    asked: 'If you could only eat one dish for ever?',
    answers: ['{food}. No doubt at all.', 'Easy: {food}!'],
    questions: ['What is {S}’s favourite dish?', 'What does {S} love to eat?'],
    mine: ['What is my favourite dish?', 'What should you order for me?'],
  }),
  kind('allergy', {
    says: [
      'Turns out I am allergic to {allergy}, what a nuisance.',
      'I have to be careful, {allergy} makes my throat swell.',
      'The doctor confirmed it: an allergy to {allergy}.',
    ],
    questions: ['What is {S} allergic to?', 'What must {S} avoid for health reasons?'],
    mine: ['What do I have to avoid because of my health?', 'Is there something I react badly to?'],
  }),
  kind('book', {
    says: [
      'I cannot put down "{book}", such a moving novel.',
      'Just finished reading "{book}" and cried.',
      'Our book club chose "{book}" this time.',
    ],
    asked: 'Read anything good?',
    answers: ['"{book}". It kept me up all night.', 'Yes! "{book}", you would like it.'],
    questions: ['What book has {S} read?', 'Which novel moved {S}?'],
    mine: ['Which novel did I enjoy?', 'What was that book I was reading?'],
    all: { questions: ['Which books has {S} read?'], mine: ['Which novels have I read?'] },
    when: {
      says: ['{when} I finished "{book}".', 'I read "{book}" {when}.'],
      questions: ['When did {S} finish "{book}"?'],
      mine: ['When did I read "{book}"?'],
    },
  }),
  kind('film', {
    says: [
      'We watched "{film}" at the cinema, the ending was wild.',
      'Saw "{film}" and it made me think of home.',
      '"{film}" is the best movie I have seen this year.',
    ],
    questions: ['Which film did {S} see at the cinema?', 'What movie does {S} recommend?'],
    mine: ['Which movie did I see?', 'What was the film with the wild ending?'],
    when: {
      says: ['We went to see "{film}" {when}.'],
      questions: ['When did {S} watch "{film}"?'],
      mine: ['When was it that we saw "{film}"?'],
    },
  }),
  kind('vehicle', {
    says: [
      'I bought a {colour} {vehicle} and I am in love.',
      'Our {vehicle} broke down, so now we have a {colour} {vehicle}.',
      'My new {vehicle} is {colour} and very loud.',
    ],
    questions: ['What does {S} drive or ride?', 'What colour is {S}’s {vehicle}?'],
    mine: ['What colour is my {vehicle}?', 'What do I ride to work?'],
    later: ['Sold the old thing, now I own a {colour} {vehicle}.'],
  }),
  kind('sport', {
    says: [
      'I am training for a {sport}, my legs are dead.',
      'I registered for a {sport}, no way back.',
      'Crossed the finish line of the {sport}, medal and all!',
    ],
    questions: ['What competition did {S} take part in?', 'What is {S} training for?'],
    mine: ['What am I training for?', 'Which race did I sign up for?'],
    when: {
      says: ['The {sport} was {when} and I finished in the top half.', '{when} I ran my first {sport}.'],
      questions: ['When was {S}’s {sport}?', 'When did {S} do the {sport}?'],
      mine: ['When was my {sport}?'],
    },
  }),
  kind('study', {
    says: [
      'I enrolled in {subject}, back to school at my age!',
      'My evening course in {subject} is tough.',
      'I got accepted to study {subject}.',
    ],
    questions: ['What is {S} studying?', 'Which degree is {S} working towards?'],
    mine: ['What am I studying?', 'Which degree am I working on?'],
    later: ['I switched from my old course to {subject}, much better.'],
    when: {
      says: ['I begin studying {subject} {when}.', '{when} I passed my exam in {subject}.'],
      questions: ['When did {S} pass the {subject} exam?'],
      mine: ['When was my {subject} exam?'],
    },
  }),
  kind('language', {
    says: [
      'I practise {language} with an app every morning.',
      'I can finally order coffee in {language}.',
      'My {language} teacher says I am improving.',
    ],
    questions: ['What language is {S} learning?'],
    mine: ['Which language am I learning?', 'What tongue am I trying to pick up?'],
    all: { questions: ['What languages does {S} speak or learn?'], mine: ['Which languages do I know?'] },
  }),
  kind('cause', {
    says: [
      'I volunteer at {cause} on weekends, it means a lot to me.',
      'Helped out at {cause} and met wonderful people.',
      'We collected donations for {cause}.',
    ],
    questions: ['Where does {S} volunteer?', 'How does {S} give back to the community?'],
    mine: ['Where do I volunteer?', 'Which charity work am I doing?'],
    all: { questions: ['What kinds of volunteering has {S} done?'], mine: ['Which good causes have I helped?'] },
    when: {
      says: ['{when} I helped at {cause} for the first time.'],
      questions: ['When did {S} help at {cause}?'],
      mine: ['When did I help at {cause}?'],
    },
  }),
  kind('illness', {
    says: [
      'I have been struggling with {illness}, not much sleep.',
      'Went to the doctor because of {illness}.',
      'Still recovering from {illness}, slowly.',
    ],
    asked: 'You look tired, is everything fine?',
    answers: ['Not really, {illness}.', 'It is {illness}, nothing dramatic.'],
    questions: ['What health problem did {S} have?', 'Why did {S} see a doctor?'],
    mine: ['What was wrong with my health?', 'Why did I need a doctor?'],
    when: {
      says: ['It began {when}, this {illness} of mine.'],
      questions: ['When did {S}’s {illness} begin?'],
      mine: ['Since when do I have {illness}?'],
    },
  }),
  kind('trip', {
    says: [
      'We are planning a trip to {city} with {friend}.',
      'I booked flights to {city}, so excited!',
      'Just came back from {city}, the old streets were magical.',
    ],
    questions: ['Where did {S} travel?', 'Which city is {S} visiting on holiday?'],
    mine: ['Where did I go on holiday?', 'Which trip was I planning?'],
    all: { questions: ['Which places has {S} travelled to?', 'What cities has {S} visited?'], mine: ['Which places have I visited?'] },
    when: {
      says: ['{when} we flew to {city}.', 'I was in {city} {when}, what a place.', 'We spent a few days in {city} {when}.'],
      questions: ['When did {S} go to {city}?', 'When was {S} in {city}?'],
      mine: ['When was I in {city}?'],
    },
    adds: {
      asks: 'Who went along with you?',
      says: 'Only {friend} and my {relative}, it was cosy.',
      questions: ['Who travelled to {city} with {S}?'],
      mine: ['Who came with me to {city}?'],
    },
  }),
  kind('outing', {
    says: [
      'We camped at {place} and counted shooting stars.',
      'Had a picnic at {place} with the whole family.',
      'I hiked around {place} until my feet hurt.',
    ],
    questions: ['What did {S} do outdoors with the family?', 'Where did {S} see shooting stars?'],
    mine: ['Where did I go camping?', 'Where was our picnic?'],
    when: {
      says: ['{when} we went camping at {place}.', 'We hiked at {place} {when}.'],
      questions: ['When did {S} go camping?', 'When was {S} at {place}?'],
      mine: ['When were we at {place}?'],
    },
  }),
  kind('gift', {
    says: [
      '{friend} gave me {gift} for my birthday.',
      'Guess what, I got {gift} from {friend}!',
      'I treasure {gift} that my {relative} left me.',
    ],
    questions: ['What present did {S} receive?', 'What did {friend} give {S}?'],
    mine: ['What present did I get?', 'What did {friend} give me?'],
    adds: {
      asks: 'Is there a story behind it?',
      says: 'It stands for the years we spent together in {city}.',
      questions: ['What does {gift} symbolise for {S}?'],
      mine: ['What does {gift} stand for?'],
    },
  }),
  kind('plant', {
    says: [
      'I planted {plant} on the balcony, fingers crossed.',
      'My {plant} are finally growing!',
      'Spent the morning digging a bed for {plant}.',
    ],
    questions: ['What does {S} grow?', 'What is in {S}’s garden?'],
    mine: ['What did I put in the garden?', 'What am I growing?'],
    all: { questions: ['What plants does {S} grow?'], mine: ['What is growing on my balcony?'] },
  }),
  kind('renovation', {
    says: [
      'We are renovating the {room}, dust everywhere.',
      'I painted the {room} {colour}, it looks bigger.',
      'The {room} has a leak, so we had it redone.',
    ],
    questions: ['Which part of the house did {S} renovate?', 'What colour did {S} paint the {room}?'],
    mine: ['Which room did we renovate?', 'What colour are the walls now?'],
  }),
  kind('craft', {
    says: ['I made {craft} with my own hands.', 'Look, I finished {craft}, it took weeks!', 'Working on {craft} for my {relative}.'],
    questions: ['What did {S} make?', 'What handmade item did {S} create?'],
    mine: ['What did I build myself?', 'What was my handmade project?'],
    all: { questions: ['What things has {S} made by hand?'], mine: ['What have I made so far?'] },
    when: {
      says: ['I finished {craft} {when}.', '{when} I started on {craft}.'],
      questions: ['When did {S} finish {craft}?'],
      mine: ['When was {craft} done?'],
    },
  }),
  kind('music', {
    says: ['I mostly listen to {music} when I work.', 'Nothing cheers me up like {music}.', 'Found a great {music} record at the market.'],
    questions: ['What kind of music does {S} like?', 'What does {S} listen to?'],
    mine: ['What do I listen to?', 'What is my taste in tunes?'],
  }),
  kind('fear', {
    says: [
      'I am terrified of {fear}, always have been.',
      'My fear of {fear} got the better of me again.',
      'I froze completely because of {fear}.',
    ],
    questions: ['What is {S} afraid of?', 'What frightens {S}?'],
    mine: ['What am I scared of?', 'What is my phobia?'],
  }),
  kind('dream', {
    says: ['One day I would love to end up {dream}.', 'I keep dreaming about {dream}.', 'My big plan is {dream}, do not laugh.'],
    questions: ['What is {S}’s dream for the future?', 'What does {S} hope to do one day?'],
    mine: ['What is my long-term goal?', 'What do I want to do with my life?'],
    later: ['I dropped the old idea, the plan is now {dream}.'],
  }),
  kind('event', {
    says: ['We went to {event}, the crowd was fantastic.', 'I had such a good time at {event}.', '{friend} dragged me to {event}.'],
    questions: ['What event did {S} attend?', 'Where did {S} enjoy the crowd?'],
    mine: ['What event did I go to?', 'Where did {friend} drag me?'],
    all: { questions: ['What events has {S} attended?'], mine: ['Which events have I been to?'] },
    when: {
      says: ['{when} I went to {event}.', 'I was at {event} {when} with {friend}.'],
      questions: ['When did {S} attend {event}?', 'When did {S} go to {event}?'],
      mine: ['When was I at {event}?'],
    },
  }),
  kind('children', {
    says: [
      'I have {number} kids, so evenings are loud.',
      'Raising {number} children is a full-time job.',
      'All {number} of my children caught a cold.',
    ],
    questions: ['How many children does {S} have?', 'How big is {S}’s family?'],
    mine: ['How many kids do I have?'],
  }),
  kind('friendship', {
    says: [
      '{friend} and I have known each other for {number} years.',
      'I met {friend} {number} years ago at {company}.',
      '{friend} is my oldest friend, we met in {city}.',
    ],
    questions: ['How long has {S} known {friend}?', 'How did {S} meet {friend}?'],
    mine: ['How long have {friend} and I been friends?', 'Where did I get to know {friend}?'],
  }),
  kind('wedding', {
    says: [
      '{friend} and my {relative} are getting married in {city}!',
      'I will be the best man when {friend} marries.',
      'We got engaged, {friend} said yes!',
    ],
    questions: ['Who is getting married?', 'What celebration is coming up for {S}?'],
    mine: ['Whose wedding is coming up?', 'Who got engaged?'],
    when: {
      says: ['The wedding of {friend} was {when}, everybody danced.'],
      questions: ['When was {friend}’s wedding?'],
      mine: ['When did {friend} get married?'],
    },
  }),
  kind('loss', {
    says: [
      'My {relative} {friend} passed away, I miss the phone calls.',
      'We said goodbye to old {petname}, the house is quiet.',
      'The funeral of {friend} was hard on me.',
    ],
    questions: ['Who did {S} lose?', 'Why was {S} grieving?'],
    mine: ['Who did I lose?', 'Why was I so sad?'],
    when: { says: ['{when} my {relative} {friend} died.'], questions: ['When did {S} lose {friend}?'], mine: ['When did {friend} die?'] },
  }),
  kind('drink', {
    says: ['I cannot start the day without {drink}.', 'I gave up everything but {drink}.', 'A big mug of {drink} and the world is fine.'],
    questions: ['What does {S} drink in the morning?', 'Which beverage does {S} need?'],
    mine: ['What is my favourite beverage?', 'What do I have in the mornings?'],
    later: ['No more of the old habit, I drink {drink} now.'],
  }),
  kind('motivation', {
    says: [
      'What got me into {hobby} was my {relative}, who never gave up.',
      'I do {hobby} because it reminds me of {city}.',
      'After the accident {hobby} gave me my courage back.',
    ],
    questions: ['Why did {S} take up {hobby}?', 'What inspired {S} to do {hobby}?'],
    mine: ['Why did I start with {hobby}?', 'What inspired me?'],
  }),
  kind('advice', {
    says: [
      '{friend} told me to take breaks, best tip ever.',
      'My {relative} always says: sleep on it.',
      'The counsellor suggested writing a journal for my {illness}.',
    ],
    questions: ['What advice did {S} get?', 'What did the counsellor suggest to {S}?'],
    mine: ['What was the tip that {friend} gave me?', 'What was I advised to do?'],
  }),
  kind('purchase', {
    says: ['I bought {gift} with my bonus.', 'Treated myself to {gift} after the exam.', 'Found {gift} at a flea market for a few coins.'],
    questions: ['What did {S} buy?', 'What did {S} find at the flea market?'],
    mine: ['What did I buy for myself?', 'What did my bonus go into?'],
    all: { questions: ['What items has {S} bought?'], mine: ['What have I bought?'] },
    when: {
      says: ['I bought {gift} {when}.', '{when} I found {gift} at a market.'],
      questions: ['When did {S} buy {gift}?'],
      mine: ['When did I get {gift}?'],
    },
  }),
  kind('meeting', {
    says: [
      'I have an appointment at {company} about the {room}.',
      'There was a long meeting at {company}, I almost slept.',
      'My interview at {company} went better than feared.',
    ],
    questions: ['How did {S}’s interview go?', 'Where did {S} have an appointment?'],
    mine: ['How did my interview go?', 'Where was my appointment?'],
    when: {
      says: ['The interview at {company} is {when}.', '{when} I had an interview at {company}.'],
      questions: ['When was {S}’s interview at {company}?'],
      mine: ['When was my interview?'],
    },
  }),
];
