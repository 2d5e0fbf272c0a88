using System.Globalization;
using GrainKube.ApiMachinery.Tables;
using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

internal sealed class PodColumns : KindColumns<V1Pod>
{
    public PodColumns()
    {
        Name();
        Text("Ready", pod => PodSummary.Of(pod).Ready, "The aggregate readiness state of this pod for accepting traffic.");
        Text("Status", pod => PodSummary.Of(pod).Reason, "The aggregate status of the containers in this pod.");
        Cell(
            new TableColumn(
                "Restarts",
                "string",
                "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted."),
            (pod, _, now) => Restarts(PodSummary.Of(pod), now));
        Age();
        WideText("IP", pod => CellTexts.OrNone(pod.Status?.PodIPs?.FirstOrDefault()?.Ip), "Address of the pod.");
        WideText("Node", pod => CellTexts.OrNone(pod.Spec?.NodeName), "The node the pod runs on.");
        WideText("Nominated Node", pod => CellTexts.OrNone(pod.Status?.NominatedNodeName), "The node where preemption makes room for the pod.");
        WideText("Readiness Gates", Gates, "How many of the pod's readiness gates are met.");
    }

    private static string Restarts(PodSummary summary, DateTimeOffset now) => summary is { Restarts: > 0, LastRestart: { } last }
        ? string.Create(CultureInfo.InvariantCulture, $"{summary.Restarts} ({ApiMachinery.Tables.Age.Short(now - last)} ago)")
        : summary.Restarts.ToString(CultureInfo.InvariantCulture);

    private static string Gates(V1Pod pod)
    {
        if (pod.Spec?.ReadinessGates is not { Count: > 0 } gates)
        {
            return CellTexts.None;
        }

        var met = gates.Count(g => pod.Status?.Conditions?.FirstOrDefault(c => c.Type == g.ConditionType)?.Status == "True");
        return string.Create(CultureInfo.InvariantCulture, $"{met}/{gates.Count}");
    }
}
