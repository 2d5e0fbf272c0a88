using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Controllers.HorizontalPodAutoscaling;

/// <summary>What is scaled: any object whose kind has <c>/scale</c>.</summary>
/// <param name="Object">The object.</param>
/// <param name="Replicas">As its spec wants.</param>
/// <param name="Selector">As text; empty where the kind has none.</param>
internal sealed record ScaleTarget(KubeObject Object, int Replicas, string Selector)
{
    /// <exception cref="MetricException">There is no such thing; in upstream's words.</exception>
    public static ScaleTarget Find(V2CrossVersionObjectReference reference, string ns, ResourceRegistry registry, Func<ObjectKey, KubeObject?> get)
    {
        var apiVersion = reference.ApiVersion ?? "v1";
        if (!registry.TryFindKind(apiVersion, reference.Kind, out var definition))
        {
            var group = apiVersion.Contains('/', StringComparison.Ordinal) ? apiVersion[..apiVersion.IndexOf('/', StringComparison.Ordinal)] : "";
            throw new MetricException($"unable to determine resource for scale target reference: no matches for kind \"{reference.Kind}\" in group \"{group}\"");
        }

        var resource = definition.GroupResource;
        if (definition.Scale is not { } mapping || get(new ObjectKey(definition.Names.Group, definition.Names.Plural, ns, reference.Name)) is not { } item)
        {
            throw new MetricException(definition.Scale is null ? "the server could not find the requested resource" : $"{resource} \"{reference.Name}\" not found");
        }

        var scale = ScaleView.Of(item, mapping);
        return new ScaleTarget(item, (int?)scale["spec"]?["replicas"] ?? 1, (string?)scale["status"]?["selector"] ?? "");
    }

    public LabelSelector Selects => LabelSelector.Parse(Selector);
}
