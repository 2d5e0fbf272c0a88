using GrainKube.ApiMachinery.Objects;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>The claims that a pod's volumes name, those of its ephemeral volumes included; read once for each version of a pod.</summary>
public sealed class PodClaims
{
    private readonly string[] names;

    private PodClaims(V1Pod pod) => names =
    [
        .. (pod.Spec?.Volumes ?? [])
            .Select(v => v.PersistentVolumeClaim?.ClaimName ?? (v.Ephemeral is null ? "" : OfEphemeral(pod.Metadata.Name, v.Name)))
            .Where(n => n.Length > 0)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Names of claims in the pod's namespace.</summary>
    public static IReadOnlyList<string> Of(KubeObject pod) => pod.Derive(static p => new PodClaims(p.As<V1Pod>())).names;

    /// <summary>Name of the claim that is made for a pod's ephemeral volume.</summary>
    public static string OfEphemeral(string pod, string volume) => $"{pod}-{volume}";
}
