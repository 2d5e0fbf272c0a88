using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Quantities;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Controllers.HorizontalPodAutoscaling;

/// <summary>A pod of a scale's target with what it uses of one resource.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Group">Whether its figure counts.</param>
/// <param name="Usage">In thousandths; null where there is no figure.</param>
/// <param name="Request">What it asks for, in thousandths; null where one of its containers, or the pod that asks for other things as a whole, asks for nothing.</param>
/// <param name="WithoutRequest">The container that asks for nothing; empty where it is the pod as a whole.</param>
internal sealed record MeasuredPod(string Name, PodGroup Group, long? Usage, long? Request, string WithoutRequest)
{
    private static readonly TimeSpan CpuInitialization = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan InitialReadiness = TimeSpan.FromSeconds(30);

    /// <param name="pod">The pod.</param>
    /// <param name="usage">Its figure, with the moment and the length of the window it comes from; null where there is none.</param>
    /// <param name="resource"><c>cpu</c> or another.</param>
    /// <param name="container">Only this container; empty for the whole pod.</param>
    /// <param name="now">The time.</param>
    public static MeasuredPod Of(KubeObject pod, (long Milli, DateTimeOffset Time, TimeSpan Window)? usage, string resource, string container, DateTimeOffset now)
    {
        var view = pod.As<V1Pod>();
        var (request, without) = RequestOf(pod, view, resource, container);
        return new MeasuredPod(pod.Header.Name, GroupOf(pod, view, usage is { } u ? (u.Time, u.Window) : null, resource, now), usage?.Milli, request, without);
    }

    private static PodGroup GroupOf(KubeObject pod, V1Pod view, (DateTimeOffset Time, TimeSpan Window)? figure, string resource, DateTimeOffset now)
    {
        var facts = PodFacts.Of(pod);
        if (facts.IsTerminating || facts.Phase == "Failed")
        {
            return PodGroup.Ignored;
        }

        if (facts.Phase == "Pending")
        {
            return PodGroup.Unready;
        }

        return figure is not { } known ? PodGroup.Missing
            : resource == "cpu" && IsUnready(view, known, now) ? PodGroup.Unready : PodGroup.Ready;
    }

    /// <summary>What a pod burns while it starts says nothing of its load.</summary>
    private static bool IsUnready(V1Pod pod, (DateTimeOffset Time, TimeSpan Window) figure, DateTimeOffset now)
    {
        var condition = pod.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready");
        if (condition is null || pod.Status?.StartTime is not { } start)
        {
            return true;
        }

        var started = new DateTimeOffset(start.ToUniversalTime(), TimeSpan.Zero);
        var turned = condition.LastTransitionTime is { } at ? new DateTimeOffset(at.ToUniversalTime(), TimeSpan.Zero) : DateTimeOffset.MinValue;
        return started + CpuInitialization > now
            ? condition.Status == "False" || figure.Time < turned + figure.Window
            : condition.Status == "False" && started + InitialReadiness > turned;
    }

    private static (long? Request, string Without) RequestOf(KubeObject item, V1Pod pod, string resource, string container)
    {
        if (container.Length == 0 && pod.Spec.Resources?.Requests is { Count: > 0 })
        {
            var overhead = pod.Spec.Overhead is { } beside && beside.TryGetValue(resource, out var more) ? more.ToQuantity() : Quantity.Zero;
            return PodRequests.OfPod(item.ToNode()["spec"]!.AsObject()).TryGetValue(resource, out var whole) ? ((whole + overhead).MilliValue, "") : (null, "");
        }

        long sum = 0;
        foreach (var each in pod.Spec.Containers.Concat((pod.Spec.InitContainers ?? []).Where(c => c.RestartPolicy == "Always")))
        {
            if (container.Length > 0 && each.Name != container)
            {
                continue;
            }

            if (each.Resources?.Requests is not { } requests || !requests.TryGetValue(resource, out var asked))
            {
                return (null, each.Name);
            }

            sum += asked.ToQuantity().MilliValue;
        }

        return (sum, "");
    }
}
