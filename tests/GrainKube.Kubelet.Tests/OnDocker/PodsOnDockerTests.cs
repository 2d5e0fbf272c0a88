using System.Text;
using System.Text.Json.Nodes;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Streams;
using GrainKube.Objects.Nodes;

namespace GrainKube.Kubelet.Tests.OnDocker;

/// <summary>Needs a Docker engine and <c>/bin/busybox</c>.</summary>
public sealed class PodsOnDockerTests(DockerNode node) : IClassFixture<DockerNode>
{
    [Fact]
    public async Task A_pod_serves_on_its_address_and_is_ready_when_its_probe_says_so()
    {
        node.Apply("serve", """
            {"initContainers":[{"name":"page","image":"IMAGE","command":["sh","-c","echo hello from $NAME > /www/index.html"],
               "env":[{"name":"NAME","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],"volumeMounts":[{"name":"www","mountPath":"/www"}]}],
             "containers":[{"name":"web","image":"IMAGE","command":["httpd","-f","-p","8080","-h","/www"],"ports":[{"name":"http","containerPort":8080}],
               "readinessProbe":{"httpGet":{"path":"/index.html","port":"http"},"periodSeconds":1},
               "livenessProbe":{"tcpSocket":{"port":8080},"periodSeconds":1},
               "volumeMounts":[{"name":"www","mountPath":"/www"}]}],
             "volumes":[{"name":"www","emptyDir":{}}]}
            """);
        await node.UntilAsync("serve", s => s["containerStatuses"]?[0]!["ready"]!.GetValue<bool>() == true);
        var status = node.Status("serve")!;
        Assert.StartsWith("docker://", status["containerStatuses"]![0]!["containerID"]!.GetValue<string>());
        Assert.Equal("Completed", status["initContainerStatuses"]![0]!["state"]!["terminated"]!["reason"]!.GetValue<string>());
        using var client = new HttpClient();
        Assert.Equal("hello from serve\n", await client.GetStringAsync($"http://{status["podIP"]!.GetValue<string>()}:8080/index.html"));
    }

    [Fact]
    public async Task Volumes_environment_and_identity_are_inside_the_container()
    {
        node.View.Put(Json("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings","namespace":"default"},"data":{"color":"blue"}}"""));
        node.View.Put(Json("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"pass","namespace":"default"},"data":{"word":"c2VzYW1l"}}"""));
        node.Apply("inside", """
            {"restartPolicy":"Never","serviceAccountName":"robot","securityContext":{"runAsUser":1000,"fsGroup":2000},
             "containers":[{"name":"main","image":"IMAGE","command":["sh","-c"],
               "args":["cat /c/color /s/word /t/token /d/name; echo $(COLOR) $COLOR; id -u; echo x > /e/f && ls /e; cat /etc/hosts; echo done > /dev/termination-log"],
               "env":[{"name":"COLOR","valueFrom":{"configMapKeyRef":{"name":"settings","key":"color"}}}],
               "volumeMounts":[{"name":"c","mountPath":"/c"},{"name":"s","mountPath":"/s"},{"name":"t","mountPath":"/t"},{"name":"d","mountPath":"/d"},{"name":"e","mountPath":"/e"}]}],
             "volumes":[{"name":"c","configMap":{"name":"settings"}},{"name":"s","secret":{"secretName":"pass"}},
               {"name":"t","projected":{"sources":[{"serviceAccountToken":{"path":"token"}}]}},
               {"name":"d","downwardAPI":{"items":[{"path":"name","fieldRef":{"fieldPath":"metadata.name"}}]}},
               {"name":"e","emptyDir":{"medium":"Memory","sizeLimit":"1Mi"}}]}
            """);
        await node.UntilAsync("inside", s => s["phase"]!.GetValue<string>() == "Succeeded");
        Assert.Equal("done\n", node.Status("inside")!["containerStatuses"]![0]!["state"]!["terminated"]!["message"]!.GetValue<string>());
        var log = await LogAsync("inside", "main");
        Assert.StartsWith("bluesesametoken of robotinsideblue blue\n1000\nf\n# Kubernetes-managed hosts file.\n", log);
    }

    [Fact]
    public async Task A_restarted_kubelet_restarts_no_container_and_files_follow_their_source()
    {
        node.View.Put(Json("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"live","namespace":"default"},"data":{"v":"1"}}"""));
        node.Apply("adopt", """
            {"containers":[{"name":"main","image":"IMAGE","command":["sh","-c","FOREVER"],"volumeMounts":[{"name":"c","mountPath":"/c"}]}],
             "volumes":[{"name":"c","configMap":{"name":"live"}}]}
            """);
        await node.UntilAsync("adopt", s => s["phase"]?.GetValue<string>() == "Running");
        var before = Id("adopt");
        await node.RestartAsync();
        node.View.Put(Json("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"live","namespace":"default"},"data":{"v":"2"}}"""));
        var seen = "";
        for (var tries = 0; seen != "2" && tries < 2000; tries++)
        {
            seen = Encoding.UTF8.GetString((await node.Runtime.Containers.ExecAsync(before, ["cat", "/c/v"], TimeSpan.FromSeconds(60), CancellationToken.None)).Output);
        }

        Assert.Equal("2", seen);
        Assert.Equal(before, Id("adopt"));
        Assert.Equal(0, node.Status("adopt")!["containerStatuses"]![0]!["restartCount"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_container_that_fails_its_liveness_probe_is_restarted()
    {
        node.Apply("sick", """
            {"terminationGracePeriodSeconds":1,"containers":[{"name":"main","image":"IMAGE","command":["sh","-c","FOREVER"],
              "livenessProbe":{"exec":{"command":["test","!","-f","/dead"]},"periodSeconds":1,"timeoutSeconds":60,"failureThreshold":1}}]}
            """);
        await node.UntilAsync("sick", s => s["phase"]?.GetValue<string>() == "Running");
        await node.Runtime.Containers.ExecAsync(Id("sick"), ["touch", "/dead"], TimeSpan.FromSeconds(60), CancellationToken.None);
        await node.UntilAsync("sick", s => s["containerStatuses"]![0]!["restartCount"]!.GetValue<int>() == 1);
        Assert.Contains(node.View.Events, e => e is { Reason: "Killing", Message: "Container main failed liveness probe, will be restarted" });
        Assert.Contains(node.View.Events, e => e.Reason == "Unhealthy" && e.Message.StartsWith("Liveness probe failed:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hooks_run_and_deletion_waits_for_the_container()
    {
        var directory = Directory.CreateTempSubdirectory("grainkube-hooks-").FullName;
        node.Apply("hooks", """
            {"containers":[{"name":"main","image":"IMAGE","command":["sh","-c","FOREVER"],
              "lifecycle":{"postStart":{"exec":{"command":["touch","/h/started"]}},"preStop":{"exec":{"command":["touch","/h/stopping"]}}},
              "volumeMounts":[{"name":"h","mountPath":"/h"}]}],
             "volumes":[{"name":"h","hostPath":{"path":"DIRECTORY","type":"Directory"}}]}
            """.Replace("DIRECTORY", directory, StringComparison.Ordinal));
        await node.UntilAsync("hooks", s => s["phase"]?.GetValue<string>() == "Running");
        Assert.True(File.Exists(Path.Combine(directory, "started")));
        node.Delete("hooks", grace: 30);
        await node.UntilAsync(() => node.View.Get(Keys.Pod("default", "hooks")) is null, () => node.Status("hooks")!.ToJsonString());
        Assert.True(File.Exists(Path.Combine(directory, "stopping")));
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_command_that_does_not_exist_is_a_start_error()
    {
        node.Apply("nocmd", """{"restartPolicy":"Never","containers":[{"name":"main","image":"IMAGE","command":["/no/such"]}]}""");
        await node.UntilAsync("nocmd", s => s["phase"]?.GetValue<string>() == "Failed");
        var ended = node.Status("nocmd")!["containerStatuses"]![0]!["state"]!["terminated"]!;
        Assert.Equal("StartError", ended["reason"]!.GetValue<string>());
        Assert.Contains("/no/such", ended["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sandbox_that_was_killed_is_replaced_with_its_containers()
    {
        node.Apply("lost", """{"terminationGracePeriodSeconds":1,"containers":[{"name":"main","image":"IMAGE","command":["sh","-c","FOREVER"]}]}""");
        await node.UntilAsync("lost", s => s["phase"]?.GetValue<string>() == "Running");
        var uid = node.View.Get(Keys.Pod("default", "lost"))!.Header.Uid;
        var sandbox = (await node.Runtime.Sandboxes.ListAsync(CancellationToken.None)).Single(s => s.PodUid == uid);
        await node.Runtime.Sandboxes.StopAsync(sandbox.Id, CancellationToken.None);
        await node.UntilAsync("lost", s => s["containerStatuses"]![0]!["restartCount"]!.GetValue<int>() == 1 && s["containerStatuses"]![0]!["ready"]!.GetValue<bool>());
        Assert.Contains(node.View.Events, e => e.Reason == "SandboxChanged");
    }

    [Fact]
    public async Task Exec_gives_output_and_exit_code()
    {
        node.Apply("exec", """{"containers":[{"name":"main","image":"IMAGE","command":["sh","-c","FOREVER"]}]}""");
        await node.UntilAsync("exec", s => s["phase"]?.GetValue<string>() == "Running");
        await using var sessions = new StreamSessions(node.Agent.Services, TimeProvider.System);
        var uid = node.View.Get(Keys.Pod("default", "exec"))!.Header.Uid;
        var id = await sessions.OpenAsync(new ContainerStreamRequest
        {
            Namespace = "default", Pod = "exec", PodUid = uid, Container = "main", Command = ["sh", "-c", "cat; exit 3"], Stdin = true, Stdout = true, Stderr = true,
        });
        await sessions.WriteAsync(id, "hi"u8.ToArray());
        await sessions.WriteAsync(id, []);
        var frames = new List<StreamFrame>();
        await foreach (var frame in sessions.ReadAsync(id, CancellationToken.None))
        {
            frames.Add(frame);
        }

        Assert.Equal("hi", string.Concat(frames.Where(f => f.Channel == StreamChannel.Stdout).Select(f => Encoding.UTF8.GetString(f.Data))));
        Assert.Equal(
            """{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: exit status 3","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}""",
            Encoding.UTF8.GetString(frames[^1].Data));
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private string Id(string pod) => node.Status(pod)!["containerStatuses"]![0]!["containerID"]!.GetValue<string>()["docker://".Length..];

    private async Task<string> LogAsync(string pod, string container)
    {
        var text = new StringBuilder();
        var uid = node.View.Get(Keys.Pod("default", pod))!.Header.Uid;
        await foreach (var piece in LogReader.ReadAsync(
            node.Agent.Services, new ContainerLogRequest { Namespace = "default", Pod = pod, PodUid = uid, Container = container }, CancellationToken.None))
        {
            text.Append(Encoding.UTF8.GetString(piece));
        }

        return text.ToString();
    }
}
