using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using k8s;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>What <c>pods/resize</c> may change: amounts of cpu and memory, within the pod's quality of service.</summary>
internal static class PodResizeRules
{
    public static void Check(V1Pod pod, V1Pod before, FieldErrors errors)
    {
        if (before.Status?.ContainerStatuses?.FirstOrDefault(s => s.State?.Running is not null) is { Resources: null })
        {
            errors.Forbidden("Pod running on node without support for resize");
        }

        Check(pod.Spec ?? new V1PodSpec(), before.Spec ?? new V1PodSpec(), errors);
    }

    private static void Check(V1PodSpec next, V1PodSpec current, FieldErrors errors)
    {
        var ordered = SameNames(next.Containers, current.Containers, errors, "containers")
            & SameNames(next.InitContainers, current.InitContainers, errors, "initContainers");
        if (!ordered)
        {
            return;
        }

        var qos = QualityOfService.Of(Json(next));
        if (qos != QualityOfService.Of(Json(current)))
        {
            errors.Invalid(qos, "Pod QOS Class may not change as a result of resizing");
        }

        for (var i = 0; i < (next.Containers?.Count ?? 0); i++)
        {
            Container(next.Containers![i], current.Containers![i], errors, errors.At("containers").At(i).At("resources"));
        }

        for (var i = 0; i < (next.InitContainers?.Count ?? 0); i++)
        {
            var (container, before) = (next.InitContainers![i], current.InitContainers![i]);
            if (container.RestartPolicy == "Always")
            {
                Container(container, before, errors, errors.At("initContainers").At(i).At("resources"));
            }
            else if (!ModelEquality.AreSame(container.Resources, before.Resources))
            {
                errors.Forbidden("resources for non-sidecar init containers are immutable");
            }
        }
    }

    private static bool SameNames(IList<V1Container>? next, IList<V1Container>? current, FieldErrors errors, string list)
    {
        if ((next?.Count ?? 0) != (current?.Count ?? 0))
        {
            errors.At(list).Forbidden($"{list} may not be added or removed on resize");
            return false;
        }

        var moved = Enumerable.Range(0, next?.Count ?? 0).Where(i => next![i].Name != current![i].Name).ToList();
        moved.ForEach(i => errors.At(list).At(i).At("name").Forbidden($"{list} may not be renamed or reordered on resize"));
        return moved.Count == 0;
    }

    private static void Container(V1Container next, V1Container current, FieldErrors spec, FieldErrors errors)
    {
        if (IsLess(next.Resources?.Requests, current.Resources?.Requests))
        {
            errors.At("requests").Forbidden("resource requests cannot be removed");
        }

        if (IsLess(next.Resources?.Limits, current.Resources?.Limits))
        {
            errors.At("limits").Forbidden("resource limits cannot be removed");
        }

        if (!SameBesides(next.Resources?.Requests, current.Resources?.Requests) || !SameBesides(next.Resources?.Limits, current.Resources?.Limits))
        {
            spec.Forbidden("only cpu and memory resources are mutable");
        }
    }

    private static bool IsLess(IDictionary<string, ResourceQuantity>? next, IDictionary<string, ResourceQuantity>? current) =>
        current?.Keys.Any(name => next?.ContainsKey(name) != true) == true;

    private static bool SameBesides(IDictionary<string, ResourceQuantity>? next, IDictionary<string, ResourceQuantity>? current) =>
        (next ?? new Dictionary<string, ResourceQuantity>()).Where(p => p.Key is not ("cpu" or "memory")).All(p =>
            current?.TryGetValue(p.Key, out var before) == true && before.ToQuantity() == p.Value.ToQuantity());

    private static JsonObject Json(V1PodSpec spec) => JsonNode.Parse(KubernetesJson.Serialize(spec))!.AsObject();
}
