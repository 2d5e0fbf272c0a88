using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.PodTemplates;
using GrainKube.Controllers.Statuses;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Controllers.Deployments;

/// <summary>One reconciliation of one deployment: finds or makes the new ReplicaSet, takes the next step of the plan, writes the status.</summary>
internal sealed class Rollout
{
    private readonly KubeObject item;
    private readonly V1Deployment deployment;
    private readonly ReconcileContext context;
    private readonly JsonObject node;
    private readonly Conditions conditions;
    private readonly int wanted;
    private readonly int surge;
    private readonly int unavailable;
    private List<Replicas> old;
    private Replicas? current;

    public Rollout(KubeObject item, V1Deployment deployment, IReadOnlyList<KubeObject> sets, ReconcileContext context)
    {
        (this.item, this.deployment, this.context) = (item, deployment, context);
        node = item.ToNode();
        conditions = Conditions.Of(item);
        wanted = deployment.Spec.Replicas ?? 1;
        (surge, unavailable) = IsRecreate ? (0, 0) : IntOrPercent.Fenceposts(deployment.Spec.Strategy?.RollingUpdate, wanted);
        var all = sets.Select(Replicas.Of).ToList();

        // The oldest match is the one, should two templates ever be equal.
        current = all.Where(r => PodTemplate.Same(r.Item.ToNode()["spec"]?["template"], Template)).OrderBy(r => r.Created).ThenBy(r => r.Name, StringComparer.Ordinal).FirstOrDefault();
        old = [.. all.Where(r => r != current)];
    }

    private JsonNode Template => node["spec"]!["template"]!;

    private bool IsRecreate => deployment.Spec.Strategy?.Type == "Recreate";

    /// <summary>Takes one step; the change it makes wakes the next.</summary>
    public async Task StepAsync(CancellationToken cancel)
    {
        if (NotePause() || IsScaling())
        {
            if (current is not null)
            {
                await SyncCurrentAsync(cancel);
            }

            await ResizeAsync(RolloutPlan.Scale(wanted, surge, current, old), cancel);
            await CleanUpAsync(whileRolling: deployment.Spec.Paused == true, cancel);
            return;
        }

        if (IsRecreate)
        {
            await RecreateAsync(cancel);
        }
        else
        {
            await SyncCurrentAsync(cancel);
            if (current is not null)
            {
                await ResizeAsync(RolloutPlan.Roll(wanted, surge, unavailable, current, old), cancel);
            }
        }

        await CleanUpAsync(whileRolling: false, cancel);
    }

    /// <summary>Writes the status where it changed.</summary>
    /// <returns>When the progress deadline is to be looked at.</returns>
    public async Task<TimeSpan?> WriteStatusAsync(CancellationToken cancel)
    {
        var (fields, wake) = DeploymentStatus.Of(item, deployment, current, old, conditions, context.Now);
        if (StatusPatch.Changes(item, fields))
        {
            await StatusPatch.WriteAsync(item, fields, context, cancel);
        }

        return wake;
    }

    private bool NotePause()
    {
        var paused = deployment.Spec.Paused == true;
        if (deployment.Spec.ProgressDeadlineSeconds is not (null or int.MaxValue))
        {
            var reason = conditions.ReasonOf("Progressing");
            if (paused && reason is not ("DeploymentPaused" or "ProgressDeadlineExceeded"))
            {
                conditions.Set("Progressing", null, "DeploymentPaused", "Deployment is paused", context.Now, withUpdateTime: true);
            }
            else if (!paused && reason == "DeploymentPaused")
            {
                conditions.Set("Progressing", null, "DeploymentResumed", "Deployment is resumed", context.Now, withUpdateTime: true);
            }
        }

        return paused;
    }

    // Only the number of replicas changed since the sets were last told.
    private bool IsScaling() => (current is null ? old : old.Append(current)).Any(r =>
        r.Spec > 0
        && r.Annotations.TryGetValue(DeploymentAnnotations.DesiredReplicas, out var told)
        && told != wanted.ToString(CultureInfo.InvariantCulture));

    private async Task RecreateAsync(CancellationToken cancel)
    {
        var running = old.Where(r => r.Spec > 0).ToDictionary(r => r, _ => 0);
        if (running.Count > 0)
        {
            await ResizeAsync(running, cancel);
            return;
        }

        var oldPodsLeft = old.Any(r => context.Objects.OwnedBy<V1Pod>(r.Item.Header.Uid).Any(p => !PodFacts.Of(p).IsFinished));
        if (oldPodsLeft)
        {
            return;
        }

        await SyncCurrentAsync(cancel);
        if (current is not null && current.Spec != wanted)
        {
            await ResizeAsync(new Dictionary<Replicas, int> { [current] = wanted }, cancel);
        }
    }

    /// <summary>Makes the new set where there is none, gives it the highest revision, and keeps its annotations in step with the deployment's.</summary>
    private async Task SyncCurrentAsync(CancellationToken cancel)
    {
        var revision = (old.Count == 0 ? 0 : old.Max(r => r.Revision)) + 1;
        if (current is null)
        {
            await CreateCurrentAsync(revision, cancel);
        }
        else
        {
            await UpdateCurrentAsync(Math.Max(revision, current.Revision), cancel);
            if (conditions["Progressing"] is null && deployment.Spec.ProgressDeadlineSeconds is not (null or int.MaxValue))
            {
                conditions.Set("Progressing", true, "FoundNewReplicaSet", $"Found new replica set \"{current.Name}\"", context.Now, withUpdateTime: true);
            }
        }

        if (current is not null && RevisionOfDeployment != current.Revision && current.Revision > 0)
        {
            // By way of /status, where annotations do not raise the generation.
            await context.Objects.PatchAsync(
                item.Key, Annotations((DeploymentAnnotations.Revision, current.Revision.ToString(CultureInfo.InvariantCulture))), "status", new Preconditions(item.Header.Uid), cancel);
        }
    }

    private long RevisionOfDeployment =>
        long.TryParse((string?)node["metadata"]?["annotations"]?[DeploymentAnnotations.Revision], CultureInfo.InvariantCulture, out var revision) ? revision : 0;

    private async Task CreateCurrentAsync(long revision, CancellationToken cancel)
    {
        var collisions = deployment.Status?.CollisionCount ?? 0;
        var hash = PodTemplate.Hash(Template, collisions);
        var size = IsRecreate ? wanted : Math.Max(0, Math.Min(wanted, wanted + surge - old.Sum(r => r.Spec)));
        try
        {
            var made = await context.Objects.CreateAsync(NewReplicaSet.For(item, node, hash, size, wanted, wanted + surge, revision), cancel);
            current = Replicas.Of(made);
            if (size > 0)
            {
                Say(current, 0, size);
            }
        }
        catch (ApiException taken) when (taken.Status.Reason == "AlreadyExists")
        {
            var name = $"{item.Header.Name}-{hash}";
            await context.Objects.Cache.WaitUntilCurrentAsync(cancel);
            var holder = context.Objects.Get(context.Objects.KeyOf<V1ReplicaSet>(item.Key.Namespace, name));
            if (holder is not null && (holder.Header.Controller?.Uid != item.Header.Uid || !PodTemplate.Same(holder.ToNode()["spec"]?["template"], Template)))
            {
                await StatusPatch.WriteAsync(item, new JsonObject { ["collisionCount"] = collisions + 1 }, context, cancel);
            }

            throw;
        }
        catch (ApiException refused)
        {
            if (deployment.Spec.ProgressDeadlineSeconds is not (null or int.MaxValue))
            {
                conditions.Set(
                    "Progressing", false, "ReplicaSetCreateError", $"Failed to create new replica set \"{item.Header.Name}-{hash}\": {refused.Message}", context.Now, withUpdateTime: true);
                await WriteStatusAsync(cancel);
            }

            context.Events.Warning(item, "ReplicaSetCreateError", $"Failed to create new replica set \"{item.Header.Name}-{hash}\": {refused.Message}");
            throw;
        }

        if (deployment.Spec.ProgressDeadlineSeconds is not (null or int.MaxValue))
        {
            conditions.Set("Progressing", true, "NewReplicaSetCreated", $"Created new replica set \"{current.Name}\"", context.Now, withUpdateTime: true);
        }
    }

    private async Task UpdateCurrentAsync(long revision, CancellationToken cancel)
    {
        var wantedAnnotations = DeploymentAnnotations.Inherited(node).ToDictionary();
        var text = revision.ToString(CultureInfo.InvariantCulture);
        if (current!.Revision != revision)
        {
            wantedAnnotations[DeploymentAnnotations.Revision] = text;
            if (current.Revision > 0)
            {
                var history = current.Annotations.TryGetValue(DeploymentAnnotations.RevisionHistory, out var known) && known.Length > 0 ? known + "," : "";
                wantedAnnotations[DeploymentAnnotations.RevisionHistory] = history + current.Revision.ToString(CultureInfo.InvariantCulture);
            }
        }

        var missing = wantedAnnotations.Where(a => !current.Annotations.TryGetValue(a.Key, out var value) || value != a.Value).Select(a => (a.Key, a.Value)).ToArray();
        var minReady = deployment.Spec.MinReadySeconds ?? 0;
        if (missing.Length == 0 && (current.Item.As<V1ReplicaSet>().Spec.MinReadySeconds ?? 0) == minReady)
        {
            return;
        }

        var patch = Annotations(missing);
        patch["spec"] = new JsonObject { ["minReadySeconds"] = minReady };
        current = Replicas.Of(await context.Objects.PatchAsync(current.Item.Key, patch, "", new Preconditions(current.Item.Header.Uid), cancel));
    }

    private async Task ResizeAsync(Dictionary<Replicas, int> sizes, CancellationToken cancel)
    {
        var (desired, most) = (wanted.ToString(CultureInfo.InvariantCulture), (wanted + surge).ToString(CultureInfo.InvariantCulture));
        var all = current is null ? old : [.. old, current];
        foreach (var set in all)
        {
            var size = sizes.GetValueOrDefault(set, set.Spec);
            var told = size == 0 && set.Spec == 0
                ? true
                : set.Annotations.GetValueOrDefault(DeploymentAnnotations.DesiredReplicas) == desired && set.Annotations.GetValueOrDefault(DeploymentAnnotations.MaxReplicas) == most;
            if (size == set.Spec && told)
            {
                continue;
            }

            var patch = Annotations((DeploymentAnnotations.DesiredReplicas, desired), (DeploymentAnnotations.MaxReplicas, most));
            patch["spec"] = new JsonObject { ["replicas"] = size };
            var changed = Replicas.Of(await context.Objects.PatchAsync(set.Item.Key, patch, "", new Preconditions(set.Item.Header.Uid), cancel));
            if (size != set.Spec)
            {
                Say(set, set.Spec, size);
            }

            current = set == current ? changed : current;
            old = [.. old.Select(r => r == set ? changed : r)];
        }
    }

    private void Say(Replicas set, int from, int to) => context.Events.Normal(
        item, "ScalingReplicaSet", $"Scaled {(to > from ? "up" : "down")} replica set {set.Name} from {from} to {to}");

    /// <summary>Deletes the oldest revisions beyond the limit, once the rollout is complete or while it is paused.</summary>
    private async Task CleanUpAsync(bool whileRolling, CancellationToken cancel)
    {
        if (!whileRolling && (current is null || !RolloutPlan.IsSaturated(current, wanted)))
        {
            return;
        }

        foreach (var set in RolloutPlan.Superfluous(old, deployment.Spec.RevisionHistoryLimit ?? 10))
        {
            await context.Objects.DeleteAsync(set.Item.Key, new Preconditions(set.Item.Header.Uid, set.Item.Revision), cancel);
        }
    }

    private static JsonObject Annotations(params (string Name, string Value)[] annotations)
    {
        var map = new JsonObject();
        foreach (var (name, value) in annotations)
        {
            map[name] = value;
        }

        return new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = map } };
    }
}
