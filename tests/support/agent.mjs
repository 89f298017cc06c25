// The wire as a test speaks it: an enrolled machine that signs its requests. Written from the description of the
// wire alone, so that it finds where agent and server agree with each other but not with it.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export class Machine {
  /** Enrols with a token of `verifleetd enroll-token create`. */
  static async enroll(url, token, name) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const answer = await fetch(`${url}/api/v1/enroll`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        token,
        name,
        public_key: publicKey.export({ type: 'spki', format: 'pem' }),
        evidence: { smbios_uuid: null, machine_guid: randomBytes(16).toString('hex'), disk_serial: null },
        env: { os_name: 'Windows 11 24H2', os_build: 26100, ubr: 1742, arch: 'x64', hypervisor: null, cpus: 8, memory_bytes: 17179869184 },
        agent_version: '0.1.0',
      }),
    });
    if (answer.status !== 201) throw new Error(`enrolment: ${answer.status} ${await answer.text()}`);
    const machine = new Machine();
    Object.assign(machine, { url, name, key: privateKey, ...(await answer.json()) });
    machine.stream = randomBytes(16).toString('hex');
    machine.seq = 0;
    return machine;
  }

  async request(method, path, body = Buffer.alloc(0), headers = {}) {
    const time = new Date().toISOString();
    const nonce = randomBytes(16).toString('hex');
    const hash = createHash('sha256').update(body).digest('hex');
    const signature = sign('sha256', Buffer.from([method, path, hash, time, nonce].join('\n')), this.key).toString('base64');
    return fetch(this.url + path, {
      method,
      body: method === 'GET' ? undefined : body,
      headers: {
        'X-Verifleet-Agent': this.agent_id,
        'X-Verifleet-Time': time,
        'X-Verifleet-Nonce': nonce,
        'X-Verifleet-Signature': signature,
        ...headers,
      },
    });
  }

  /** The body of one batch with the next sequence numbers, compressed. */
  batch(records, lane = 'critical') {
    const first = this.seq + 1;
    const lines = records.map((record, i) => JSON.stringify({ seq: first + i, ...record }));
    this.seq += records.length;
    const header = { v: 1, stream: this.stream, lane, first_seq: first, count: records.length, sent_at: new Date().toISOString(), uptime_us: 1000000, boot_uuid: null };
    return gzipSync(`${JSON.stringify(header)}\n${lines.join('\n')}\n`, { level: 1 });
  }

  async send(batch) {
    const answer = await this.request('POST', '/api/v1/ingest', batch, { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' });
    if (answer.status !== 200) throw new Error(`ingest: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
