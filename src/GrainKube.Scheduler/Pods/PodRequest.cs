using System.Text.Json;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Core.Pods;
using GrainKube.Scheduler.Nodes;
using k8s.Models;

namespace GrainKube.Scheduler.Pods;

/// <summary>A pod as the scheduler sees it: read once from its bytes, then only numbers and small lists.</summary>
internal sealed class PodRequest
{
    private PodRequest() { }

    public required ObjectKey Key { get; init; }
    public required string Uid { get; init; }
    public required string NodeName { get; init; }

    /// <summary>Generation of the pod's spec.</summary>
    public required long Generation { get; init; }
    public required string SchedulerName { get; init; }
    public required int Priority { get; init; }
    public required bool IsGated { get; init; }
    public required DateTimeOffset Created { get; init; }

    /// <summary>What it asks for, <c>pods: 1</c> included.</summary>
    public required ResourceVector Requests { get; init; }

    /// <summary>The same with upstream's assumed 100m CPU and 200 MB for containers that say nothing; only scores look at it.</summary>
    public required ResourceVector AssumedRequests { get; init; }
    public required IReadOnlyList<HostPort> HostPorts { get; init; }

    /// <summary>An array: it is walked once for each node.</summary>
    public required KeyValuePair<string, string>[] NodeSelector { get; init; }
    public required V1NodeSelector? RequiredAffinity { get; init; }
    public required IReadOnlyList<V1PreferredSchedulingTerm> PreferredAffinity { get; init; }
    public required IReadOnlyList<V1Toleration> Tolerations { get; init; }

    /// <summary>Claims of its volumes in its namespace, and whether they are made for it.</summary>
    public required IReadOnlyList<(string Name, bool IsEphemeral)> Claims { get; init; }

    /// <summary>The spec as bytes: the same bytes ask for the same.</summary>
    private ReadOnlyMemory<byte> Spec { get; init; }

    /// <summary>True where a later version of the pod changes nothing for the scheduler.</summary>
    public bool AsksTheSameAs(PodRequest later) => Spec.Span.SequenceEqual(later.Spec.Span);

    public static PodRequest Of(KubeObject pod, ResourceNames names) => pod.Derive(p => Read(p, names));

    private static PodRequest Read(KubeObject item, ResourceNames names)
    {
        var pod = item.As<V1Pod>();
        var spec = pod.Spec;
        var (requests, assumed) = PodResources.Of(spec, names);
        var affinity = spec.Affinity?.NodeAffinity;
        return new PodRequest
        {
            Spec = SpecOf(item.Json),
            Key = item.Key,
            Uid = item.Header.Uid,
            NodeName = spec.NodeName ?? "",
            Generation = item.Header.Generation,
            SchedulerName = spec.SchedulerName ?? "default-scheduler",
            Priority = spec.Priority ?? 0,
            IsGated = spec.SchedulingGates is { Count: > 0 },
            Created = item.Header.CreationTimestamp ?? DateTimeOffset.MinValue,
            Requests = requests,
            AssumedRequests = assumed,
            HostPorts = [.. HostPort.Of(spec)],
            Claims = ClaimsOf(item, spec),
            NodeSelector = [.. spec.NodeSelector ?? new Dictionary<string, string>()],
            RequiredAffinity = affinity?.RequiredDuringSchedulingIgnoredDuringExecution,
            PreferredAffinity = affinity?.PreferredDuringSchedulingIgnoredDuringExecution?.AsReadOnly() ?? (IReadOnlyList<V1PreferredSchedulingTerm>)[],
            Tolerations = spec.Tolerations?.AsReadOnly() ?? (IReadOnlyList<V1Toleration>)[],
        };
    }

    private static IReadOnlyList<(string Name, bool IsEphemeral)> ClaimsOf(KubeObject pod, V1PodSpec spec)
    {
        var names = PodClaims.Of(pod);
        return names.Count == 0 ? [] : [.. names.Select(n => (n, spec.Volumes.Any(v => v.Ephemeral is not null && PodClaims.OfEphemeral(pod.Key.Name, v.Name) == n)))];
    }

    private static ReadOnlyMemory<byte> SpecOf(ReadOnlyMemory<byte> pod)
    {
        var json = new Utf8JsonReader(pod.Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var found = json.ValueTextEquals("spec"u8);
            json.Read();
            var start = (int)json.TokenStartIndex;
            json.Skip();
            if (found)
            {
                return pod[start..(int)json.BytesConsumed];
            }
        }

        return default;
    }
}
