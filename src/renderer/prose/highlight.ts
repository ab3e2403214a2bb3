/** @file Colours for finished code, as pieces of text with a kind; nothing here makes HTML. */
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import ruby from 'highlight.js/lib/languages/ruby';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { COLOURED_CHARACTERS } from '../limits.ts';

const languages = { bash, c, cpp, csharp, css, diff, go, ini, java, javascript, json, python, ruby, rust, sql, typescript, xml, yaml };
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);

export type Voice = 'keyword' | 'string' | 'number' | 'function' | 'dim' | 'plain';
export type Piece = { text: string; voice: Voice };

/** The four quiet voices of code, by the first part of highlight.js's scopes. */
const voices: readonly [RegExp, Voice][] = [
  [/^hljs-(keyword|selector-tag|built_in|literal|type|tag|name|section|operator)/, 'keyword'],
  [/^hljs-(string|regexp|symbol|addition|template-tag|char)/, 'string'],
  [/^hljs-(number|attr|attribute|bullet|meta|variable)/, 'number'],
  [/^hljs-(title|selector-class|selector-id|property)/, 'function'],
  [/^hljs-(comment|quote|deletion|doctag)/, 'dim'],
];
const voiceOf = (scope: string): Voice | undefined => voices.find(([pattern]) => pattern.test(scope))?.[1];

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };

/** Reads the spans that highlight.js writes back into pieces of plain text. */
function readSpans(html: string): Piece[] {
  const pieces: Piece[] = [];
  const stack: Voice[] = ['plain'];
  for (const [token, scope, entity] of html.matchAll(/<span class="([^"]*)">|<\/span>|&(amp|lt|gt|quot|#x27);|[^<&]+/g)) {
    if (scope !== undefined) {
      stack.push(voiceOf(scope) ?? stack.at(-1) ?? 'plain');
      continue;
    }
    if (token === '</span>') {
      stack.pop();
      continue;
    }
    const text = entity === undefined ? token : (entities[entity] ?? token);
    const voice = stack.at(-1) ?? 'plain';
    const last = pieces.at(-1);
    if (last?.voice === voice) last.text += text;
    else pieces.push({ text, voice });
  }
  return pieces;
}

/** The code in coloured pieces; one plain piece where the language is unknown or the code very long. */
export function colourCode(code: string, language: string): Piece[] {
  if (code.length > COLOURED_CHARACTERS || !hljs.getLanguage(language)) return [{ text: code, voice: 'plain' }];
  return readSpans(hljs.highlight(code, { language, ignoreIllegals: true }).value);
}
