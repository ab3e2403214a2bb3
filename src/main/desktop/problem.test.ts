import { describe, expect, it } from 'vitest';
import { Fault } from '../../shared/faults.ts';
import { configurationProblem, pageMissing, problemFile, startProblem } from './problem.ts';

describe('startProblem', () => {
  it.each([
    [new Fault('store-in-use', 'Another one holds it.'), 3, 'Another one holds it.'],
    [new Fault('store-failed', 'It cannot be written.'), 3, 'It cannot be written.'],
    [new Fault('store-full', 'The disk is full.'), 3, 'The disk is full.'],
    [new Fault('model-failed', 'No model.'), 1, 'No model.'],
  ])('[K12] %s ends with code %i and its own sentence', (error, exitCode, sentence) => {
    expect(startProblem(error)).toMatchObject({ exitCode, sentence });
  });

  it('[K12] an error that nobody translated keeps its words to itself', () => {
    const { exitCode, sentence } = startProblem(new Error('/home/anna/secret'));
    expect(exitCode).toBe(1);
    expect(sentence).not.toContain('anna');
  });

  it('[K12] a wrong configuration ends with code 2', () => {
    expect(configurationProblem('NUM_CTX is "x".')).toMatchObject({ exitCode: 2, sentence: 'NUM_CTX is "x".' });
  });
});

describe('problemFile', () => {
  it('[K12] the page shows sentence and log as text, whatever they hold', () => {
    const page = problemFile('/problem.html', { ...pageMissing, sentence: `<img src=x onerror="a('b')">&` }, '/tmp/<b>/app.log');
    expect(page?.body).toContain('&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;');
    expect(page?.body).toContain('/tmp/&lt;b&gt;/app.log');
    expect(page?.body).not.toMatch(/<(script|img|b)\b|\sstyle=/);
  });

  it('[K12] it brings its style along, and nothing else', () => {
    expect(problemFile('/problem.css', pageMissing, 'x')?.type).toContain('text/css');
    expect(problemFile('/index.html', pageMissing, 'x')).toBeUndefined();
  });
});
