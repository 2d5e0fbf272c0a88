using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

public sealed class DeleteTests(SharedCluster shared) : KubectlTest(shared)
{
    [Theory, MemberData(nameof(Versions))]
    public async Task Delete_in_the_background_takes_the_dependents_afterwards(string version)
    {
        var kubectl = await RunningAsync(version);

        Assert.Equal("deployment.apps \"web\" deleted\n", WithoutNamespace(await kubectl.OkAsync("delete", "deployment", "web")));

        await NothingLeftAsync(kubectl);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Delete_in_the_foreground_takes_the_dependents_first(string version)
    {
        var kubectl = await RunningAsync(version);

        await kubectl.OkAsync("delete", "deployment", "web", "--cascade=foreground");

        // kubectl returned when the deployment was gone, and then nothing below it may be left.
        Assert.Equal("", await kubectl.OkAsync("get", "replicasets,pods", "-o", "name"));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Orphans_stay_and_belong_to_nobody(string version)
    {
        var kubectl = await RunningAsync(version);

        await kubectl.OkAsync("delete", "deployment", "web", "--cascade=orphan");

        var set = (await kubectl.OkAsync("get", "replicasets", "-o", "name")).Trim();
        await kubectl.UntilAsync(set, "{.metadata.ownerReferences}", "");
        Assert.Equal("1", await kubectl.GetAsync(set, "{.status.readyReplicas}"));
        await kubectl.OkAsync("delete", set);
        await NothingLeftAsync(kubectl);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_pod_gets_its_grace_period_or_goes_at_once(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.Pod("stubborn", "trap '' TERM; while true; do sleep 1; done").Replace("terminationGracePeriodSeconds: 5", "terminationGracePeriodSeconds: 600", StringComparison.Ordinal));
        await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/stubborn", "--timeout=180s");

        await kubectl.OkAsync("delete", "pod", "stubborn", "--wait=false");
        Assert.Equal("600", await kubectl.GetAsync("pod/stubborn", "{.metadata.deletionGracePeriodSeconds}"));
        var forced = await kubectl.RunAsync("delete", "pod", "stubborn", "--grace-period=0", "--force");

        Assert.Contains("Immediate deletion does not wait", forced.Error, StringComparison.Ordinal);
        Assert.Contains("NotFound", await kubectl.FailsAsync("get", "pod", "stubborn"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Now_means_one_second(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.Pod("stubborn", "trap '' TERM; while true; do sleep 1; done").Replace("terminationGracePeriodSeconds: 5", "terminationGracePeriodSeconds: 600", StringComparison.Ordinal));
        await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/stubborn", "--timeout=180s");

        await kubectl.OkAsync("delete", "pod", "stubborn", "--now", "--timeout=180s");

        Assert.Contains("NotFound", await kubectl.FailsAsync("get", "pod", "stubborn"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_deleted_namespace_takes_everything_with_it(string version)
    {
        var kubectl = await RunningAsync(version);

        await kubectl.OkAsync("delete", "namespace", kubectl.Namespace, "--timeout=180s");

        Assert.Contains("NotFound", await kubectl.FailsAsync("get", "namespace", kubectl.Namespace), StringComparison.Ordinal);
        Assert.Equal("", await kubectl.OkAsync("get", "all", "-o", "name"));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Many_are_deleted_by_label(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.ConfigMap("one", "{ mine: a }"));
        await kubectl.ApplyAsync(Sample.ConfigMap("two", "{ mine: b }"));

        await kubectl.OkAsync("delete", "cm", "-l", "mine=a");
        Assert.Equal("configmap/two\n", await kubectl.OkAsync("get", "cm", "-l", "mine", "-o", "name"));
        await kubectl.OkAsync("delete", "cm", "--all");

        Assert.DoesNotContain("two", await kubectl.OkAsync("get", "cm", "-o", "name"), StringComparison.Ordinal);
    }

    private async Task<KubectlClient> RunningAsync(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.Deployment("web", 1));
        await kubectl.OkAsync("rollout", "status", "deployment/web", "--timeout=180s");
        return kubectl;
    }

    private static Task NothingLeftAsync(KubectlClient kubectl) =>
        Eventually.GetAsync(() => kubectl.OkAsync("get", "deployments,replicasets,pods", "-o", "name"), left => left.Length == 0, "nothing left");

    // kubectl from 1.33 on adds "from NAME namespace".
    private static string WithoutNamespace(string line) => System.Text.RegularExpressions.Regex.Replace(line, " from [^ ]+ namespace", "");
}
