using System.Net.Http.Headers;
using GrainKube.Server.Tests.Clusters;
using GrainKube.Server.Tests.Kubectl;

namespace GrainKube.Server.Tests.Containers;

/// <summary>Real containers, asked for through the API.</summary>
public sealed class ContainerLifeTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    private const string Never = "  restartPolicy: Never";

    [Fact]
    public async Task The_environment_comes_from_everywhere()
    {
        var kubectl = await NewAsync();
        await kubectl.OkAsync("create", "configmap", "settings", "--from-literal=colour=red", "--from-literal=SIZE=large");
        await kubectl.OkAsync("create", "secret", "generic", "secrets", "--from-literal=key=hidden");

        await kubectl.ApplyAsync(Sample.Pod("it", "env", """
                env:
                - { name: PLAIN, value: plain }
                - { name: COMPOSED, value: "$(PLAIN)-$(MISSING)-$$(PLAIN)" }
                - { name: COLOUR, valueFrom: { configMapKeyRef: { name: settings, key: colour } } }
                - { name: NOTHING, valueFrom: { configMapKeyRef: { name: settings, key: none, optional: true } } }
                - { name: KEY, valueFrom: { secretKeyRef: { name: secrets, key: key } } }
                - { name: POD, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
                - { name: LABEL, valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } }
                - { name: IP, valueFrom: { fieldRef: { fieldPath: status.podIP } } }
                - { name: NODE, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }
                - { name: MEMORY, valueFrom: { resourceFieldRef: { resource: limits.memory, divisor: 1Mi } } }
                envFrom: [{ prefix: FROM_, configMapRef: { name: settings } }]
                resources: { limits: { memory: 64Mi } }
              restartPolicy: Never
            """));
        await kubectl.UntilAsync("pod/it", "{.status.phase}", "Succeeded");

        var environment = (await kubectl.OkAsync("logs", "it")).Split('\n');
        var ip = await kubectl.GetAsync("pod/it", "{.status.podIP}");
        Assert.Superset(
            new HashSet<string>
            {
                "PLAIN=plain", "COMPOSED=plain-$(MISSING)-$(PLAIN)", "COLOUR=red", "KEY=hidden", "POD=it", "LABEL=it", $"IP={ip}", $"NODE={shared.Cluster.NodeName}", "MEMORY=64",
                "FROM_colour=red", "FROM_SIZE=large", "HOSTNAME=it",
            },
            environment.ToHashSet());
        Assert.DoesNotContain(environment, line => line.StartsWith("NOTHING=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Volumes_hold_what_was_asked_for_and_follow_changes()
    {
        var kubectl = await NewAsync();
        await kubectl.OkAsync("create", "configmap", "settings", "--from-literal=colour=red");
        await kubectl.OkAsync("create", "secret", "generic", "secrets", "--from-literal=key=hidden");
        await kubectl.ApplyAsync(Sample.Pod("it", "echo shared >/scratch/file; cat /config/colour /secret/key /down/labels /all/c /all/k /scratch/file; echo; stat -c %a -L /secret/key; " + Sample.Idle, """
                volumeMounts:
                - { name: config, mountPath: /config }
                - { name: secret, mountPath: /secret, readOnly: true }
                - { name: down, mountPath: /down }
                - { name: all, mountPath: /all }
                - { name: scratch, mountPath: /scratch }
              volumes:
              - { name: config, configMap: { name: settings } }
              - { name: secret, secret: { secretName: secrets, defaultMode: 256 } }
              - { name: down, downwardAPI: { items: [{ path: labels, fieldRef: { fieldPath: metadata.labels } }] } }
              - name: all
                projected:
                  sources:
                  - configMap: { name: settings, items: [{ key: colour, path: c }] }
                  - secret: { name: secrets, items: [{ key: key, path: k }] }
              - { name: scratch, emptyDir: {} }
            """));
        await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/it", "--timeout=180s");

        await Eventually.GetAsync(() => kubectl.OkAsync("logs", "it"), text => text == "redhiddenapp=\"it\"redhiddenshared\n\n400\nstarted\n", "what the volumes held");
    }

    [Fact]
    public async Task The_token_of_the_pod_is_its_service_accounts()
    {
        var kubectl = await NewAsync();
        await kubectl.OkAsync("create", "rolebinding", "reader", "--clusterrole=view", $"--serviceaccount={kubectl.Namespace}:default");
        await kubectl.ApplyAsync(Sample.Pod("it", "d=/var/run/secrets/kubernetes.io/serviceaccount; cat $d/token; echo; cat $d/namespace; echo; head -n1 $d/ca.crt", Never));
        await kubectl.UntilAsync("pod/it", "{.status.phase}", "Succeeded");
        var lines = (await kubectl.OkAsync("logs", "it")).Split('\n');

        Assert.Equal(kubectl.Namespace, lines[1]);
        Assert.Equal("-----BEGIN CERTIFICATE-----", lines[2]);
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var http = new HttpClient(handler) { BaseAddress = shared.Cluster.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", lines[0]);

        // "view" lets it see pods, and nothing of another namespace. The token is bound to the pod, which is still there.
        await Eventually.TrueAsync(async () => (await http.GetAsync(new Uri($"/api/v1/namespaces/{kubectl.Namespace}/pods", UriKind.Relative))).IsSuccessStatusCode, "the pods being shown to the token");
        Assert.Equal(403, (int)(await http.GetAsync(new Uri("/api/v1/namespaces/default/pods", UriKind.Relative))).StatusCode);
        await kubectl.OkAsync("delete", "pod", "it");
        await Eventually.TrueAsync(async () => (int)(await http.GetAsync(new Uri("/version", UriKind.Relative))).StatusCode == 401 || (int)(await http.GetAsync(new Uri($"/api/v1/namespaces/{kubectl.Namespace}/pods", UriKind.Relative))).StatusCode == 401, "the end of the token");
    }

    [Fact]
    public async Task Init_containers_run_first_and_in_order()
    {
        var kubectl = await NewAsync();
        await kubectl.ApplyAsync(Sample.Pod("it", "cat /scratch/file", $$"""
                volumeMounts: [{ name: scratch, mountPath: /scratch }]
              initContainers:
              - { name: first, image: "{{Sample.Image}}", command: [sh, -c, "echo first >>/scratch/file"], volumeMounts: [{ name: scratch, mountPath: /scratch }] }
              - { name: second, image: "{{Sample.Image}}", command: [sh, -c, "echo second >>/scratch/file"], volumeMounts: [{ name: scratch, mountPath: /scratch }] }
              volumes: [{ name: scratch, emptyDir: {} }]
              restartPolicy: Never
            """));
        await kubectl.UntilAsync("pod/it", "{.status.phase}", "Succeeded");

        Assert.Equal("first\nsecond\n", await kubectl.OkAsync("logs", "it"));
        Assert.Equal("Completed Completed", await kubectl.GetAsync("pod/it", "{.status.initContainerStatuses[*].state.terminated.reason}"));
    }

    [Fact]
    public async Task A_container_that_ends_again_and_again_backs_off()
    {
        var kubectl = await NewAsync();
        await kubectl.ApplyAsync(Sample.Pod("it", "exit 7"));

        await kubectl.UntilAsync("pod/it", "{.status.containerStatuses[0].state.waiting.reason}", "CrashLoopBackOff");
        Assert.Equal("7 Error", await kubectl.GetAsync("pod/it", "{.status.containerStatuses[0].lastState.terminated.exitCode} {.status.containerStatuses[0].lastState.terminated.reason}"));
        await Eventually.GetAsync( // between two pauses it runs, and ends
            () => kubectl.OkAsync("get", "pod", "it", "--no-headers"), line => System.Text.RegularExpressions.Regex.IsMatch(line, "^it +0/1 +CrashLoopBackOff +[1-9]"), "the state as a user sees it");
        await Eventually.GetAsync(() => kubectl.OkAsync("get", "events", "-o", "jsonpath={range .items[*]}{.reason}: {.message}{\"\\n\"}{end}"), text => text.Contains("BackOff: Back-off restarting failed container main in pod it", StringComparison.Ordinal), "the event");
    }

    [Fact]
    public async Task A_pod_that_fails_for_good_is_Failed()
    {
        var kubectl = await NewAsync();
        await kubectl.ApplyAsync(Sample.Pod("it", "echo because >/dev/termination-log; exit 3", Never));

        await kubectl.UntilAsync("pod/it", "{.status.phase}", "Failed");
        Assert.Equal("3 Error because\n", await kubectl.GetAsync("pod/it", "{.status.containerStatuses[0].state.terminated.exitCode} {.status.containerStatuses[0].state.terminated.reason} {.status.containerStatuses[0].state.terminated.message}"));
        Assert.Equal("0", await kubectl.GetAsync("pod/it", "{.status.containerStatuses[0].restartCount}"));
    }

    [Fact]
    public async Task Readiness_decides_whether_the_pod_is_Ready()
    {
        var kubectl = await NewAsync();
        await kubectl.ApplyAsync(Sample.Pod("it", Sample.Idle, "    readinessProbe: { exec: { command: [cat, /tmp/ready] }, periodSeconds: 1 }"));
        await kubectl.UntilAsync("pod/it", "{.status.phase} {.status.containerStatuses[0].ready}", "Running false");

        await kubectl.OkAsync("exec", "it", "--", "touch", "/tmp/ready");
        await kubectl.UntilAsync("pod/it", "{.status.conditions[?(@.type==\"Ready\")].status}", "True");
        await kubectl.OkAsync("exec", "it", "--", "rm", "/tmp/ready");
        await kubectl.UntilAsync("pod/it", "{.status.conditions[?(@.type==\"Ready\")].status}", "False");

        Assert.Equal("0", await kubectl.GetAsync("pod/it", "{.status.containerStatuses[0].restartCount}"));
    }

    [Fact]
    public async Task Liveness_restarts_the_container()
    {
        var kubectl = await NewAsync();
        await kubectl.ApplyAsync(Sample.Pod("it", Sample.Idle, "    livenessProbe: { exec: { command: [test, '!', -e, /tmp/dead] }, periodSeconds: 1, timeoutSeconds: 60, failureThreshold: 1 }"));
        await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/it", "--timeout=180s");

        await kubectl.OkAsync("exec", "it", "--", "touch", "/tmp/dead");

        await kubectl.UntilAsync("pod/it", "{.status.containerStatuses[0].restartCount} {.status.containerStatuses[0].ready}", "1 true");
        await Eventually.GetAsync(() => kubectl.OkAsync("get", "events", "-o", "jsonpath={.items[*].message}"), text => text.Contains("Container main failed liveness probe, will be restarted", StringComparison.Ordinal), "the event");
    }

    [Fact]
    public async Task Startup_holds_the_other_probes_back()
    {
        var kubectl = await NewAsync();
        await kubectl.ApplyAsync(Sample.Pod("it", Sample.Idle, """
                startupProbe: { exec: { command: [cat, /tmp/up] }, periodSeconds: 1, failureThreshold: 100 }
                livenessProbe: { exec: { command: [cat, /tmp/up] }, periodSeconds: 1, timeoutSeconds: 60, failureThreshold: 1 }
            """));
        await kubectl.UntilAsync("pod/it", "{.status.phase} {.status.containerStatuses[0].started}", "Running false");
        await kubectl.OkAsync("exec", "it", "--", "touch", "/tmp/up");

        await kubectl.UntilAsync("pod/it", "{.status.containerStatuses[0].started} {.status.containerStatuses[0].ready} {.status.containerStatuses[0].restartCount}", "true true 0");
    }

    [Fact]
    public async Task Limits_are_the_control_groups()
    {
        var kubectl = await NewAsync();
        await kubectl.ApplyAsync(Sample.Pod("it", Sample.Idle, "    resources: { limits: { cpu: 250m, memory: 32Mi } }"));
        await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/it", "--timeout=180s");

        var id = (await kubectl.GetAsync("pod/it", "{.status.containerStatuses[0].containerID}"))["docker://".Length..];
        Assert.Equal($"{32 << 20}", (await Engine.DockerAsync("inspect", "-f", "{{.HostConfig.Memory}}", id)).Trim());
        Assert.Equal("25000 100000", (await Engine.DockerAsync("inspect", "-f", "{{.HostConfig.CpuQuota}} {{.HostConfig.CpuPeriod}}", id)).Trim());
        Assert.Equal("Guaranteed", await kubectl.GetAsync("pod/it", "{.status.qosClass}"));
    }

    [Fact]
    public async Task An_image_that_is_not_there_is_told_and_tried_again()
    {
        var kubectl = await NewAsync();
        await kubectl.ApplyAsync(Sample.Pod("never", "true").Replace($"image: {Sample.Image}", "image: grainkube.local/none:1\n    imagePullPolicy: Never", StringComparison.Ordinal));
        await kubectl.ApplyAsync(Sample.Pod("pulled", "true").Replace($"image: {Sample.Image}", "image: 127.0.0.1:1/none:1", StringComparison.Ordinal));

        await kubectl.UntilAsync("pod/never", "{.status.containerStatuses[0].state.waiting.reason}", "ErrImageNeverPull");
        await kubectl.UntilAsync("pod/pulled", "{.status.containerStatuses[0].state.waiting.reason}", reason => reason is "ErrImagePull" or "ImagePullBackOff", "a pull that failed");
        await kubectl.UntilAsync("pod/pulled", "{.status.containerStatuses[0].state.waiting.reason}", "ImagePullBackOff");
        var messages = await Eventually.GetAsync(
            () => kubectl.OkAsync("get", "events", "-o", "jsonpath={range .items[*]}{.reason}: {.message}{\"\\n\"}{end}"), text => text.Contains("BackOff: Back-off pulling image \"127.0.0.1:1/none:1\"", StringComparison.Ordinal), "the events");
        Assert.Contains("Pulling: Pulling image \"127.0.0.1:1/none:1\"", messages, StringComparison.Ordinal);
        Assert.Contains("Failed: Failed to pull image \"127.0.0.1:1/none:1\": ", messages, StringComparison.Ordinal);
        Assert.Contains("Failed: Error: ErrImagePull", messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_that_nothing_fits_stays_Pending_and_says_why()
    {
        var kubectl = await NewAsync();
        await kubectl.ApplyAsync(Sample.Pod("it", "true", "    resources: { requests: { cpu: 5000 } }"));

        await kubectl.UntilAsync("pod/it", "{.status.conditions[?(@.type==\"PodScheduled\")].reason}", "Unschedulable");
        Assert.StartsWith("0/1 nodes are available: 1 Insufficient cpu.", await kubectl.GetAsync("pod/it", "{.status.conditions[?(@.type==\"PodScheduled\")].message}"), StringComparison.Ordinal);
        await Eventually.GetAsync(() => kubectl.OkAsync("get", "events", "-o", "jsonpath={.items[*].reason}"), text => text.Contains("FailedScheduling", StringComparison.Ordinal), "the event");
    }

    private async Task<KubectlClient> NewAsync() => shared.Cluster.Kubectl(KubectlBinaries.Newest, await shared.Cluster.NewNamespaceAsync());
}
