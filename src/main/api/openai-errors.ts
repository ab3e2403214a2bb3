/** @file Errors of the OpenAI-compatible door, in the shape that its clients read. */
import type { z } from 'zod';
import type { FaultCode } from '../../shared/faults.ts';
import type { openAiErrorSchema } from './openai-shapes.ts';
import { type Answer, jsonAnswer } from './respond.ts';

type OpenAiError = z.infer<typeof openAiErrorSchema>;

/** The codes that OpenAI's clients know by another name. */
const names: Partial<Record<FaultCode, { code: string; param: string }>> = {
  'character-not-found': { code: 'model_not_found', param: 'model' },
  'prompt-too-large': { code: 'context_length_exceeded', param: 'messages' },
  'context-overflow': { code: 'context_length_exceeded', param: 'messages' },
};

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

export function openAiError(problem: NonNullable<Answer['problem']>, status: number): OpenAiError {
  const named = names[problem.code];
  return {
    error: {
      message: problem.message,
      type: typeOf(status),
      param: named?.param ?? problem.param ?? null,
      code: named?.code ?? problem.code,
    },
  };
}

/** An answer as a client of the given path expects it: below /v1/ an error has OpenAI's shape. */
export function inShapeOf(path: string, answer: Answer): Answer {
  if (!answer.problem || !path.startsWith('/v1/')) return answer;
  const { status, headers, problem } = answer;
  return { ...jsonAnswer(status, openAiError(problem, status), headers), problem };
}
