/** @file The sentences in which a person speaks about themselves: no code, no quotes, no play, no questions, no "what if". */
import { RULE_CHARACTERS, RULE_SENTENCE_CHARACTERS } from '../../../shared/notes-limits.ts';
import { ownWords } from '../mood/own-words.ts';

/** Whoever begins like this is telling a story, asking, or quoting. */
const NOT_IN_EARNEST =
  /^(?:if|imagine|pretend|suppose|supposing|let['’]s (?:say|pretend)|what if|say that|assume|in (?:the|my|this|our) (?:story|novel|book|game|dream|scene|film|movie|play)|write|translate|rewrite|summari[sz]e|act as|you are|once upon|as if|unless|whether|maybe|perhaps|i wish|i dreamt|i dreamed|he |she |they )/iu;

/** Words between these are somebody else's, a title's, or a played gesture. */
const QUOTED = /“[^”]{0,2000}”|"[^"]{0,2000}"|«[^»]{0,2000}»|„[^“”]{0,2000}[“”]|\*[^*\n]{1,500}\*|\([^()]{0,300}\)/gu;

const ENDS_IN = /(?<=[.!?…]["'’)]*)\s+(?=["'“(]?[\p{Lu}\p{N}])|\n+/u;

/** In order; each as the person wrote it, without what stands in quotes. */
export function earnestSentences(message: string): string[] {
  if (message.length > RULE_CHARACTERS) return [];
  const own = ownWords(message).replaceAll(QUOTED, ' … ');
  return own
    .split(ENDS_IN)
    .map((sentence) => sentence.replaceAll(/\s+/gu, ' ').trim())
    .filter((sentence) => sentence !== '' && sentence.length <= RULE_SENTENCE_CHARACTERS && !isDoubtful(sentence));
}

function isDoubtful(sentence: string): boolean {
  return /\?["'”’)]*$/u.test(sentence) || NOT_IN_EARNEST.test(sentence) || /^[-*>|#]/u.test(sentence);
}
