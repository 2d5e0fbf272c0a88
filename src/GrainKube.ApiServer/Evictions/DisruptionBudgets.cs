using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.ApiServer.Admission;
using GrainKube.ApiServer.Endpoints;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.ApiServer.Evictions;

/// <summary>Which budget speaks for a pod, and the taking of one disruption from it. The rules and texts are upstream's (<c>policy/v1 Eviction</c>).</summary>
/// <remarks>A disruption is taken by a write that holds only if the budget is as it was read: two evictions never take the same one.</remarks>
internal sealed class DisruptionBudgets(IObjectReader objects, WatchCache cache, ObjectWriter writer, TimeProvider time)
{
    /// <summary>Evictions that the controller has not confirmed; more than this and it cannot keep up.</summary>
    private const int MostUnconfirmed = 2000;
    private const int Attempts = 50;
    private const string Refused = "Cannot evict pod as it would violate the pod's disruption budget.";
    private static readonly GroupResource Budgets = new("policy", "poddisruptionbudgets");

    /// <summary>Asks the budgets for a pod that is running.</summary>
    /// <returns>True where the pod is let go only as it stands, because it does not work; false where a budget gave its consent or none covers the pod.</returns>
    /// <exception cref="ApiException">429 where the budget is used up or not yet counted; 500 where several budgets cover the pod.</exception>
    public async Task<bool> TakeAsync(KubeObject pod, bool isReady, bool dryRun, CancellationToken cancel)
    {
        for (var attempt = 1; Of(pod) is { } item; attempt++)
        {
            var budget = item.As<V1PodDisruptionBudget>();
            if (!isReady && LetsUnreadyGo(budget))
            {
                return true;
            }

            Check(item, budget);
            try
            {
                await writer.WriteAsync(item.Key, Decrement(item, budget, pod, dryRun), cancel);
                return false;
            }
            catch (ApiException conflict) when (conflict.Status.Code is 409 or 404 && attempt < Attempts)
            {
                // Another eviction or the controller was faster: look at the budget as they left it.
                await cache.WaitUntilCurrentAsync(cancel);
            }
            catch (ApiException conflict) when (conflict.Status.Code == 409)
            {
                throw ApiException.Timeout($"couldn't update PodDisruptionBudget \"{item.Header.Name}\" due to conflicts", retryAfterSeconds: 10);
            }
        }

        return false;
    }

    /// <returns>The budget that covers the pod, or null.</returns>
    /// <exception cref="ApiException">500 where several do: upstream cannot decide either.</exception>
    private KubeObject? Of(KubeObject pod)
    {
        var covering = objects.All(Budgets, pod.Key.Namespace)
            .Where(b => b.Derive(static b => LabelSelector.From(b.As<V1PodDisruptionBudget>().Spec?.Selector)).Matches(pod.Header.Labels))
            .Take(2)
            .ToList();
        return covering.Count <= 1 ? covering.FirstOrDefault() : throw new ApiException(new Status
        {
            Code = 500, Reason = "", Message = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
        });
    }

    /// <summary>A pod that does not work may go without asking, where its budget says so or where the budget's pods are healthy enough.</summary>
    private static bool LetsUnreadyGo(V1PodDisruptionBudget budget) =>
        budget.Spec.UnhealthyPodEvictionPolicy == "AlwaysAllow"
        || (budget.Status is { CurrentHealthy: var healthy, DesiredHealthy: var desired } && healthy >= desired && desired > 0);

    private static void Check(KubeObject item, V1PodDisruptionBudget budget)
    {
        var name = item.Header.Name;
        if ((budget.Status?.ObservedGeneration ?? 0) < item.Header.Generation)
        {
            throw TooMany($"The disruption budget {name} is still being processed by the server.", retryAfterSeconds: 10);
        }

        if (budget.Status!.DisruptionsAllowed < 0)
        {
            throw ApiException.Forbidden(Budgets, name, "pdb disruptions allowed is negative");
        }

        if (budget.Status.DisruptedPods?.Count > MostUnconfirmed)
        {
            throw ApiException.Forbidden(Budgets, name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        }

        if (budget.Status.DisruptionsAllowed == 0)
        {
            var failed = budget.Status.Conditions?.FirstOrDefault(c => c is { Type: "DisruptionAllowed", Reason: "SyncFailed" });
            throw TooMany(
                failed is not null
                    ? $"The disruption budget {name} does not allow evicting pods currently because it failed sync: {failed.Message}"
                    : $"The disruption budget {name} needs {budget.Status.DesiredHealthy} healthy pods and has {budget.Status.CurrentHealthy} currently",
                retryAfterSeconds: 0);
        }
    }

    private WriteRequest Decrement(KubeObject item, V1PodDisruptionBudget budget, KubeObject pod, bool dryRun)
    {
        var now = GoTime.Format(time.GetUtcNow());
        var left = budget.Status.DisruptionsAllowed - 1;
        var status = new JsonObject { ["disruptionsAllowed"] = left, ["disruptedPods"] = new JsonObject { [pod.Header.Name] = now } };
        if (left == 0)
        {
            status["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "DisruptionAllowed",
                ["status"] = "False",
                ["reason"] = "InsufficientPods",
                ["message"] = "",
                ["lastTransitionTime"] = now,
                ["observedGeneration"] = budget.Status.ObservedGeneration,
            });
        }

        return new WriteRequest
        {
            Verb = WriteVerb.Patch,
            PatchType = PatchType.StrategicMerge,
            Subresource = "status",
            Body = Encoding.UTF8.GetBytes(new JsonObject { ["status"] = status }.ToJsonString()),
            User = UserInfo.Server, // who evicts need not be one who may write budgets
            DryRun = dryRun,
            Preconditions = new Preconditions(item.Header.Uid, item.Revision),
        };
    }

    private static ApiException TooMany(string cause, int retryAfterSeconds) => new(new Status
    {
        Code = 429, Reason = "TooManyRequests", Message = Refused, RetryAfterSeconds = retryAfterSeconds, Causes = [new StatusCause("DisruptionBudget", cause, "")],
    });
}
