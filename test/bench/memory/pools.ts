/** @file Names and things that made-up conversations are about. */

const list = (words: string): string[] => words.split('|');

export const people = list(
  'Anna|Ben|Carla|David|Elif|Frank|Grace|Hugo|Ines|Jonas|Kira|Liam|Mona|Nils|Olga|Pavel|Rosa|Samir|Tessa|Umar|Vera|Willem|Yara|Zoe',
);

export const pools: Record<string, string[]> = {
  city: list('Leeds|Lisbon|Hamburg|Oslo|Turin|Kraków|Porto|Bergen|Ghent|Valencia|Boston|Montreal|Osaka|Dublin|Lyon|Zagreb|Seattle|Graz'),
  place: list(
    'the lake|the coast|a small village|the old town|the harbour|the mountains|my grandmother’s farm|the national park|a cabin in the woods|the north',
  ),
  relative: list('sister|brother|cousin|aunt|uncle|nephew|niece|grandmother|father|mother'),
  friend: list('Marta|Tomas|Priya|Henrik|Lucia|Oscar|Nadia|Felix|Amara|Ruben|Sofie|Kenji|Alba|Victor|Leila|Bruno'),
  job: list(
    'nurse|carpenter|teacher|software tester|pharmacist|baker|landscape architect|bus driver|translator|electrician|vet|journalist|lab technician',
  ),
  company: list(
    'a hospital|a small studio|the city library|a start-up|a bank|a shipping company|the university|a publishing house|a bakery chain|the post office',
  ),
  pet: list('dog|cat|rabbit|parrot|hamster|tortoise|goldfish'),
  petname: list('Biscuit|Pixel|Mango|Olive|Rocket|Pepper|Waffles|Nala|Ziggy|Clover|Truffle|Kiwi'),
  hobby: list(
    'pottery|rock climbing|birdwatching|chess|salsa dancing|knitting|photography|rowing|woodworking|gardening|fencing|astronomy|baking|painting|karaoke',
  ),
  instrument: list('cello|piano|drums|trumpet|guitar|violin|accordion|flute'),
  food: list('mushroom risotto|Thai curry|lemon tart|dumplings|lentil soup|sushi|paella|pancakes|goulash|falafel|ramen|apple strudel'),
  allergy: list('peanuts|shellfish|pollen|cats|strawberries|penicillin|bee stings|gluten'),
  book: list(
    'The Quiet Orchard|Winter Harbour|A Map of Rain|The Glass Ferry|Seven Lanterns|The Salt Year|Small Thunder|The Cartographer’s Son',
  ),
  film: list('Northern Lights|The Last Tram|Paper Boats|Midnight Ferry|Blue Orchard|The Clockmaker|Echo Valley|Two Summers'),
  show: list('a baking contest|a crime series|a space drama|a nature documentary|an old sitcom|a mystery series'),
  vehicle: list('bicycle|old van|electric car|motorbike|scooter|camper'),
  colour: list('dark green|bright yellow|navy blue|red|silver|turquoise|black'),
  sport: list('half marathon|triathlon|tennis tournament|swimming race|charity run|cycling tour'),
  subject: list('marine biology|accounting|graphic design|law|philosophy|nursing|computer science|history of art|psychology'),
  language: list('Portuguese|Japanese|Turkish|Swedish|Italian|Polish|sign language|Arabic'),
  cause: list('an animal shelter|a food bank|a refugee centre|the local school|a hospice|a beach clean-up|a youth club'),
  illness: list('migraines|a broken wrist|the flu|back pain|a sprained ankle|insomnia|a bad cough|a tooth infection'),
  gift: list('a silver necklace|a telescope|a handmade quilt|concert tickets|a vinyl record|a fountain pen|hiking boots|a sewing machine'),
  plant: list('tomatoes|lavender|sunflowers|basil|a lemon tree|roses|pumpkins|chillies'),
  room: list('kitchen|bathroom|attic|living room|balcony|study|garage'),
  craft: list('a bookshelf|a birdhouse|a ceramic bowl|a wooden table|a scarf|a watercolour of the sea|a model ship'),
  music: list('jazz|folk|techno|opera|indie rock|classical music|hip hop|reggae'),
  fear: list('heights|spiders|flying|deep water|speaking in public|thunderstorms|needles'),
  dream: list(
    'opening a café|writing a novel|sailing around the world|adopting a child|building a tiny house|starting a podcast|becoming a pilot',
  ),
  event: list(
    'a jazz festival|a pride parade|a poetry reading|a food market|an art exhibition|a science fair|a football match|a comic convention',
  ),
  number: list('two|three|four|five|six|seven|eight|twelve'),
  thing: list('umbrella|keys|phone charger|laptop|scarf|wallet|headphones'),
  weather: list('rain|sunshine|wind|snow|fog|heat'),
  meal: list('soup|toast|a sandwich|pasta|leftovers|a salad'),
  drink: list('green tea|black coffee|hot chocolate|ginger beer|oat milk latte|mint tea'),
};
