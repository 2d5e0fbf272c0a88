using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiServer.Endpoints;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.ApiServer.Evictions;

/// <summary><c>POST …/pods/NAME/eviction</c>: deletes a pod if its disruption budget allows it.</summary>
internal sealed class PodEvictions(WatchCache cache, ObjectWriter writer, DisruptionBudgets budgets, TimeProvider time) : IUnstoredResource
{
    private const int Attempts = 50;
    private static readonly GroupResource Pods = new("", "pods");

    public GroupResource Resource => Pods;

    public string Subresource => "eviction";

    public async ValueTask<UnstoredAnswer> CreateAsync(UnstoredRequest request, CancellationToken cancel)
    {
        var eviction = Eviction.Read(request);
        var key = new ObjectKey("", "pods", request.Info.Namespace, request.Info.Name);
        for (var attempt = 1; ; attempt++)
        {
            // Pod and budgets as every acknowledged write left them.
            await cache.WaitUntilCurrentAsync(cancel);
            var pod = cache.Get(key) ?? throw ApiException.NotFound(Pods, key.Name);
            eviction.CheckPreconditions(pod);
            var facts = PodFacts.Of(pod);
            var asItStands = CostsNothing(facts)
                ? !facts.IsTerminating
                : await budgets.TakeAsync(pod, facts.IsReady, eviction.DryRun, cancel);
            try
            {
                await EvictAsync(pod, asItStands, eviction, request.User, cancel);
                return new UnstoredAnswer(201, Success());
            }
            catch (ApiException changed) when (changed.Status.Code == 409 && asItStands && eviction.Revision is null && attempt < Attempts)
            {
                // It may have become a pod that a budget protects.
            }
        }
    }

    /// <summary>A pod that has not started, has ended or is going costs no availability.</summary>
    private static bool CostsNothing(PodFacts facts) => facts.Phase is "" or "Pending" || facts.IsFinished || facts.IsTerminating;

    private async Task EvictAsync(KubeObject pod, bool asItStands, Eviction eviction, UserInfo user, CancellationToken cancel)
    {
        var revision = eviction.Revision ?? (asItStands ? pod.Revision : null);
        var marked = await writer.WriteAsync(
            pod.Key,
            new WriteRequest
            {
                Verb = WriteVerb.Patch,
                PatchType = PatchType.StrategicMerge,
                Subresource = "status",
                Body = Encoding.UTF8.GetBytes(Condition(pod).ToJsonString()),
                User = user,
                IsPart = true,
                DryRun = eviction.DryRun,
                Preconditions = new Preconditions(pod.Header.Uid, revision),
            },
            cancel);
        await writer.WriteAsync(
            pod.Key,
            new WriteRequest
            {
                Verb = WriteVerb.Delete,
                User = user,
                IsPart = true,
                DryRun = eviction.DryRun,
                GracePeriodSeconds = eviction.GracePeriodSeconds,
                Propagation = eviction.Propagation,
                Preconditions = new Preconditions(pod.Header.Uid, revision is null || eviction.DryRun ? revision : marked.Revision),
            },
            cancel);
    }

    /// <summary>Tells whoever looks at the failed pod, such as a Job's failure policy, that it was not its own fault.</summary>
    private JsonObject Condition(KubeObject pod)
    {
        var condition = new JsonObject
        {
            ["type"] = "DisruptionTarget",
            ["status"] = "True",
            ["reason"] = "EvictionByEvictionAPI",
            ["message"] = "Eviction API: evicting",
            ["lastTransitionTime"] = GoTime.Format(time.GetUtcNow()),
        };
        if (pod.Header.Generation > 0)
        {
            condition["observedGeneration"] = pod.Header.Generation;
        }

        return new JsonObject { ["status"] = new JsonObject { ["conditions"] = new JsonArray(condition) } };
    }

    private static JsonObject Success() => new()
    {
        ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201,
    };
}
