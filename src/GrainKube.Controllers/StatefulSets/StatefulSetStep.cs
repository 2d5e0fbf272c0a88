using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.PodTemplates;
using GrainKube.Controllers.Revisions;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Controllers.StatefulSets;

/// <summary>Takes one step of the plan: claims before pods, one refusal ends it.</summary>
internal sealed class StatefulSetStep(KubeObject set, JsonNode node, V1StatefulSet view, Revision current, Revision update, ReconcileContext context)
{
    private readonly StatefulClaimKeeper claims = new(set, node, view, context);
    private readonly StatefulSetRules rules = StatefulSetRules.Of(view.Spec);

    /// <exception cref="ApiException">Something was refused.</exception>
    public async Task TakeAsync(IReadOnlyList<StatefulPod> pods, CancellationToken cancel)
    {
        foreach (var pod in pods)
        {
            await KeepAsync(pod, cancel);
        }

        var plan = StatefulSetPlan.For(rules, view.Status?.CurrentReplicas ?? 0, update.Name, pods, claims.MayCreatePod);
        foreach (var pod in plan.Create)
        {
            await CreateAsync(pod, cancel);
        }

        foreach (var pod in plan.Replace)
        {
            Announce(pod);
            await DeleteAsync(pod, cancel);
        }

        foreach (var pod in plan.Delete)
        {
            await DeleteAsync(pod, cancel);
        }
    }

    // What must be true of every pod that is there, whatever comes next.
    private async Task KeepAsync(StatefulPod pod, CancellationToken cancel)
    {
        var wanted = rules.Contains(pod.Ordinal);
        await claims.KeepOwnersAsync(pod, wanted, cancel);
        if (pod.IsTerminating || !wanted)
        {
            return;
        }

        if (pod.IsPending)
        {
            await claims.CreateMissingAsync(pod.Ordinal, cancel);
        }

        if (StatefulPodTemplate.MissingIdentity(pod.Item, pod.Ordinal) is { } labels)
        {
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels } };
            await context.Objects.PatchAsync(pod.Item.Key, patch, "", new Preconditions(pod.Item.Header.Uid), cancel);
            context.Events.Normal(set, "SuccessfulUpdate", $"update {About(pod.Item.Header.Name)} successful");
        }
    }

    private async Task CreateAsync(NewStatefulPod pod, CancellationToken cancel)
    {
        var revision = pod.IsCurrent ? current : update;
        var name = Ordinals.NameOf(set.Header.Name, pod.Ordinal);
        try
        {
            await claims.CreateMissingAsync(pod.Ordinal, cancel);
            var template = RevisionData.Template(revision.Data) ?? node["spec"]!["template"]!;
            await context.Objects.CreateAsync(StatefulPodTemplate.Pod(set, node, template, revision.Name, pod.Ordinal), cancel);
            context.Events.Normal(set, "SuccessfulCreate", $"create {About(name)} successful");
        }
        catch (ApiException refused) when (PodsFromTemplate.IsNamespaceGoing(refused))
        {
            // Nothing is to be made there any more.
        }
        catch (ApiException refused)
        {
            context.Events.Warning(set, "FailedCreate", $"create {About(name)} failed error: {refused.Message}");
            throw;
        }
    }

    private void Announce(StatefulPod pod)
    {
        if (pod.IsFailed)
        {
            context.Events.Warning(set, "RecreatingFailedPod", $"StatefulSet {set.Key.Namespace}/{set.Header.Name} is recreating failed Pod {pod.Item.Header.Name}");
        }
        else
        {
            context.Events.Normal(set, "RecreatingTerminatedPod", $"StatefulSet {set.Key.Namespace}/{set.Header.Name} is recreating terminated Pod {pod.Item.Header.Name}");
        }
    }

    private async Task DeleteAsync(StatefulPod pod, CancellationToken cancel)
    {
        if (await context.Objects.DeleteAsync(pod.Item.Key, new Preconditions(pod.Item.Header.Uid), cancel))
        {
            context.Events.Normal(set, "SuccessfulDelete", $"delete {About(pod.Item.Header.Name)} successful");
        }
    }

    private string About(string pod) => $"Pod {pod} in StatefulSet {set.Header.Name}";
}
