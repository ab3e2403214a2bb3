/** @file Says, as JSON on stdout, which variables of the environment and `.env` are set to something that is not allowed. */
import { readConfig, withEnvFile } from '../../src/main/config.ts';

const environment = withEnvFile(process.env, process.cwd());
const problems = Object.entries(environment).flatMap(([name, value]) => {
  const read = readConfig({ [name]: value });
  return 'problem' in read ? [read.problem] : [];
});
process.stdout.write(JSON.stringify(problems));
