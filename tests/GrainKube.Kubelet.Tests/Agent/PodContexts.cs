using System.Text.Json.Nodes;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Tests.Agent;

/// <summary>A pod outside of any kubelet, for tests of one concern.</summary>
internal static class PodContexts
{
    public static async Task<PodContext> PodAsync(this TestNode node, string spec, string metadata = "{}", string ip = "10.9.0.2")
    {
        var item = node.Apply(spec, metadata: metadata);
        await node.Runtime.Sandboxes.EnsureNetworkAsync("10.9.0.0/24", CancellationToken.None);
        await node.Runtime.Sandboxes.CreateAsync(new SandboxSpec { PodUid = item.Header.Uid, Namespace = "default", PodName = "web", Hostname = "web" }, CancellationToken.None);
        var services = node.Agent.Services;
        services.Ledger.Allocatable = new Dictionary<string, long> { ["cpu"] = 2000, ["memory"] = 1L << 30 };
        var pod = new PodContext(services, item, new PodMemory(), () => { });
        await pod.RefreshAsync(CancellationToken.None);
        Assert.Equal(ip.Length > 0 ? ip : pod.Runtime.Sandbox!.Ip, pod.Runtime.Sandbox!.Ip);
        return pod;
    }

    public static void Put(this TestNode node, string json) => node.View.Put(JsonNode.Parse(json)!.AsObject());
}
