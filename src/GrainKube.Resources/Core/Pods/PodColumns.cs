using System.Globalization;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Tables;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Made by hand, where other kinds declare theirs: pods are listed by the thousand, so what a row needs is computed once for each version of a pod.</summary>
internal sealed class PodColumns : IColumns
{
    public IReadOnlyList<TableColumn> Columns { get; } =
    [
        NameAndAge.Name,
        new("Ready", "string", "The aggregate readiness state of this pod for accepting traffic."),
        new("Status", "string", "The aggregate status of the containers in this pod."),
        new("Restarts", "string", "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted."),
        NameAndAge.CreatedAt,
        new("IP", "string", "Address of the pod.", Priority: 1),
        new("Node", "string", "The node the pod runs on.", Priority: 1),
        new("Nominated Node", "string", "The node where preemption makes room for the pod.", Priority: 1),
        new("Readiness Gates", "string", "How many of the pod's readiness gates are met.", Priority: 1),
    ];

    public IReadOnlyList<object?> Cells(KubeObject item, DateTimeOffset now)
    {
        var pod = item.Derive(PodSummary.Of);
        return
        [
            item.Header.Name, pod.Ready, pod.Reason, Restarts(pod, now), Age.Of(item.Header.CreationTimestamp, now), pod.Address, pod.Node, pod.NominatedNode, pod.Gates,
        ];
    }

    private static string Restarts(PodSummary pod, DateTimeOffset now) => pod is { Restarts: > 0, LastRestart: { } last }
        ? string.Create(CultureInfo.InvariantCulture, $"{pod.Restarts} ({Age.Short(now - last)} ago)")
        : pod.Restarts.ToString(CultureInfo.InvariantCulture);
}
