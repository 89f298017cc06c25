// The API of a real verifleetd on a database of its own, held against server/api/openapi.json.
import { after, before, describe } from 'node:test';
import { signIn } from '../../support/api.mjs';
import { startServer } from '../../support/server.mjs';
import { accessTests } from './access.mjs';
import { agentTests } from './agents.mjs';
import { listTests } from './lists.mjs';
import { reportTests } from './report.mjs';
import { hostileTests } from './hostile.mjs';
import { coverageTest, writeTests } from './writes.mjs';
import { routesTests } from './routes.mjs';

const lab = {};

routesTests();
describe('a running server', () => {
  before(async () => {
    lab.server = await startServer();
    lab.admin = await signIn(lab.server);
  });
  after(async () => {
    await lab.server?.stop();
  });
  reportTests(lab);
  agentTests(lab);
  listTests(lab);
  writeTests(lab);
  hostileTests(lab);
  accessTests(lab);
  coverageTest();
});
