using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Validation;
using k8s;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>The few fields of a pod spec that may change, and how.</summary>
internal static class PodUpdateRules
{
    private const string Updatable =
        "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
        + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    public static void Check(V1PodSpec next, V1PodSpec current, FieldErrors errors)
    {
        if (next.Containers?.Count != current.Containers?.Count)
        {
            errors.At("containers").Forbidden("pod updates may not add or remove containers");
            return;
        }

        if (next.InitContainers?.Count != current.InitContainers?.Count)
        {
            errors.At("initContainers").Forbidden("pod updates may not add or remove containers");
            return;
        }

        Deadline(next.ActiveDeadlineSeconds, current.ActiveDeadlineSeconds, errors.At("activeDeadlineSeconds"));
        TolerationRules.OnlyAdded(next.Tolerations, current.Tolerations, errors.At("tolerations"));
        var gates = current.SchedulingGates?.Select(g => g.Name).ToHashSet() ?? [];
        for (var i = 0; i < next.SchedulingGates?.Count; i++)
        {
            if (!gates.Contains(next.SchedulingGates[i].Name))
            {
                errors.At("schedulingGates").At(i).At("name")
                    .Forbidden($"only deletion is allowed, but found new scheduling gate '{next.SchedulingGates[i].Name}'");
            }
        }

        var (changed, before) = (Json(next), Json(current));
        TakeBackAllowed(changed, before, errors);
        if (!JsonNode.DeepEquals(changed, before))
        {
            errors.Forbidden($"pod updates may not change fields other than {Updatable}\n{JsonDifference.Of(before, changed)}");
        }
    }

    /// <summary>Debugging containers can be added and never changed or taken away.</summary>
    public static void EphemeralContainers(V1PodSpec? next, V1PodSpec? current, FieldErrors errors)
    {
        foreach (var old in current?.EphemeralContainers ?? [])
        {
            var now = next?.EphemeralContainers?.FirstOrDefault(c => c.Name == old.Name);
            if (now is null)
            {
                errors.Forbidden($"existing ephemeral containers \"{old.Name}\" may not be removed\n");
            }
            else if (!ModelEquality.AreSame(now, old))
            {
                errors.Forbidden($"existing ephemeral containers \"{old.Name}\" may not be changed\n");
            }
        }
    }

    private static void Deadline(long? next, long? current, FieldErrors errors)
    {
        if (next is null && current is not null)
        {
            errors.Invalid(null, "must not update from a positive integer to nil value");
        }
        else if (next > current)
        {
            errors.Invalid(next, "must be less than or equal to previous value");
        }
    }

    private static void TakeBackAllowed(JsonObject changed, JsonObject before, FieldErrors errors)
    {
        foreach (var list in (string[])["containers", "initContainers"])
        {
            foreach (var (now, old) in changed.Objects(list).Zip(before.Objects(list)))
            {
                now.CarryOver("image", old);
            }
        }

        changed.CarryOver("activeDeadlineSeconds", before);
        changed.CarryOver("tolerations", before);
        changed.CarryOver("schedulingGates", before);
        if (before.Number("terminationGracePeriodSeconds") < 0 && changed.Number("terminationGracePeriodSeconds") == 1)
        {
            changed.CarryOver("terminationGracePeriodSeconds", before);
        }

        // What no scheduler has looked at yet may still be narrowed.
        if (before["schedulingGates"] is JsonArray { Count: > 0 })
        {
            NodeSelector(changed, before, errors.At("nodeSelector"));
            NodeAffinity(changed, before, errors.At("affinity").At("nodeAffinity"));
        }
    }

    private static void NodeAffinity(JsonObject changed, JsonObject before, FieldErrors errors)
    {
        var (now, old) = (changed.Object("affinity").Object("nodeAffinity"), before.Object("affinity").Object("nodeAffinity"));
        if (JsonNode.DeepEquals(now, old))
        {
            return;
        }

        NodeAffinityUpdateRules.Check(now, old, errors);
        var affinity = changed.Ensure("affinity");
        affinity.CarryOver("nodeAffinity", before.Object("affinity"));
        if (affinity.Count == 0 && before["affinity"] is null)
        {
            changed.Remove("affinity");
        }
    }

    private static void NodeSelector(JsonObject changed, JsonObject before, FieldErrors errors)
    {
        foreach (var (key, value) in before.Object("nodeSelector") ?? [])
        {
            if (!JsonNode.DeepEquals(changed.Object("nodeSelector")?[key], value))
            {
                errors.Invalid(changed["nodeSelector"], "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
                break;
            }
        }

        changed.CarryOver("nodeSelector", before);
    }

    private static JsonObject Json(V1PodSpec spec) => JsonNode.Parse(KubernetesJson.Serialize(spec))!.AsObject();
}
