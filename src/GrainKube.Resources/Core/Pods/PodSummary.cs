using System.Globalization;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>A pod in the few words of <c>kubectl get pods</c>. It stays with the object, so it holds on to nothing larger.</summary>
/// <param name="Ready">Containers that are ready, of all that run: <c>1/2</c>.</param>
/// <param name="Reason">What the pod is doing or suffering from.</param>
/// <param name="Restarts">How often containers were restarted.</param>
/// <param name="LastRestart">When the last of them ended.</param>
internal sealed record PodSummary(
    string Ready, string Reason, int Restarts, DateTimeOffset? LastRestart, string Address, string Node, string NominatedNode, string Gates)
{
    public static PodSummary Of(KubeObject item)
    {
        var pod = item.As<V1Pod>();
        var look = new PodLook(pod);
        return new PodSummary(
            look.Ready,
            look.Reason,
            look.Restarts,
            look.LastRestart,
            CellTexts.OrNone(pod.Status?.PodIPs?.FirstOrDefault()?.Ip),
            CellTexts.OrNone(pod.Spec?.NodeName),
            CellTexts.OrNone(pod.Status?.NominatedNodeName),
            GatesOf(pod));
    }

    private static string GatesOf(V1Pod pod)
    {
        if (pod.Spec?.ReadinessGates is not { Count: > 0 } gates)
        {
            return CellTexts.None;
        }

        var met = gates.Count(g => pod.Status?.Conditions?.FirstOrDefault(c => c.Type == g.ConditionType)?.Status == "True");
        return string.Create(CultureInfo.InvariantCulture, $"{met}/{gates.Count}");
    }
}
