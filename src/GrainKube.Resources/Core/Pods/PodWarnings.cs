using GrainKube.Resources.Core.Nodes;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>What is allowed in a pod or in a template of pods but will hardly do what its author wants, or will not for long. In upstream's order and words.</summary>
internal static class PodWarnings
{
    private const string SeccompOfPod = "seccomp.security.alpha.kubernetes.io/pod";

    private static readonly (string Key, string Message)[] Annotations =
    [
        ("scheduler.alpha.kubernetes.io/critical-pod", "non-functional in v1.16+; use the \"priorityClassName\" field instead"),
        ("security.alpha.kubernetes.io/sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
        ("security.alpha.kubernetes.io/unsafe-sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
    ];

    /// <param name="metadata">The pod's or the template's.</param>
    /// <param name="spec">Likewise.</param>
    /// <param name="path">Where they stand: empty, or ends with a dot.</param>
    /// <param name="warnings">Where they are added.</param>
    public static void Add(V1ObjectMeta? metadata, V1PodSpec? spec, string path, IList<string> warnings)
    {
        if (spec is null)
        {
            return;
        }

        var annotations = metadata?.Annotations ?? new Dictionary<string, string>();
        Placing(spec, $"{path}spec", warnings);
        foreach (var (key, message) in Annotations.Where(a => annotations.ContainsKey(a.Key)))
        {
            warnings.Add($"{path}metadata.annotations[{key}]: {message}");
        }

        PodVolumeWarnings.Add(spec.Volumes, $"{path}spec.volumes", warnings);
        Repeated(spec.HostAliases, alias => alias.Ip, (path, "hostAliases", "ip"), warnings);
        PullSecrets(spec, path, warnings);
        ContainerWarnings.Fractions(spec.Overhead, $"{path}spec.overhead", warnings);
        if (spec.SecurityContext?.SeccompProfile is null && annotations.ContainsKey(SeccompOfPod))
        {
            warnings.Add($"{path}metadata.annotations[{SeccompOfPod}]: non-functional in v1.27+; use the \"seccompProfile\" field instead");
        }

        ContainerWarnings.Add(annotations, spec, path, warnings);
        PortWarnings.Add(spec, path, warnings);
        if (spec.TerminationGracePeriodSeconds < 0)
        {
            warnings.Add($"{path}spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1");
        }

        var affinity = $"{path}spec.affinity";
        Affinity(spec.Affinity?.PodAffinity?.RequiredDuringSchedulingIgnoredDuringExecution, spec.Affinity?.PodAffinity?.PreferredDuringSchedulingIgnoredDuringExecution, $"{affinity}.podAffinity", warnings);
        Affinity(spec.Affinity?.PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution, spec.Affinity?.PodAntiAffinity?.PreferredDuringSchedulingIgnoredDuringExecution, $"{affinity}.podAntiAffinity", warnings);
    }

    private static void Placing(V1PodSpec spec, string path, IList<string> warnings)
    {
        foreach (var key in spec.NodeSelector?.Keys ?? [])
        {
            if (OldNodeLabels.Message(key) is { } message)
            {
                warnings.Add($"{path}.nodeSelector[{key}]: {message}");
            }
        }

        if (spec.Affinity?.NodeAffinity is { } nodes)
        {
            OldNodeLabels.Terms(nodes.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms, $"{path}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms", warnings);
            for (var i = 0; i < nodes.PreferredDuringSchedulingIgnoredDuringExecution?.Count; i++)
            {
                OldNodeLabels.Expressions(
                    nodes.PreferredDuringSchedulingIgnoredDuringExecution[i].Preference?.MatchExpressions,
                    $"{path}.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[{i}].preference",
                    warnings);
            }
        }

        for (var i = 0; i < spec.TopologySpreadConstraints?.Count; i++)
        {
            var constraint = spec.TopologySpreadConstraints[i];
            if (OldNodeLabels.Message(constraint.TopologyKey) is { } message)
            {
                warnings.Add($"{path}.topologySpreadConstraints[{i}].topologyKey: {constraint.TopologyKey} is {message}");
            }

            NoSelector(constraint.LabelSelector, $"{path}.topologySpreadConstraints[{i}]", warnings);
        }
    }

    private static void PullSecrets(V1PodSpec spec, string path, IList<string> warnings)
    {
        Repeated(spec.ImagePullSecrets, secret => secret.Name, (path, "imagePullSecrets", "name"), warnings);
        for (var i = 0; i < spec.ImagePullSecrets?.Count; i++)
        {
            if (string.IsNullOrEmpty(spec.ImagePullSecrets[i].Name))
            {
                warnings.Add($"{path}spec.imagePullSecrets[{i}].name: invalid empty name \"\"");
            }
        }
    }

    private static void Repeated<T>(IList<T>? items, Func<T, string?> keyOf, (string Path, string List, string Key) at, IList<string> warnings)
    {
        if (items is not { Count: > 1 })
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            var key = keyOf(items[i]) ?? "";
            if (!seen.Add(key))
            {
                warnings.Add($"{at.Path}spec.{at.List}[{i}].{at.Key}: duplicate {at.Key} \"{key}\"");
            }
        }
    }

    private static void Affinity(IList<V1PodAffinityTerm>? required, IList<V1WeightedPodAffinityTerm>? preferred, string path, IList<string> warnings)
    {
        for (var i = 0; i < required?.Count; i++)
        {
            NoSelector(required[i].LabelSelector, $"{path}.requiredDuringSchedulingIgnoredDuringExecution[{i}]", warnings);
        }

        for (var i = 0; i < preferred?.Count; i++)
        {
            NoSelector(preferred[i].PodAffinityTerm?.LabelSelector, $"{path}.preferredDuringSchedulingIgnoredDuringExecution[{i}].podAffinityTerm", warnings);
        }
    }

    private static void NoSelector(V1LabelSelector? selector, string path, IList<string> warnings)
    {
        if (selector is null)
        {
            warnings.Add($"{path}.labelSelector: a null labelSelector results in matching no pod");
        }
    }
}
