using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;

namespace GrainKube.Controllers.Disruption;

/// <summary>How many pods the controllers of some pods want, through their <c>/scale</c>: built-in kinds and custom resources alike.</summary>
internal sealed class ExpectedScale(WatchCache cache, ResourceRegistry registry)
{
    private const int LongestChain = 8;

    /// <returns>The sum over the different controllers, and the pods that none controls.</returns>
    /// <exception cref="ScaleUnknownException">A controller has no scale.</exception>
    public (int Replicas, IReadOnlyList<KubeObject> Unmanaged) Of(IEnumerable<KubeObject> pods)
    {
        var (scales, unmanaged, asked) = (new Dictionary<string, int>(), new List<KubeObject>(), new HashSet<string>());
        foreach (var pod in pods)
        {
            if (pod.Header.Controller is not { } controller)
            {
                unmanaged.Add(pod);
            }
            else if (asked.Add(controller.Uid))
            {
                var (uid, replicas) = Find(pod, controller);
                scales[uid] = replicas;
            }
        }

        return (scales.Values.Sum(), unmanaged);
    }

    /// <summary>A controller that another one scales speaks through that one: a ReplicaSet through its Deployment.</summary>
    private (string Uid, int Replicas) Find(KubeObject pod, OwnerReference controller)
    {
        (string, int)? found = null;
        var next = controller;
        for (var step = 0; next is not null && step < LongestChain; step++)
        {
            if (!registry.TryFindKind(next.ApiVersion, next.Kind, out var definition) || definition.Scale is not { } mapping
                || Get(definition, pod.Key.Namespace, next) is not { } item)
            {
                break;
            }

            var replicas = ScaleView.Of(item, mapping)["spec"]?["replicas"] is JsonValue value && value.TryGetValue<int>(out var count) ? count : 0;
            found = (item.Header.Uid, replicas);
            next = item.Header.Controller;
        }

        return found ?? throw Unknown(pod, controller);
    }

    private KubeObject? Get(ResourceDefinition definition, string ns, OwnerReference owner) =>
        cache.Get(new ObjectKey(definition.Names.Group, definition.Names.Plural, definition.Names.Namespaced ? ns : "", owner.Name)) is { } item && item.Header.Uid == owner.Uid
            ? item
            : null;

    private ScaleUnknownException Unknown(KubeObject pod, OwnerReference controller) =>
        registry.TryFindKind(controller.ApiVersion, controller.Kind, out var definition) && definition.Scale is null
            ? new ScaleUnknownException($"{definition.GroupResource} does not implement the scale subresource")
            : new ScaleUnknownException($"found no controllers for pod \"{pod.Header.Name}\"");
}
