using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Cluster;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Kubelet.Pods;

/// <summary>Which ConfigMaps, Secrets, claims and trust bundles a pod refers to.</summary>
internal static class PodSources
{
    public static bool Uses(KubeObject pod, ObjectKey source) => source.Resource == Keys.Claims.Resource ? PodClaims.Of(pod).Contains(source.Name)
        : source.GroupResource == Keys.TrustBundles ? Trusts(pod.As<V1Pod>().Spec, source.Name)
        : Of(pod.As<V1Pod>().Spec).Contains((source.Resource, source.Name));

    /// <summary>A bundle may be meant by its signer and labels, which it may just have got or lost: any of a signer's is looked at.</summary>
    private static bool Trusts(V1PodSpec spec, string name) => (spec.Volumes ?? []).SelectMany(v => v.Projected?.Sources ?? []).Any(s =>
        s.ClusterTrustBundle is { } bundle && (bundle.Name == name || (bundle.SignerName is { } signer && name.StartsWith(signer.Replace('/', ':') + ":", StringComparison.Ordinal))));

    public static IEnumerable<(string Resource, string Name)> Of(V1PodSpec spec) => InVolumes(spec).Concat(InContainers(spec)).Concat(
        (spec.ImagePullSecrets ?? []).Select(s => ("secrets", s.Name)));

    private static IEnumerable<(string Resource, string Name)> InVolumes(V1PodSpec spec)
    {
        foreach (var volume in spec.Volumes ?? [])
        {
            if (volume.ConfigMap is { } map)
            {
                yield return ("configmaps", map.Name);
            }

            if (volume.Secret is { } secret)
            {
                yield return ("secrets", secret.SecretName);
            }

            foreach (var part in volume.Projected?.Sources ?? [])
            {
                if (part.ConfigMap is { } projectedMap)
                {
                    yield return ("configmaps", projectedMap.Name);
                }

                if (part.Secret is { } projectedSecret)
                {
                    yield return ("secrets", projectedSecret.Name);
                }
            }
        }
    }

    private static IEnumerable<(string Resource, string Name)> InContainers(V1PodSpec spec)
    {
        foreach (var container in spec.Containers.Concat(spec.InitContainers ?? []))
        {
            foreach (var from in container.EnvFrom ?? [])
            {
                if ((from.ConfigMapRef?.Name ?? from.SecretRef?.Name) is { } name)
                {
                    yield return (from.ConfigMapRef is not null ? "configmaps" : "secrets", name);
                }
            }

            foreach (var variable in container.Env ?? [])
            {
                if (variable.ValueFrom is { } value && (value.ConfigMapKeyRef?.Name ?? value.SecretKeyRef?.Name) is { } name)
                {
                    yield return (value.ConfigMapKeyRef is not null ? "configmaps" : "secrets", name);
                }
            }
        }
    }
}
