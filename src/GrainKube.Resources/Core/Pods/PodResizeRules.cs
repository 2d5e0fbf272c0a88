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

        if (current.Resources is not null && next.Resources is null)
        {
            errors.At("resources").Forbidden("pod-level resources cannot be removed");
        }
        else
        {
            Amounts(next.Resources, current.Resources, errors, errors.At("resources"), "pod-level resource");
        }

        for (var i = 0; i < (next.Containers?.Count ?? 0); i++)
        {
            Amounts(next.Containers![i].Resources, current.Containers![i].Resources, errors, errors.At("containers").At(i).At("resources"), "resource");
        }

        for (var i = 0; i < (next.InitContainers?.Count ?? 0); i++)
        {
            var (container, before) = (next.InitContainers![i], current.InitContainers![i]);
            if (container.RestartPolicy == "Always")
            {
                Amounts(container.Resources, before.Resources, errors, errors.At("initContainers").At(i).At("resources"), "resource");
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

    private static void Amounts(V1ResourceRequirements? next, V1ResourceRequirements? current, FieldErrors spec, FieldErrors errors, string what)
    {
        if (IsLess(next?.Requests, current?.Requests))
        {
            errors.At("requests").Forbidden($"{what} requests cannot be removed");
        }

        if (IsLess(next?.Limits, current?.Limits))
        {
            errors.At("limits").Forbidden($"{what} limits cannot be removed");
        }

        if (!SameBesides(next?.Requests, current?.Requests) || !SameBesides(next?.Limits, current?.Limits))
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
