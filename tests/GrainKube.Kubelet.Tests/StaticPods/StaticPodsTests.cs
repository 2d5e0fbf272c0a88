using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Tests.Agent;

namespace GrainKube.Kubelet.Tests.StaticPods;

public sealed class StaticPodsTests : IAsyncLifetime
{
    private const string Mirror = "db-node-1";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("grainkube-static-");
    private readonly TestNode node;

    public StaticPodsTests() => node = new TestNode(staticPods: directory.FullName);

    private string File => Path.Combine(directory.FullName, "db.yaml");

    public async Task InitializeAsync()
    {
        await WriteAsync("one");
        await node.Agent.StartAsync();
        await RunsAsync("");
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_mirror_that_somebody_deletes_is_made_anew_and_the_containers_run_on()
    {
        var (mirror, containers) = (Uid(), await node.ContainersAsync());
        node.Delete(Mirror);
        await RunsAsync(not: mirror);
        Assert.Equal(containers, await node.ContainersAsync());
    }

    [Fact]
    public async Task A_mirror_that_is_torn_away_while_the_kubelet_is_down_takes_no_container_along()
    {
        var (mirror, containers) = (Uid(), await node.ContainersAsync());
        await node.RestartAsync(() => node.View.DeleteAsync(Keys.Pod("default", Mirror), mirror, CancellationToken.None));
        await RunsAsync(not: mirror);
        Assert.Equal(containers, await node.ContainersAsync());
    }

    [Fact]
    public async Task Another_manifest_is_another_pod_and_none_ends_it()
    {
        var (mirror, before) = (Uid(), Assert.Single(await node.ContainersAsync()));
        await WriteAsync("two");
        await RunsAsync(not: mirror);
        await LookedAtAsync(() => node.Agent.Pods == 1);
        var after = Assert.Single(await node.ContainersAsync());
        Assert.NotEqual(before.Id, after.Id);

        System.IO.File.Delete(File);
        await LookedAtAsync(() => node.View.Get(Keys.Pod("default", Mirror)) is null && node.Agent.Pods == 0);
        Assert.Empty(await node.ContainersAsync());
    }

    [Fact]
    public async Task A_manifest_that_comes_back_runs_again()
    {
        var mirror = Uid();
        System.IO.File.Delete(File);
        await LookedAtAsync(() => node.View.Get(Keys.Pod("default", Mirror)) is null);
        await WriteAsync("one");
        await RunsAsync(not: mirror);
    }

    private Task WriteAsync(string image) =>
        System.IO.File.WriteAllTextAsync(File, $"apiVersion: v1\nkind: Pod\nmetadata: {{ name: db }}\nspec: {{ containers: [{{ name: a, image: {image} }}] }}\n");

    private string Uid() => Found()?.Header.Uid ?? "";

    private KubeObject? Found() => node.View.Get(Keys.Pod("default", Mirror));

    private Task RunsAsync(string not) => LookedAtAsync(() => Found() is { Header.DeletionTimestamp: null } pod && pod.Header.Uid != not && (string?)pod.ToNode()["status"]?["phase"] == "Running");

    /// <summary>The directory is looked at every three seconds, of a time that only the test moves.</summary>
    private Task LookedAtAsync(Func<bool> condition) => node.UntilAsync(
        () =>
        {
            node.Time.Advance(TimeSpan.FromSeconds(1));
            return condition();
        },
        () => Found()?.ToString() ?? "no pod");
}
