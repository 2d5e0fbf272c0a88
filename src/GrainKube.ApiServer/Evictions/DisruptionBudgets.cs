using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.ApiServer.Admission;
using k8s.Models;

namespace GrainKube.ApiServer.Evictions;

/// <summary>Which budget speaks for a pod, and whether it lets the pod go. The rules are upstream's (<c>policy/v1 Eviction</c>).</summary>
internal sealed class DisruptionBudgets(IObjectReader objects)
{
    private static readonly GroupResource Budgets = new("policy", "poddisruptionbudgets");

    /// <returns>The budget that covers the pod, or null.</returns>
    /// <exception cref="ApiException">500 where several do: upstream cannot decide either.</exception>
    public KubeObject? Of(KubeObject pod)
    {
        var covering = objects.All(Budgets, pod.Key.Namespace)
            .Where(b => LabelSelector.From(b.As<V1PodDisruptionBudget>().Spec.Selector).Matches(pod.Header.Labels))
            .ToList();
        return covering.Count <= 1 ? covering.FirstOrDefault()
            : throw ApiException.InternalError("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
    }

    /// <summary>A pod that does not work may go without asking, where its budget says so or where the budget's pods are healthy enough.</summary>
    public static bool LetsUnreadyGo(V1PodDisruptionBudget budget) =>
        budget.Spec.UnhealthyPodEvictionPolicy == "AlwaysAllow"
        || (budget.Status is { CurrentHealthy: var healthy, DesiredHealthy: var desired } && healthy >= desired && desired > 0);

    /// <exception cref="ApiException">429 where the budget is used up or not yet counted.</exception>
    public static void Check(KubeObject item, V1PodDisruptionBudget budget)
    {
        if ((budget.Status?.ObservedGeneration ?? 0) < item.Header.Generation)
        {
            throw Refusal(
                "Cannot evict pod as it would violate the pod's disruption budget.",
                $"The disruption budget {item.Header.Name} is still being processed by the server.",
                retryAfterSeconds: 10);
        }

        if (budget.Status!.DisruptionsAllowed <= 0)
        {
            throw Refusal(
                "Cannot evict pod as it would violate the pod's disruption budget.",
                $"The disruption budget {item.Header.Name} needs {budget.Status.DesiredHealthy} healthy pods and has {budget.Status.CurrentHealthy} currently",
                retryAfterSeconds: 0);
        }
    }

    private static ApiException Refusal(string message, string cause, int retryAfterSeconds) => new(new Status
    {
        Code = 429, Reason = "TooManyRequests", Message = message, RetryAfterSeconds = retryAfterSeconds, Causes = [new StatusCause("DisruptionBudget", cause, "")],
    });
}
