using System.Text.Json.Nodes;
using GrainKube.Server.Tests.Clusters;
using GrainKube.Server.Tests.Kubectl;

namespace GrainKube.Server.Tests.Silos;

public sealed class DockerSilosTests : ThreeSilos
{
    public DockerSilosTests()
        : base("docker")
    {
    }

    public override async Task InitializeAsync()
    {
        await TestImage.EnsureAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var silo in All)
        {
            await Engine.RemoveNodeAsync(silo.Name);
            await ServiceRules.RemoveAsync(silo.Name);
        }
    }

    [Fact]
    public async Task Logs_and_exec_go_through_every_gateway_and_a_restarted_silo_leaves_containers_alone()
    {
        var home = All[1];
        await home.SendAsync(HttpMethod.Post, "/api/v1/namespaces/default/pods", JsonNode.Parse($$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"talker"},"spec":{"nodeName":"{{home.Name}}","terminationGracePeriodSeconds":1,
             "containers":[{"name":"c","image":"{{TestImage.Name}}","command":["sh","-c","echo hello; trap 'exit 0' TERM; while :; do sleep 1 & wait $!; done"] }] } }
            """)!);
        await Eventually.TrueAsync(
            async () => (await home.GetAsync("/api/v1/namespaces/default/pods/talker"))?["status"]?["containerStatuses"]?[0]?["ready"]?.GetValue<bool>() == true, "the pod is ready");
        await SpeaksThroughAllAsync();
        var before = await Engine.ContainersOfAsync(home.Name);

        var child = home.Child!.Value;
        Signals.Send(child, Signals.Kill);
        await Eventually.TrueAsync(() => Task.FromResult(home.Child is { } successor && successor != child), "its supervisor has started it again");
        await home.ReadyAsync();

        Assert.Equal(before, await Engine.ContainersOfAsync(home.Name));
        await SpeaksThroughAllAsync();
        await All[2].SendAsync(HttpMethod.Delete, "/api/v1/namespaces/default/pods/talker", null);
        await Eventually.TrueAsync(async () => await All[2].GetAsync("/api/v1/namespaces/default/pods/talker") is null, "the pod is gone");
    }

    private async Task SpeaksThroughAllAsync()
    {
        foreach (var gateway in All)
        {
            var kubectl = new KubectlClient(KubectlBinaries.PathOf(KubectlBinaries.Newest), gateway.Kubeconfig, "default");
            Assert.Equal("hello\n", await kubectl.OkAsync("logs", "talker"));
            Assert.Equal("42\n", await kubectl.OkAsync("exec", "talker", "--", "sh", "-c", "echo $((6 * 7))"));
        }
    }
}
