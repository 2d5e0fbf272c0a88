using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

/// <summary>Stateful sets and daemon sets as kubectl sees them, on the real engine.</summary>
public sealed class WorkloadRolloutTests(SharedCluster shared) : KubectlTest(shared)
{
    [Theory, MemberData(nameof(Versions))]
    public async Task A_stateful_set_is_rolled_out_undone_restarted_and_scaled(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(StatefulSet);
        Assert.EndsWith("2 new pods have been updated...\n", await DoneAsync(kubectl, "statefulset/db"), StringComparison.Ordinal);
        Assert.Equal("db-0 db-1", await kubectl.GetAsync("pods", "{.items[*].metadata.name}"));
        await Eventually.GetAsync(() => kubectl.OkAsync("logs", "db-1"), text => text == "db-1\nstarted\n", "what the second said"); // without a probe it is ready before it speaks

        await kubectl.ApplyAsync(StatefulSet.Replace("echo started", "echo second", StringComparison.Ordinal));
        await DoneAsync(kubectl, "statefulset/db");
        Assert.Equal("statefulset.apps/db \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n", await kubectl.OkAsync("rollout", "history", "statefulset/db"));
        Assert.Contains("echo started", await kubectl.OkAsync("rollout", "history", "statefulset/db", "--revision=1"), StringComparison.Ordinal);

        Assert.Equal("statefulset.apps/db rolled back\n", await kubectl.OkAsync("rollout", "undo", "statefulset/db"));
        await DoneAsync(kubectl, "statefulset/db");
        Assert.Contains("echo started", await kubectl.GetAsync("pod/db-0", "{.spec.containers[0].command[2]}"), StringComparison.Ordinal);
        Assert.Equal("statefulset.apps/db \nREVISION  CHANGE-CAUSE\n2         <none>\n3         <none>\n\n", await kubectl.OkAsync("rollout", "history", "statefulset/db"));

        Assert.Equal("statefulset.apps/db restarted\n", await kubectl.OkAsync("rollout", "restart", "statefulset/db"));
        await DoneAsync(kubectl, "statefulset/db");
        Assert.Equal("statefulset.apps/db scaled\n", await kubectl.OkAsync("scale", "statefulset/db", "--replicas=1"));
        await kubectl.UntilAsync("pods", "{.items[*].metadata.name}", "db-0");
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_daemon_set_is_rolled_out_undone_and_restarted(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(DaemonSet);
        Assert.EndsWith("daemon set \"agent\" successfully rolled out\n", await DoneAsync(kubectl, "daemonset/agent"), StringComparison.Ordinal);
        Assert.Equal("1 1 1", await kubectl.GetAsync("daemonset/agent", "{.status.desiredNumberScheduled} {.status.numberReady} {.status.numberAvailable}"));

        await kubectl.ApplyAsync(DaemonSet.Replace("echo started", "echo second", StringComparison.Ordinal));
        await DoneAsync(kubectl, "daemonset/agent");
        Assert.Equal("daemonset.apps/agent rolled back\n", await kubectl.OkAsync("rollout", "undo", "daemonset/agent"));
        await DoneAsync(kubectl, "daemonset/agent");
        Assert.Equal("daemonset.apps/agent \nREVISION  CHANGE-CAUSE\n2         <none>\n3         <none>\n\n", await kubectl.OkAsync("rollout", "history", "daemonset/agent"));
        Assert.Equal("daemonset.apps/agent restarted\n", await kubectl.OkAsync("rollout", "restart", "daemonset/agent"));
        await DoneAsync(kubectl, "daemonset/agent");
        Assert.Equal("4", await kubectl.GetAsync("daemonset/agent", "{.metadata.annotations.deprecated\\.daemonset\\.template\\.generation}"));
    }

    private static string StatefulSet => Sample.Deployment("db", 2, "hostname; " + Sample.Idle)
        .Replace("kind: Deployment", "kind: StatefulSet", StringComparison.Ordinal)
        .Replace("  replicas:", "  serviceName: db\n  replicas:", StringComparison.Ordinal);

    private static string DaemonSet => Sample.Deployment("agent", 1)
        .Replace("kind: Deployment", "kind: DaemonSet", StringComparison.Ordinal)
        .Replace("  replicas: 1\n", "", StringComparison.Ordinal);

    private static Task<string> DoneAsync(KubectlClient kubectl, string workload) => kubectl.OkAsync("rollout", "status", workload, "--timeout=180s");
}
