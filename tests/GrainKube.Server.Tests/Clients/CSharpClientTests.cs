using System.Net;
using System.Text;
using System.Text.Json;
using GrainKube.Server.Tests.Clusters;
using k8s;
using k8s.Autorest;
using k8s.LeaderElection;
using k8s.LeaderElection.ResourceLock;
using k8s.Models;

namespace GrainKube.Server.Tests.Clients;

/// <summary>The official C# client over HTTPS, as a program that knows nothing of us uses it.</summary>
public sealed class CSharpClientTests(SharedCluster shared) : IClassFixture<SharedCluster>, IAsyncLifetime
{
    private const string Suite = "suite=csharp";
    private IKubernetes client = null!;
    private string ns = "";

    public async Task InitializeAsync()
    {
        client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(shared.Cluster.Kubeconfig));
        ns = await shared.Cluster.NewNamespaceAsync();
    }

    public Task DisposeAsync()
    {
        client.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Objects_are_made_read_listed_by_pages_changed_and_deleted()
    {
        var made = await CreateAsync("a");
        Assert.Equal("AlreadyExists", (await RefusedAsync(HttpStatusCode.Conflict, () => CreateAsync("a"))).Reason);
        made.Data = new Dictionary<string, string> { ["x"] = "1" };
        var changed = await client.CoreV1.ReplaceNamespacedConfigMapAsync(made, "a", ns);
        Assert.Equal("Conflict", (await RefusedAsync(HttpStatusCode.Conflict, () => client.CoreV1.ReplaceNamespacedConfigMapAsync(made, "a", ns))).Reason);
        Assert.Equal("1", changed.Data["x"]);

        await CreateAsync("b");
        var page = await client.CoreV1.ListNamespacedConfigMapAsync(ns, labelSelector: Suite, limit: 1);
        var rest = await client.CoreV1.ListNamespacedConfigMapAsync(ns, labelSelector: Suite, limit: 1, continueParameter: page.Continue());
        Assert.Equal(["a", "b"], page.Items.Concat(rest.Items).Select(m => m.Name()));

        await client.CoreV1.DeleteNamespacedConfigMapAsync("a", ns);
        Assert.Equal("NotFound", (await RefusedAsync(HttpStatusCode.NotFound, () => client.CoreV1.ReadNamespacedConfigMapAsync("a", ns))).Reason);
    }

    [Fact]
    public async Task A_watch_is_resumed_after_its_last_event_without_gap_or_repeat()
    {
        var start = (await client.CoreV1.ListNamespacedConfigMapAsync(ns, labelSelector: Suite)).ResourceVersion();
        var seen = new List<string>();
        var writing = WriteAsync();

        var revision = await FollowAsync(start, seen, "w7");
        await writing;
        revision = await FollowAsync(revision, seen, "w15");
        await FollowAsync(revision, seen, "w1", WatchEventType.Deleted);

        Assert.Equal([.. Enumerable.Range(0, 20).Select(i => $"Added w{i}"), "Modified w0", "Deleted w1"], seen);
    }

    [Fact]
    public async Task A_watch_can_begin_with_what_there_is()
    {
        await CreateAsync("a");
        await CreateAsync("b");
        var seen = new List<string>();
        using var patience = new CancellationTokenSource(Eventually.Bound);
        await foreach (var (type, item) in client.CoreV1.WatchListNamespacedConfigMapAsync(
            ns, labelSelector: Suite, sendInitialEvents: true, resourceVersionMatch: "NotOlderThan", allowWatchBookmarks: true, cancellationToken: patience.Token))
        {
            seen.Add($"{type} {item.Name()}");
            if (type == WatchEventType.Bookmark)
            {
                Assert.Equal("true", item.GetAnnotation("k8s.io/initial-events-end"));
                break;
            }
        }

        Assert.Equal(["Added a", "Added b", "Bookmark "], seen);
    }

    [Fact]
    public async Task Server_side_apply_has_owners_conflicts_and_force()
    {
        await ApplyAsync("one", ("a", "1"), ("b", "1"));
        var conflict = await RefusedAsync(HttpStatusCode.Conflict, () => ApplyAsync("two", ("a", "2")));
        Assert.Contains("conflict with \"one\": .data.a", conflict.Message, StringComparison.Ordinal);

        Assert.Equal("2", (await ApplyAsync("two", force: true, ("a", "2"))).Data["a"]);
        var left = await ApplyAsync("one");

        Assert.Equal(["a"], left.Data.Keys);
        Assert.Contains(left.Metadata.ManagedFields, m => m is { Manager: "two", Operation: "Apply" });
    }

    [Fact]
    public async Task Commands_run_in_a_container()
    {
        await RunAsync("exec", "echo started; sleep 600");
        var (output, errors) = ("", "");
        var code = await client.NamespacedPodExecAsync(
            "exec",
            ns,
            "main",
            ["sh", "-c", "read line; echo \"got $line\"; echo err >&2; exit 3"],
            false,
            async (stdin, stdout, stderr) =>
            {
                await stdin.WriteAsync("hello\n"u8.ToArray());
                output = await new StreamReader(stdout).ReadToEndAsync();
                errors = await new StreamReader(stderr).ReadToEndAsync();
            },
            CancellationToken.None);

        Assert.Equal((3, "got hello\n", "err\n"), (code, output, errors));
        using var log = new StreamReader(await client.CoreV1.ReadNamespacedPodLogAsync("exec", ns, follow: true));
        Assert.Equal("started", await log.ReadLineAsync().WaitAsync(Eventually.Bound));
    }

    [Fact]
    public async Task Ports_are_forwarded()
    {
        await RunAsync("forward", "mkdir /www; echo hello >/www/index.html; httpd -p 8080 -h /www; sleep 600", port: 8080);
        using var socket = await client.WebSocketNamespacedPodPortForwardAsync("forward", ns, [8080], "v4.channel.k8s.io");
        using var channels = new StreamDemuxer(socket, StreamType.PortForward);
        channels.Start();
        await using var stream = channels.GetStream((byte?)0, (byte?)0);

        await stream.WriteAsync("GET /index.html HTTP/1.0\r\n\r\n"u8.ToArray());

        var (answer, buffer) = (new StringBuilder(), new byte[4096]);
        while (!answer.ToString().Contains("hello\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer).AsTask().WaitAsync(Eventually.Bound);
            Assert.NotEqual(0, read);
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        Assert.Contains("200 OK", answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_leader_is_elected_and_followed_by_the_next()
    {
        using var first = Elector("first");
        using var second = Elector("second");
        using var leaving = new CancellationTokenSource();
        using var end = new CancellationTokenSource(Eventually.Bound);
        var leads = Leads(first);
        var running = first.RunUntilLeadershipLostAsync(leaving.Token);
        await leads.WaitAsync(Eventually.Bound);

        var follows = Leads(second);
        var waiting = second.RunUntilLeadershipLostAsync(end.Token);
        await leaving.CancelAsync();

        await follows.WaitAsync(Eventually.Bound);
        Assert.Equal("second", (await client.CoordinationV1.ReadNamespacedLeaseAsync("election", ns)).Spec.HolderIdentity);
        await end.CancelAsync();
        await running;
        await waiting;
    }

    private static Task Leads(LeaderElector elector)
    {
        var leads = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        elector.OnStartedLeading += () => leads.TrySetResult();
        return leads.Task;
    }

    private LeaderElector Elector(string identity) => new(new LeaderElectionConfig(new LeaseLock(client, ns, "election", identity))
    {
        LeaseDuration = TimeSpan.FromSeconds(2),
        RenewDeadline = TimeSpan.FromSeconds(1.5),
        RetryPeriod = TimeSpan.FromMilliseconds(300),
    });

    private async Task WriteAsync()
    {
        for (var i = 0; i < 20; i++)
        {
            await CreateAsync($"w{i}");
        }

        await client.CoreV1.PatchNamespacedConfigMapAsync(new V1Patch("""{"data":{"a":"b"}}""", V1Patch.PatchType.MergePatch), "w0", ns);
        await client.CoreV1.DeleteNamespacedConfigMapAsync("w1", ns);
    }

    private async Task<string> FollowAsync(string revision, List<string> seen, string last, WatchEventType end = WatchEventType.Added)
    {
        using var patience = new CancellationTokenSource(Eventually.Bound);
        await foreach (var (type, item) in client.CoreV1.WatchListNamespacedConfigMapAsync(
            ns, labelSelector: Suite, resourceVersion: revision, onError: error => throw error, cancellationToken: patience.Token))
        {
            seen.Add($"{type} {item.Name()}");
            revision = item.ResourceVersion();
            if (type == end && item.Name() == last)
            {
                return revision;
            }
        }

        throw new InvalidOperationException($"the watch ended after {string.Join(", ", seen)}");
    }

    private Task<V1ConfigMap> CreateAsync(string name) => client.CoreV1.CreateNamespacedConfigMapAsync(
        new V1ConfigMap { Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["suite"] = "csharp" } } }, ns);

    private Task<V1ConfigMap> ApplyAsync(string manager, params (string Key, string Value)[] data) => ApplyAsync(manager, force: false, data);

    private Task<V1ConfigMap> ApplyAsync(string manager, bool force, params (string Key, string Value)[] data) => client.CoreV1.PatchNamespacedConfigMapAsync(
        new V1Patch(
            new V1ConfigMap { ApiVersion = "v1", Kind = "ConfigMap", Metadata = new V1ObjectMeta { Name = "applied" }, Data = data.ToDictionary(d => d.Key, d => d.Value) },
            V1Patch.PatchType.ApplyPatch),
        "applied",
        ns,
        fieldManager: manager,
        force: force);

    // Ready where it listens on the port.
    private async Task RunAsync(string name, string script, int port = 0)
    {
        var probe = port == 0 ? null : new V1Probe { TcpSocket = new V1TCPSocketAction { Port = port }, PeriodSeconds = 1 };
        await TestImage.EnsureAsync();
        await client.CoreV1.CreateNamespacedPodAsync(
            new V1Pod
            {
                Metadata = new V1ObjectMeta { Name = name },
                Spec = new V1PodSpec { TerminationGracePeriodSeconds = 0, Containers = [new V1Container { Name = "main", Image = TestImage.Name, Command = ["sh", "-c", script], ReadinessProbe = probe }] },
            },
            ns);
        await Eventually.TrueAsync(
            async () => (await client.CoreV1.ReadNamespacedPodAsync(name, ns)).Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true, $"pod {name} to be ready");
    }

    private static async Task<V1Status> RefusedAsync(HttpStatusCode code, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<HttpOperationException>(call);
        Assert.Equal(code, error.Response.StatusCode);
        return JsonSerializer.Deserialize<V1Status>(error.Response.Content, JsonSerializerOptions.Web)!;
    }
}
