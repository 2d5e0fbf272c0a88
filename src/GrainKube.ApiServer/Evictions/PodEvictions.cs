using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Admission;
using GrainKube.ApiServer.Endpoints;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.ApiServer.Evictions;

/// <summary><c>POST …/pods/NAME/eviction</c>: deletes a pod if its disruption budget allows it.</summary>
internal sealed class PodEvictions(IObjectReader objects, WatchCache cache, ObjectWriter writer, DisruptionBudgets budgets, TimeProvider time) : IUnstoredResource
{
    private const int Attempts = 3;
    private static readonly GroupResource Pods = new("", "pods");

    public GroupResource Resource => Pods;

    public string Subresource => "eviction";

    public async ValueTask<UnstoredAnswer> CreateAsync(UnstoredRequest request, CancellationToken cancel)
    {
        var key = new ObjectKey("", "pods", request.Info.Namespace, request.Info.Name);
        var named = (string?)request.Body["metadata"]?["name"];
        if (!string.IsNullOrEmpty(named) && named != key.Name)
        {
            throw ApiException.BadRequest("name in URL does not match name in Eviction object");
        }

        var pod = await objects.FindAsync(key, cancel) ?? throw ApiException.NotFound(Pods, key.Name);
        if (NeedsBudget(pod))
        {
            await TakeAsync(pod, request, cancel);
        }

        var options = request.Body["deleteOptions"] as JsonObject;
        await writer.WriteAsync(
            key,
            new WriteRequest
            {
                Verb = WriteVerb.Delete,
                User = request.User,
                DryRun = request.DryRun || options?["dryRun"] is JsonArray { Count: > 0 },
                GracePeriodSeconds = options?["gracePeriodSeconds"] is JsonValue grace && grace.TryGetValue<long>(out var seconds) ? seconds : null,
                Preconditions = new Preconditions(
                    (string?)options?["preconditions"]?["uid"] ?? pod.Header.Uid,
                    long.TryParse((string?)options?["preconditions"]?["resourceVersion"], CultureInfo.InvariantCulture, out var revision) ? revision : null),
            },
            cancel);
        return new UnstoredAnswer(201, Success());
    }

    // A pod that has not started, has ended or is going costs no availability.
    private static bool NeedsBudget(KubeObject pod) => PodFacts.Of(pod) is { Phase: not ("" or "Pending"), IsFinished: false, IsTerminating: false };

    private async Task TakeAsync(KubeObject pod, UnstoredRequest request, CancellationToken cancel)
    {
        for (var attempt = 1; budgets.Of(pod) is { } item; attempt++)
        {
            var budget = item.As<V1PodDisruptionBudget>();
            if (!PodFacts.Of(pod).IsReady && DisruptionBudgets.LetsUnreadyGo(budget))
            {
                return;
            }

            DisruptionBudgets.Check(item, budget);
            try
            {
                await writer.WriteAsync(item.Key, Decrement(item, budget, pod, request), cancel);
                return;
            }
            catch (ApiException conflict) when (conflict.Status.Code == 409 && attempt < Attempts)
            {
                // Another eviction was faster: look at the budget as it left it.
                await cache.WaitUntilCurrentAsync(cancel);
            }
            catch (ApiException conflict) when (conflict.Status.Code == 409)
            {
                throw ApiException.TooManyRequests("Too many requests, please try again later.", retryAfterSeconds: 10);
            }
        }
    }

    private WriteRequest Decrement(KubeObject item, V1PodDisruptionBudget budget, KubeObject pod, UnstoredRequest request)
    {
        var patch = new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["disruptionsAllowed"] = budget.Status.DisruptionsAllowed - 1,
                ["disruptedPods"] = new JsonObject { [pod.Header.Name] = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) },
            },
        };
        return new WriteRequest
        {
            Verb = WriteVerb.Patch,
            PatchType = PatchType.Merge,
            Subresource = "status",
            Body = Encoding.UTF8.GetBytes(patch.ToJsonString()),
            User = request.User,
            DryRun = request.DryRun,
            Preconditions = new Preconditions(item.Header.Uid, item.Revision),
        };
    }

    private static JsonObject Success() => new()
    {
        ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201,
    };
}
