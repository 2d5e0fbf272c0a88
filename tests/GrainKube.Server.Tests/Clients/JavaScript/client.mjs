// Scenarios of the official JavaScript client, one a run: client.mjs SCENARIO KUBECONFIG NAMESPACE. What a scenario asserts it throws where it fails.
import assert from 'node:assert/strict';
import net from 'node:net';
import { once } from 'node:events';
import { PassThrough, Readable, Writable } from 'node:stream';
import * as k8s from '@kubernetes/client-node';

const [scenario, kubeconfig, namespace] = process.argv.slice(2);
const config = new k8s.KubeConfig();
config.loadFromFile(kubeconfig);
const core = config.makeApiClient(k8s.CoreV1Api);
const image = 'grainkube.local/server-test:1';
const labels = { suite: 'javascript' };
const labelSelector = 'suite=javascript';
const path = `/api/v1/namespaces/${namespace}/configmaps`;

const configMap = (name, data = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data });
const create = (name, data) => core.createNamespacedConfigMap({ namespace, body: configMap(name, data) });

async function refused(code, call) {
  const error = await call().then(() => assert.fail(`${code} was expected`), (e) => e);
  assert.equal(error.code, code, String(error));
  return error;
}

async function until(condition, what, seconds = 120) {
  for (const end = Date.now() + seconds * 1000; ; ) {
    if (await condition()) return;
    assert.ok(Date.now() < end, `waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function running(name, script, port) {
  const readinessProbe = port && { tcpSocket: { port }, periodSeconds: 1 };
  const spec = { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image, command: ['sh', '-c', script], readinessProbe }] };
  await core.createNamespacedPod({ namespace, body: { metadata: { name }, spec } });
  await until(async () => (await core.readNamespacedPod({ name, namespace })).status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'), `${name} to be ready`);
}

class Collector extends Writable {
  text = '';
  _write(chunk, _, done) {
    this.text += chunk;
    done();
  }
}

const scenarios = {
  async crud() {
    const made = await create('a', { x: '1' });
    assert.ok(made.metadata.uid && made.metadata.creationTimestamp instanceof Date);
    assert.equal(JSON.parse((await refused(409, () => create('a'))).body).reason, 'AlreadyExists');
    const changed = await core.replaceNamespacedConfigMap({ name: 'a', namespace, body: { ...made, data: { x: '2' } } });
    assert.equal(changed.data.x, '2');
    await refused(409, () => core.replaceNamespacedConfigMap({ name: 'a', namespace, body: { ...made, data: { x: '3' } } }));
    const patched = await core.patchNamespacedConfigMap(
      { name: 'a', namespace, body: [{ op: 'add', path: '/data/y', value: '3' }] }, k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.JsonPatch));
    assert.deepEqual(patched.data, { x: '2', y: '3' });
    await create('b');
    const page = await core.listNamespacedConfigMap({ namespace, labelSelector, limit: 1 });
    const rest = await core.listNamespacedConfigMap({ namespace, labelSelector, limit: 1, _continue: page.metadata._continue });
    assert.deepEqual([...page.items, ...rest.items].map((m) => m.metadata.name), ['a', 'b']);
    await core.deleteNamespacedConfigMap({ name: 'a', namespace });
    await refused(404, () => core.readNamespacedConfigMap({ name: 'a', namespace }));
    await core.deleteCollectionNamespacedConfigMap({ namespace, labelSelector });
    assert.equal((await core.listNamespacedConfigMap({ namespace, labelSelector })).items.length, 0);
  },

  async kinds() {
    for (const [api, method] of [
      [k8s.AppsV1Api, 'listNamespacedDeployment'], [k8s.AppsV1Api, 'listNamespacedReplicaSet'], [k8s.BatchV1Api, 'listNamespacedJob'], [k8s.NetworkingV1Api, 'listNamespacedIngress'],
      [k8s.RbacAuthorizationV1Api, 'listNamespacedRoleBinding'], [k8s.AutoscalingV2Api, 'listNamespacedHorizontalPodAutoscaler'], [k8s.PolicyV1Api, 'listNamespacedPodDisruptionBudget'],
      [k8s.CoreV1Api, 'listNamespacedPod'], [k8s.EventsV1Api, 'listNamespacedEvent'], [k8s.DiscoveryV1Api, 'listNamespacedEndpointSlice'], [k8s.CoordinationV1Api, 'listNamespacedLease'],
    ]) {
      assert.ok((await config.makeApiClient(api)[method]({ namespace })).metadata.resourceVersion, method);
    }
    for (const [api, method] of [
      [k8s.CoreV1Api, 'listNode'], [k8s.StorageV1Api, 'listStorageClass'], [k8s.ApiextensionsV1Api, 'listCustomResourceDefinition'], [k8s.AdmissionregistrationV1Api, 'listValidatingAdmissionPolicy'],
      [k8s.FlowcontrolApiserverV1Api, 'listFlowSchema'], [k8s.SchedulingV1Api, 'listPriorityClass'], [k8s.CertificatesV1Api, 'listCertificateSigningRequest'],
    ]) {
      assert.ok(Array.isArray((await config.makeApiClient(api)[method]()).items), method);
    }
    assert.equal((await config.makeApiClient(k8s.VersionApi).getCode()).major, '1');
  },

  async informer() {
    await create('before');
    const told = [];
    const informer = k8s.makeInformer(config, path, () => core.listNamespacedConfigMap({ namespace, labelSelector }), labelSelector);
    for (const event of ['add', 'update', 'delete']) informer.on(event, (item) => told.push(`${event} ${item.metadata.name}`));
    informer.on('error', (error) => told.push(`error ${error}`));
    await informer.start();
    for (let i = 0; i < 20; i++) await create(`i${i}`);
    await core.patchNamespacedConfigMap({ name: 'i0', namespace, body: { data: { a: 'b' } } }, k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch));
    await core.deleteNamespacedConfigMap({ name: 'before', namespace });
    await until(() => told.includes('delete before'), 'the last event');
    const seen = [...told];
    await informer.stop(); // it tells its own end as an error
    assert.deepEqual(seen, ['add before', ...Array.from({ length: 20 }, (_, i) => `add i${i}`), 'update i0', 'delete before']);
    assert.equal(informer.get('i0', namespace).data.a, 'b');
    assert.equal(informer.list(namespace).length, 20);
  },

  async watching() {
    const { metadata } = await core.listNamespacedConfigMap({ namespace, labelSelector });
    const told = [];
    const follow = async (resourceVersion, last) => {
      let ended;
      const end = new Promise((resolve) => (ended = resolve));
      const request = await new k8s.Watch(config).watch(path, { labelSelector, resourceVersion, allowWatchBookmarks: true }, (type, item) => {
        if (type === 'BOOKMARK' || told.at(-1)?.name === last) return;
        told.push({ type, name: item.metadata.name, revision: item.metadata.resourceVersion });
        if (item.metadata.name === last) request.abort();
      }, ended);
      await end;
      return told.at(-1).revision;
    };
    const writing = (async () => {
      for (let i = 0; i < 20; i++) await create(`w${i}`);
    })();
    const middle = await follow(metadata.resourceVersion, 'w6');
    await writing;
    await follow(middle, 'w19');
    assert.deepEqual(told.map((t) => t.name), Array.from({ length: 20 }, (_, i) => `w${i}`));
  },

  async serverSideApply() {
    const objects = k8s.KubernetesObjectApi.makeApiClient(config);
    const apply = (manager, data, force) => objects.patch({ ...configMap('applied', data) }, undefined, undefined, manager, force, k8s.PatchStrategy.ServerSideApply);
    await apply('one', { a: '1', b: '1' });
    const conflict = JSON.parse((await refused(409, () => apply('two', { a: '2' }))).body);
    assert.match(conflict.message, /conflict with "one": \.data\.a/);
    assert.deepEqual((await apply('two', { a: '2' }, true)).data, { a: '2', b: '1' });
    assert.deepEqual((await apply('one', {})).data, { a: '2' });
    const { managedFields } = (await core.readNamespacedConfigMap({ name: 'applied', namespace })).metadata;
    assert.ok(managedFields.some((m) => m.manager === 'two' && m.operation === 'Apply' && m.time instanceof Date));
  },

  async exec() {
    await running('exec', 'echo started; sleep 600');
    const exec = new k8s.Exec(config);
    const run = async (command, stdin) => {
      const [out, err] = [new Collector(), new Collector()];
      const status = await new Promise((resolve, reject) => exec.exec(namespace, 'exec', 'main', command, out, err, stdin ?? null, false, resolve).catch(reject));
      return { out: out.text, err: err.text, status };
    };
    const failing = await run(['sh', '-c', 'echo out; echo err >&2; exit 3']);
    assert.deepEqual([failing.out, failing.err, failing.status.status], ['out\n', 'err\n', 'Failure']);
    assert.equal(failing.status.details.causes[0].message, '3');
    const fed = await run(['sh', '-c', 'read line; echo "got $line"'], Readable.from(['hello\n']));
    assert.deepEqual([fed.out, fed.status.status], ['got hello\n', 'Success']);
    assert.equal(await core.readNamespacedPodLog({ name: 'exec', namespace }), 'started\n');
    const log = new PassThrough();
    const following = await new k8s.Log(config).log(namespace, 'exec', 'main', log, { follow: true });
    const [line] = await once(log, 'data');
    assert.equal(String(line), 'started\n');
    following.abort();
  },

  async portForward() {
    await running('forward', 'mkdir /www; echo hello >/www/index.html; httpd -p 8080 -h /www; sleep 600', 8080);
    const forward = new k8s.PortForward(config);
    const server = net.createServer((socket) => forward.portForward(namespace, 'forward', [8080], socket, null, socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = net.connect(server.address().port, '127.0.0.1');
    socket.write('GET /index.html HTTP/1.0\r\n\r\n');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk));
    await until(() => answer.includes('hello\n'), 'the page');
    assert.match(answer, /200 OK/);
  },
};

const hang = setTimeout(() => { console.error('hangs'); process.exit(2); }, 280_000);
try {
  await scenarios[scenario]();
  console.log('done');
  clearTimeout(hang);
  process.exit(0);
} catch (error) {
  console.error(error);
  process.exit(1);
}
