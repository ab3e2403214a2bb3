/** @file The answer of a model server as the client package wants it: a `Response` that can only hold what is in order. */
import { Fault } from '../../../shared/faults.ts';
import { MODEL_ANSWER_BYTES, MODEL_END_MS, MODEL_REFUSAL_BYTES } from '../../../shared/limits.ts';
import type { Body, Head } from './body.ts';
import { brokenOffFault, readRefusal, refusalFault, strangeAnswerFault } from './faults.ts';
import { asResponse, goodLines, objectIn } from './stream.ts';
import type { Timers } from './timers.ts';

export type AnswerRules = {
  server: string;
  model: string;
  stream: boolean;
  timers: Timers;
  /** Begins to watch for silence, and ends it. */
  wait(): void;
  heard(): void;
};

export type Answer = {
  response: Response;
  /** Leaves the connection to the next request where the answer was whole; false where the request has to be ended. */
  settle(): boolean;
};

/** Throws the Fault of a refusal; everything else becomes a `Response`. */
export async function readAnswer({ statusCode, body }: Head, rules: AnswerRules): Promise<Answer> {
  rules.heard();
  if (statusCode < 200 || statusCode > 299) {
    const words = await readText(body, rules, MODEL_REFUSAL_BYTES);
    throw refusalFault(readRefusal(words), statusCode, rules.model, rules.server);
  }
  return rules.stream ? streamAnswer(body, rules) : plainAnswer(body, rules);
}

function streamAnswer(body: Body, rules: AnswerRules): Answer {
  const state = { whole: false };
  const lines = goodLines(patient(body, rules), {
    server: rules.server,
    refused: (text) => refusalFault(readRefusal(text), 200, rules.model, rules.server),
    whole: () => {
      state.whole = true;
    },
  });
  return {
    response: asResponse(lines),
    settle() {
      if (!state.whole) return false;
      void drain(lines, body, rules.timers);
      return true;
    },
  };
}

/** Reads on to the end of a body whose last line has come, so that its connection can be used again. */
async function drain(lines: AsyncGenerator<unknown>, body: Body, timers: Timers): Promise<void> {
  const stopTimer = timers.after(MODEL_END_MS, () => body.abort(brokenOffFault()));
  await lines.return(undefined);
  body.discard(stopTimer);
}

async function plainAnswer(body: Body, rules: AnswerRules): Promise<Answer> {
  const text = await readText(body, rules, MODEL_ANSWER_BYTES);
  if (text !== '' && !objectIn(text)) throw strangeAnswerFault(rules.server);
  return { response: new Response(text, { headers: { 'content-type': 'application/json' } }), settle: () => true };
}

async function readText(body: Body, rules: AnswerRules, limit: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const next = patient(body, rules);
  for (let part = await next(); part; part = await next()) {
    size += part.length;
    if (size > limit) throw strangeAnswerFault(rules.server);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Gives the pieces of a body, undefined after the last; watches for silence only while it waits for one. A body that breaks off is a Fault. */
function patient(body: Body, rules: AnswerRules): () => Promise<Uint8Array | undefined> {
  return async () => {
    rules.wait();
    try {
      const piece = await body.next();
      rules.heard();
      return piece;
    } catch (error) {
      throw error instanceof Fault ? error : brokenOffFault(error);
    }
  };
}
