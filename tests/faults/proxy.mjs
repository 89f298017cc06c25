// Between agents and server: loses requests before they arrive and answers after they were given, as networks do.
// `lie` makes it answer for the server that everything was stored: an agent that believes it loses records, which is
// how the fault test shows that it can fail.
import { createServer, request } from 'node:http';
import { gunzipSync } from 'node:zlib';

export async function startProxy(target, random) {
  const faults = { loss: 0, lie: 0, lost: 0, lied: 0 };
  const server = createServer((req, res) => {
    const chunks = [];
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('error', () => {});
    req.on('end', () => {
      const body = Buffer.concat(chunks);
      if (random() < faults.loss) {
        faults.lost++;
        return req.socket.destroy();
      }
      if (req.url === '/api/v1/ingest' && random() < faults.lie) return lie(faults, body, res);
      forward(target(), req, body, (answer, text) => {
        if (!answer || random() < faults.loss) {
          faults.lost++;
          return req.socket.destroy();
        }
        delete answer.headers['transfer-encoding'];
        delete answer.headers.connection;
        res.writeHead(answer.statusCode, { ...answer.headers, 'content-length': text.length });
        res.end(text);
      });
    });
  });
  server.keepAliveTimeout = 60000;
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}`, faults, stop: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) };
}

function forward(target, req, body, done) {
  const url = new URL(req.url, target);
  const headers = { ...req.headers, host: url.host, 'content-length': body.length };
  delete headers.connection;
  const out = request(url, { method: req.method, headers, timeout: 20000 }, (answer) => {
    const chunks = [];
    answer.on('data', (chunk) => chunks.push(chunk));
    answer.on('error', () => done(null));
    answer.on('end', () => done(answer, Buffer.concat(chunks)));
  });
  out.on('timeout', () => out.destroy());
  out.on('error', () => done(null));
  out.end(body);
}

function lie(faults, body, res) {
  const header = JSON.parse(gunzipSync(body).toString().split('\n')[0]);
  faults.lied += header.count;
  const text = JSON.stringify({ stream: header.stream, acked_seq: header.first_seq + header.count - 1, stored: header.count, duplicates: 0, rejected: 0, gaps: 0 });
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
  res.end(text);
}
