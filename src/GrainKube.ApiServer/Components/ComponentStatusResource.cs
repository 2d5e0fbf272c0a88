using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Endpoints;

namespace GrainKube.ApiServer.Components;

/// <summary><c>componentstatuses</c>: how the parts of the cluster do that are not objects themselves. Each is asked when somebody wants to know.</summary>
internal sealed class ComponentStatusResource(IEnumerable<IComponentProbe> probes, TimeProvider time) : IComputedResource
{
    /// <summary>Upstream waits for twenty seconds; what runs here answers in milliseconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly IComponentProbe[] probes = [.. probes.OrderBy(p => p.Name, StringComparer.Ordinal)];

    public GroupResource Resource => new("", "componentstatuses");

    public async Task<IReadOnlyList<KubeObject>> ListAsync(string ns, string? name, Func<IReadOnlyDictionary<string, string>, bool> labels, CancellationToken cancel) =>
        labels(new Dictionary<string, string>()) ? await Task.WhenAll(probes.Where(p => name is null || p.Name == name).Select(p => OfAsync(p, cancel))) : [];

    private async Task<KubeObject> OfAsync(IComponentProbe probe, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            await probe.CheckAsync(both.Token).AsTask().WaitAsync(both.Token);
            return Status(probe.Name, new JsonObject { ["type"] = "Healthy", ["status"] = "True", ["message"] = "ok" });
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            // Whatever is wrong with it is what was asked for.
            var message = error is OperationCanceledException ? $"no answer within {Patience.TotalSeconds} seconds" : error.Message;
            return Status(probe.Name, new JsonObject { ["type"] = "Healthy", ["status"] = "False", ["message"] = message });
        }
    }

    private static KubeObject Status(string name, JsonObject condition)
    {
        var item = new JsonObject
        {
            ["kind"] = "ComponentStatus",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["conditions"] = new JsonArray(condition),
        };
        return new KubeObject(
            new ObjectKey("", "componentstatuses", "", name),
            new ObjectHeader { ApiVersion = "v1", Kind = "ComponentStatus", Name = name, Namespace = "", Uid = "", Revision = 0 },
            JsonSerializer.SerializeToUtf8Bytes(item));
    }
}
