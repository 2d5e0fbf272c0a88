"""Scenarios of the official Python client, one a run: client.py SCENARIO KUBECONFIG NAMESPACE. What a scenario asserts it prints where it fails."""
import json
import sys
import threading
import time

from kubernetes import client, config, dynamic, stream, utils, watch
from kubernetes.client.rest import ApiException
from kubernetes.stream import portforward

scenario, kubeconfig, ns = sys.argv[1:4]
config.load_kube_config(config_file=kubeconfig)
core = client.CoreV1Api()
BUSYBOX = "grainkube.local/server-test:1"


def config_map(name, **data):
    return client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name, labels={"suite": "python"}), data=data)


def refused(code, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except ApiException as error:
        assert error.status == code, error
        return error
    raise AssertionError(f"{code} was expected")


def running(name, script, port=None):
    probe = port and client.V1Probe(tcp_socket=client.V1TCPSocketAction(port=port), period_seconds=1)
    pod = client.V1Pod(
        metadata=client.V1ObjectMeta(name=name),
        spec=client.V1PodSpec(termination_grace_period_seconds=0, containers=[client.V1Container(name="main", image=BUSYBOX, command=["sh", "-c", script], readiness_probe=probe)]),
    )
    core.create_namespaced_pod(ns, pod)
    for event in watch.Watch().stream(core.list_namespaced_pod, ns, field_selector=f"metadata.name={name}", timeout_seconds=120):
        if any(c.type == "Ready" and c.status == "True" for c in event["object"].status.conditions or []):
            return
    raise AssertionError("the pod did not become ready")


def crud():
    made = core.create_namespaced_config_map(ns, config_map("a", x="1"))
    assert made.metadata.uid and made.data == {"x": "1"}
    assert refused(409, core.create_namespaced_config_map, ns, config_map("a")).reason == "Conflict"
    made.data["x"] = "2"
    changed = core.replace_namespaced_config_map("a", ns, made)
    assert int(changed.metadata.resource_version) > int(made.metadata.resource_version)
    refused(409, core.replace_namespaced_config_map, "a", ns, made)  # of the old version
    patched = core.patch_namespaced_config_map("a", ns, {"data": {"y": "3"}})
    assert patched.data == {"x": "2", "y": "3"}, patched.data
    core.create_namespaced_config_map(ns, config_map("b"))
    assert [m.metadata.name for m in core.list_namespaced_config_map(ns, label_selector="suite=python").items] == ["a", "b"]
    page = core.list_namespaced_config_map(ns, label_selector="suite=python", limit=1)
    assert page.metadata._continue
    rest = core.list_namespaced_config_map(ns, label_selector="suite=python", limit=1, _continue=page.metadata._continue)
    assert [m.metadata.name for m in page.items + rest.items] == ["a", "b"]
    core.delete_namespaced_config_map("a", ns)
    refused(404, core.read_namespaced_config_map, "a", ns)
    core.delete_collection_namespaced_config_map(ns, label_selector="suite=python")
    assert not core.list_namespaced_config_map(ns, label_selector="suite=python").items
    assert client.VersionApi().get_code().major == "1"


def kinds():
    """Every kind that this client and the server both know is listed and its answer fits the client's model."""
    for api, method in [
        (client.AppsV1Api, "list_namespaced_deployment"), (client.AppsV1Api, "list_namespaced_daemon_set"), (client.AppsV1Api, "list_namespaced_stateful_set"),
        (client.BatchV1Api, "list_namespaced_job"), (client.BatchV1Api, "list_namespaced_cron_job"), (client.NetworkingV1Api, "list_namespaced_ingress"),
        (client.NetworkingV1Api, "list_namespaced_network_policy"), (client.RbacAuthorizationV1Api, "list_namespaced_role"), (client.PolicyV1Api, "list_namespaced_pod_disruption_budget"),
        (client.CoreV1Api, "list_namespaced_service"), (client.CoreV1Api, "list_namespaced_secret"), (client.CoreV1Api, "list_namespaced_service_account"),
        (client.CoreV1Api, "list_namespaced_event"), (client.CoreV1Api, "list_namespaced_persistent_volume_claim"), (client.AutoscalingV1Api, "list_namespaced_horizontal_pod_autoscaler"),
        (client.CoordinationV1Api, "list_namespaced_lease"), (client.DiscoveryV1Api, "list_namespaced_endpoint_slice"),
    ]:
        getattr(api(), method)(ns)
    for api, method in [
        (client.CoreV1Api, "list_node"), (client.CoreV1Api, "list_namespace"), (client.CoreV1Api, "list_persistent_volume"), (client.StorageV1Api, "list_storage_class"),
        (client.RbacAuthorizationV1Api, "list_cluster_role"), (client.SchedulingV1Api, "list_priority_class"), (client.ApiextensionsV1Api, "list_custom_resource_definition"),
        (client.ApisApi, "get_api_versions"),
    ]:
        getattr(api(), method)()


def watching():
    """An informer's way: list, watch from there, end, resume from the last event, nothing lost and nothing twice."""
    start = core.list_namespaced_config_map(ns, label_selector="suite=python").metadata.resource_version
    seen = []

    def follow(revision, stop):
        watcher = watch.Watch()
        for event in watcher.stream(core.list_namespaced_config_map, ns, label_selector="suite=python", resource_version=revision, timeout_seconds=120):
            seen.append((event["type"], event["object"].metadata.name))
            if stop(event):
                watcher.stop()
        return watcher.resource_version

    def write():
        for i in range(20):
            core.create_namespaced_config_map(ns, config_map(f"w{i}"))
        core.patch_namespaced_config_map("w0", ns, {"data": {"a": "b"}})
        core.delete_namespaced_config_map("w1", ns)

    writer = threading.Thread(target=write)
    writer.start()
    middle = follow(start, lambda event: event["object"].metadata.name == "w7")
    writer.join()
    follow(middle, lambda event: event["type"] == "DELETED")
    assert seen == [("ADDED", f"w{i}") for i in range(20)] + [("MODIFIED", "w0"), ("DELETED", "w1")], seen


def server_side_apply():
    api = dynamic.DynamicClient(client.ApiClient())
    maps = api.resources.get(api_version="v1", kind="ConfigMap")

    def apply(manager, data, force=False):
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "applied", "namespace": ns}, "data": data}
        # This release of the client sends YAML only where it is given text.
        return maps.server_side_apply(body=json.dumps(body), name="applied", namespace=ns, field_manager=manager, force_conflicts=force)

    apply("one", {"a": "1", "b": "1"})
    try:
        apply("two", {"a": "2"})
        raise AssertionError("a conflict was expected")
    except dynamic.exceptions.ConflictError as error:
        assert 'conflict with "one": .data.a' in json.loads(error.body)["message"], error.body
    assert apply("two", {"a": "2"}, force=True).to_dict()["data"] == {"a": "2", "b": "1"}
    assert apply("one", {}).to_dict()["data"] == {"a": "2"}  # what only "one" had is gone
    managers = {m.manager: m.operation for m in maps.get(name="applied", namespace=ns).metadata.managedFields}
    assert managers["two"] == "Apply", managers


def custom_resource():
    plural, group = "pythons", f"{ns}.example.com"
    crd = {
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": f"{plural}.{group}"},
        "spec": {"group": group, "scope": "Namespaced", "names": {"plural": plural, "singular": "python", "kind": "Python"},
                 "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}}]},
    }
    utils.create_from_dict(client.ApiClient(), crd)
    try:
        api = client.CustomObjectsApi()
        deadline = time.time() + 120
        while True:
            try:
                api.create_namespaced_custom_object(group, "v1", ns, plural, {"apiVersion": f"{group}/v1", "kind": "Python", "metadata": {"name": "p"}, "length": 3})
                break
            except ApiException as error:
                assert error.status == 404 and time.time() < deadline, error
                time.sleep(0.1)
        assert api.patch_namespaced_custom_object(group, "v1", ns, plural, "p", {"length": 4})["length"] == 4
        events = watch.Watch().stream(api.list_namespaced_custom_object, group, "v1", ns, plural, timeout_seconds=60)
        assert next(iter(events))["object"]["length"] == 4
        api.delete_namespaced_custom_object(group, "v1", ns, plural, "p")
    finally:
        client.ApiextensionsV1Api().delete_custom_resource_definition(f"{plural}.{group}")


def executing():
    running("exec", "echo started; sleep 600")
    output = stream.stream(core.connect_get_namespaced_pod_exec, "exec", ns, command=["sh", "-c", "echo out; echo err >&2"], stderr=True, stdin=False, stdout=True, tty=False)
    assert sorted(output.split()) == ["err", "out"], output
    session = stream.stream(core.connect_get_namespaced_pod_exec, "exec", ns, command=["sh"], stderr=True, stdin=True, stdout=True, tty=False, _preload_content=False)
    session.write_stdin("echo hello $((40 + 2))\n")
    assert session.readline_stdout(timeout=20) == "hello 42"
    session.write_stdin("exit 3\n")
    session.run_forever(timeout=20)
    assert session.returncode == 3, session.returncode
    session.close()
    assert core.read_namespaced_pod_log("exec", ns) == "started\n"
    lines = core.read_namespaced_pod_log("exec", ns, follow=True, _preload_content=False).stream()
    assert next(lines) == b"started\n"


def forwarding():
    running("forward", "mkdir /www; echo hello >/www/index.html; httpd -p 8080 -h /www; sleep 600", port=8080)
    forward = portforward(core.connect_get_namespaced_pod_portforward, "forward", ns, ports="8080")
    socket = forward.socket(8080)
    socket.setblocking(True)
    answer = b""
    deadline = time.time() + 120
    socket.sendall(b"GET /index.html HTTP/1.0\r\n\r\n")
    while b"hello" not in answer and time.time() < deadline:
        answer += socket.recv(4096)
    assert b"200 OK" in answer and b"hello" in answer, answer
    assert forward.error(8080) is None, forward.error(8080)
    socket.close()


{f.__name__: f for f in [crud, kinds, watching, server_side_apply, custom_resource, executing, forwarding]}[scenario]()
print("done")
