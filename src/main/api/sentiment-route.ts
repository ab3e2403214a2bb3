/** @file POST /api/sentiment: the reference score of a text. */
import { z } from 'zod';
import { SENTIMENT_BODY_BYTES, SENTIMENT_TEXT_BYTES } from '../../shared/limits.ts';
import { readJson } from './body.ts';
import { type Answer, errorAnswer, jsonAnswer } from './respond.ts';
import type { RoutePorts, Visit } from './routes.ts';

export const sentimentSchema = z.object({ text: z.string().describe('At most 64 KiB of UTF-8.') });

export async function sentimentAnswer({ engine }: RoutePorts, { request, response, asked }: Visit): Promise<Answer> {
  const body = await readJson(request, response, SENTIMENT_BODY_BYTES);
  if ('refused' in body) return body.refused;
  const parsed = sentimentSchema.safeParse(body.value);
  if (!parsed.success)
    return errorAnswer({ status: 400, code: 'bad-request', message: 'The body has to be {"text": "…"}; nothing was done.' });
  const { text } = parsed.data;
  if (Buffer.byteLength(text) > SENTIMENT_TEXT_BYTES) {
    return errorAnswer({ status: 413, code: 'too-large', message: 'The text is longer than 64 KiB; nothing was done; send less.' });
  }
  asked(text);
  const { compound, positive, negative, neutral } = engine.score(text);
  return jsonAnswer(200, { compound, positive, negative, neutral });
}
