/** @file Migrates a database and kills itself at one statement. Arguments: database, statement, steps to know (all where absent). */
import { connect } from '../../../src/main/adapters/sqlite/connection.ts';
import { migrate } from '../../../src/main/adapters/sqlite/migrate.ts';
import { laterSteps, statementsOf } from '../migration-steps.ts';
import { silentLog } from '../silent-log.ts';

const [path = '', deadly = '0'] = process.argv.slice(2);
const database = connect(path, silentLog);
let reached = 0;
database.function('reach', () => {
  reached += 1;
  if (reached === Number(deadly)) process.kill(process.pid, 'SIGKILL');
  return reached;
});
migrate(
  database,
  laterSteps.map((step) =>
    statementsOf(step)
      .map((statement) => `SELECT reach(); ${statement};`)
      .join('\n'),
  ),
);
database.close();
console.log(reached);
